import type { Clock } from '@sluice/core/clock';
import type { Log } from '@sluice/core/log';
import type { Change } from '@sluice/gitops/change';
import type { Repository } from '@sluice/gitops/git/repository';
import type { Expectation, FolderContent, Settings, Verdict } from '../decide/types.ts';
import type { Application } from '../observation.ts';
import { applicationUrl } from '../page/links.ts';
import { nameAmong } from '../page/names.ts';
import { idOf, ofEachApplication } from '../page/worst.ts';
import type { Selected } from '../select/select.ts';
import { createProgress, type Progress } from './progress.ts';
import type { SyncHow } from './sync.ts';
import { watchApplication } from './watch-application.ts';

/** How to watch; the same for every application. Times in milliseconds. */
export interface Watch {
  readonly settings: Settings;
  readonly mode: 'wait' | 'once';
  readonly timeoutMs: number;
  readonly startedAt: number;
  readonly sync: SyncHow;
  /** Whether one more may be asked for what its objects say: each costs some requests. */
  readonly mayExplain?: () => boolean;
  /** The application as it was before the commit, where somebody looked; undefined where nothing was left to commit. */
  readonly before?: (selected: Selected) => Promise<Application | undefined>;
  /** Ends it where something else has shown that there is nothing to wait for. */
  readonly over?: () => Verdict | undefined;
}

export interface WaitRequest {
  readonly repository: Repository;
  readonly clock: Clock;
  readonly log: Log;
  readonly selected: readonly Selected[];
  readonly expected: ({ readonly change: Change } | { readonly revision: string }) & {
    readonly folder?: FolderContent;
  };
  readonly settings: Settings;
  readonly mode: Watch['mode'];
  readonly timeoutMs: number;
  readonly sync: Watch['sync'];
  /** Ends the wait where something else has shown that there is nothing to wait for. */
  readonly over?: Watch['over'];
  /** From `lookBefore`; an empty map where nothing was left to commit; absent where nobody could look before the commit. */
  readonly before?: ReadonlyMap<string, Application>;
}

/** The verdict of one application, and what it was of. */
export interface ApplicationVerdict {
  readonly selected: Selected;
  readonly verdict: Verdict;
  /** `refresh 2 s, sync 6 s, rollout 25 s`. */
  readonly waited: string;
  /** The name of the application that deploys this one, where that led here. */
  readonly of?: string;
}

/** A verdict, with what was said on the way to it. */
export interface Watched extends ApplicationVerdict {
  readonly progress: Progress;
  /** A version that the change has set stands in its spec, and nothing of that image is rendered. */
  readonly stray?: boolean;
}

export function tell(watched: Watched): void {
  const { verdict, progress } = watched;
  progress.says(`${verdict.verdict}: ${verdict.sentence}`);
  if (verdict.verdict === 'live') return;
  for (const words of unsaid(verdict)) progress.says(`  ${words}`);
  progress.says(`  see ${applicationUrl(watched)}`);
}

/** Waits until every application has a verdict; each is watched by itself. */
export async function waitForChange(request: WaitRequest): Promise<readonly ApplicationVerdict[]> {
  const { clock, log, selected, before, settings, mode, timeoutMs, sync, over } = request;
  const startedAt = clock.now();
  for (const path of unreadPaths(request)) {
    log.warning(`None of these applications reads ${path}: nothing is said about what was changed there.`);
  }
  warnOfMisfits(request);
  const watch: Watch = {
    ...{ settings, mode, timeoutMs, sync, startedAt },
    mayExplain: atMost(mostExplained),
    ...(over !== undefined && { over }),
    ...(before !== undefined && { before: async (one) => before.get(idOf(one)) }),
  };
  const families = await Promise.all(
    selected.map(async (one) => {
      const progress = createProgress(nameOf(one, selected), startedAt, clock, log);
      const { repository } = request;
      const expectation = expectationOf(request.expected, one);
      const verdict = await watchApplication(
        { argocd: one.argocd, repository, clock, selected: one, expectation },
        watch,
        progress,
      );
      const waited = progress.durations();
      const parent: Watched = { selected: one, verdict, waited, progress };
      if (verdict.generates === undefined || 'revision' in request.expected) {
        tell(parent);
        return [parent];
      }
      const { withChildren } = await import('./children.ts');
      return withChildren(parent, { repository, clock, log, watch, change: request.expected.change });
    }),
  );
  const all = families.flat();
  // While they were waited for, their lines came as it happened, each with its name.
  if (all.length > 1) {
    for (const { selected: one, verdict, progress } of all.filter((each) => each.verdict.verdict !== 'live'))
      log.group?.(`${nameOf(one, selected)}: ${verdict.verdict}`, progress.history());
  }
  return ofEachApplication(all);
}

/** What the sentence does not hold already. */
const unsaid = ({ sentence, messages }: Verdict): readonly string[] =>
  messages.filter((words) => !sentence.includes(words.replace(/\.$/, '')));

/** Where more than these are not live, the same is wrong with most of them. */
const mostExplained = 10;

function atMost(times: number): () => boolean {
  let left = times;
  return () => left-- > 0;
}

/** `payments`, or `payments source 2` where several of its sources are watched. */
function nameOf(of: Selected, selected: readonly Selected[]): string {
  const name = nameAmong(of, selected);
  const several = selected.filter((one) => idOf(one) === idOf(of)).length > 1;
  return several ? `${name} source ${of.sourceIndex + 1}` : name;
}

/** Inputs that do not fit each other. Such times are no mistake in a test; anyone else waits for nothing. */
function warnOfMisfits({ mode, timeoutMs, settings, log }: WaitRequest): void {
  if (mode === 'once') {
    if (settings.sync !== 'never')
      log.warning(`\`mode: once\` looks and does not sync: \`sync: ${settings.sync}\` does nothing here.`);
    return;
  }
  if (settings.settleMs >= timeoutMs)
    log.warning('`settle` is not shorter than `timeout`: a rollout that begins now cannot be live in time.');
  if (settings.degradedGraceMs >= timeoutMs)
    log.info('`degraded-grace` is not shorter than `timeout`: what is Degraded ends as timed-out.');
}

/** Files of the change that no selected application reads: of another server, or of nobody. */
function unreadPaths({ expected, selected }: WaitRequest): readonly string[] {
  if ('revision' in expected) return [];
  const paths = expected.change.files.map(({ path }) => path);
  return paths.filter((path) => !selected.some((one) => one.paths.includes(path)));
}

/** The applications as they are now; taken before a commit, it tells what was broken before. */
export async function lookBefore(selected: readonly Selected[]): Promise<ReadonlyMap<string, Application>> {
  const answers = selected.map(async (one): Promise<[string, Application]> => {
    const { application } = await one.argocd.get(one.application);
    return [idOf(one), application];
  });
  return new Map(await Promise.all(answers));
}

function expectationOf(expected: WaitRequest['expected'], { paths }: Selected): Expectation {
  const folder = expected.folder === undefined ? {} : { folder: expected.folder };
  if ('revision' in expected) return { type: 'revision', revision: expected.revision, ...folder };
  const { change } = expected;
  const edits = change.files
    .filter(({ path }) => paths.includes(path))
    .flatMap((file) => file.edits.map((edit) => ({ path: file.path, edit })));
  return { type: 'change', change, edits, ...folder };
}
