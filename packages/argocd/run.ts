import type { Log } from '@sluice/core/log';
import type { World } from '@sluice/core/run';
import type { Change } from '@sluice/gitops/change';
import type { Repository } from '@sluice/gitops/git/repository';
import type { LoginInputs } from '@sluice/gitops/inputs';
import type { Settings } from './decide/types.ts';
import { openGitOps } from './gitops-repository.ts';
import { type ArgoCDLogin, type ExpectationInputs, idleSyncInputs, type WatchInputs } from './inputs.ts';
import { type Connected, connectServers, patiently } from './login/login.ts';
import { noApplication, type Telling, type WaitOutcome, waitOutcome } from './page/outcome.ts';
import { outcomeOfSeveral } from './page/outcome-of-several.ts';
import { idOf } from './page/worst.ts';
import { openForRevision } from './revision-repository.ts';
import { choiceOf } from './select/choice.ts';
import { type Late, untilThere } from './select/late.ts';
import { type Selection, selectApplications } from './select/select.ts';
import type { WaitRequest } from './watch/wait.ts';

/** Argo CD's server and its controller are rarely in the same pod; NTP keeps their clocks far closer than this. */
const skewMs = 2000;

export type WaitInputs = ArgoCDLogin &
  WatchInputs &
  ExpectationInputs &
  LoginInputs & { readonly 'dry-run': boolean };

/** argo-sync-wait: finds the applications, waits until the change is live in each, says what was found. */
export async function runArgoSyncWait(inputs: WaitInputs, world: World): Promise<WaitOutcome> {
  const startedAt = world.clock.now();
  const servers = await connectServers(inputs, world);
  for (const warning of idleSyncInputs(inputs)) world.log.warning(warning);
  const asked = servers.map((one) => patiently(one, { ...world, timeoutMs: inputs.timeout }));
  const waiting = { inputs, world, startedAt };
  return inputs.change === undefined
    ? waitForRevision(waiting, asked)
    : waitForChanges(waiting, asked, inputs.change);
}

async function waitForChanges(
  waiting: Waiting,
  servers: readonly Connected[],
  changes: readonly Change[],
): Promise<WaitOutcome> {
  const { inputs, world } = waiting;
  await using opened = new AsyncDisposableStack();
  const repositories: (readonly [Change, Repository])[] = [];
  for (const change of changes)
    repositories.push([change, opened.use(await openGitOps(change.repository, inputs, world))]);
  const select = async (): Promise<readonly Waited[]> => {
    const parts: Waited[] = [];
    for (const [change, repository] of repositories) {
      const choice = choiceOf(inputs, inputs);
      const question = { servers, choice, change, repository, commit: change.commit };
      parts.push({ repository, expected: { change }, selection: await selectApplications(question) });
    }
    return parts;
  };
  const parts = await untilThere(select, (found) => lacking(inputs, found), late(waiting));
  return await waitSelected(waiting, parts);
}

async function waitForRevision(waiting: Waiting, servers: readonly Connected[]): Promise<WaitOutcome> {
  const { inputs, world } = waiting;
  const { revision } = inputs;
  const select = () => selectApplications({ servers, choice: choiceOf(inputs, inputs), revision });
  const selection = await untilThere(
    select,
    (found) => shortage([found], inputs.expect)?.summary,
    late(waiting),
  );
  if (selection.selected.length === 0) return noApplication(selection);
  await using repository = await openForRevision(revision, selection.selected, inputs, world);
  return await waitSelected(waiting, [{ repository, expected: { revision }, selection }]);
}

const lacking = ({ expect }: WaitInputs, parts: readonly Waited[]): string | undefined =>
  shortage(
    parts.map(({ selection }) => selection),
    expect,
  )?.summary;

/** A single look takes what is there. */
function late({ inputs, world, startedAt }: Waiting): Late {
  const until = inputs.mode === 'once' ? startedAt : startedAt + inputs.timeout;
  return { ...world, until, expect: inputs.expect };
}

interface Waiting {
  readonly inputs: WaitInputs;
  readonly world: World;
  readonly startedAt: number;
}

/** What is waited for in one repository. */
interface Waited {
  readonly repository: Repository;
  readonly expected: WaitRequest['expected'];
  readonly selection: Selection;
}

async function waitSelected(waiting: Waiting, parts: readonly Waited[]): Promise<WaitOutcome> {
  const { inputs, world, startedAt } = waiting;
  const selections = parts.map(({ selection }) => selection);
  const short = shortage(selections, inputs.expect);
  if (short !== undefined) return short;
  tellOf(selections, world.log);
  // Late: a third of the code, and none of it is needed where there is nothing to wait for.
  const { waitForChange } = await import('./watch/wait.ts');
  const outcomes = parts.map(async ({ repository, expected, selection }) => {
    const applications = await waitForChange({
      ...{ repository, expected, selected: selection.selected, clock: world.clock, log: world.log },
      ...watchOptions(inputs, world),
      timeoutMs: Math.max(startedAt + inputs.timeout - world.clock.now(), 0),
      mode: inputs.mode,
    });
    const took = world.clock.now() - startedAt;
    return waitOutcome({
      expected,
      applications,
      unread: selection.unread,
      took,
      gitHub: world.context.serverUrl,
    });
  });
  return outcomeOfSeveral(await Promise.all(outcomes));
}

/** Says how applications were chosen, each line once. */
export function tellOf(selections: readonly Selection[], log: Log): void {
  for (const warning of new Set(selections.flatMap(({ warnings }) => warnings))) log.warning(warning);
  for (const note of new Set(selections.flatMap(({ notes }) => notes))) log.info(note);
}

/**
 * The outcome where there are fewer applications than expected, of all repositories together, or none for one of them;
 * undefined where there are enough.
 */
export function shortage(
  selections: readonly Selection[],
  expect: number,
  telling?: Telling,
): WaitOutcome | undefined {
  const lacking = selections.find(
    ({ selected, missing, silent }) => selected.length === 0 || missing.length > 0 || silent.length > 0,
  );
  if (lacking !== undefined) return noApplication(lacking, telling);
  // One with two touched sources is one.
  const found = new Map(
    selections.flatMap(({ selected }) => selected.map((one) => [idOf(one), one.application.name] as const)),
  );
  if (found.size >= expect) return undefined;
  const names = [...found.values()].join(', ');
  const few = {
    sentence: `Found ${found.size} of the ${expect} applications that \`expect\` asks for: ${names}.`,
    hint: 'Check that the others read the changed files, and that the token may `get` them; or correct `expect`.',
    reason: 'too-few-applications',
  } as const;
  return noApplication(few, telling);
}

/** What of `waitForChange` comes from the inputs alone. */
export function watchOptions(inputs: WatchInputs & { readonly 'dry-run': boolean }, { context }: World) {
  const settings: Settings = {
    scope: inputs.scope,
    until: inputs.until,
    sync: inputs['dry-run'] ? 'never' : inputs.sync,
    settleMs: inputs.settle,
    degradedGraceMs: inputs['degraded-grace'],
    skewMs,
    prune: inputs.prune,
    syncResources: inputs['sync-resources'],
    registryAliases: inputs['registry-aliases'],
  };
  const value = `${context.repository}/${context.runId}/${context.runAttempt}`;
  return {
    settings,
    timeoutMs: inputs.timeout,
    sync: {
      prune: inputs.prune,
      options: inputs['sync-options'],
      marker: { name: 'sluice-run', value },
    },
  };
}
