import type { Change } from '../change.ts';

/** What names a deployment and the run that made it: the part of a change that is known before its commit. */
export type DeploymentKey = Pick<Change, 'project' | 'environment' | 'tenant' | 'run'>;

export interface Trailers extends DeploymentKey {
  /** `sha256:…` of the plan that the commit carries out. */
  readonly digest?: string;
}

const NAMES = {
  project: 'Sluice-Project',
  environment: 'Sluice-Environment',
  tenant: 'Sluice-Tenant',
  run: 'Sluice-Run',
  digest: 'Sluice-Change',
} as const satisfies Record<keyof Trailers, string>;

const FIELDS = ['project', 'environment', 'tenant', 'run', 'digest'] as const;

/** The trailers of a commit message (git-interpret-trailers), one per line; '' where nothing is known. */
function formatTrailers(trailers: Trailers): string {
  return FIELDS.flatMap((field) => {
    const value = trailers[field];
    return value === undefined ? [] : [`${NAMES[field]}: ${value}`];
  }).join('\n');
}

const OURS = new RegExp(`^(?=(?:${Object.values(NAMES).join('|')}):)`, 'gm');
/** Whether a line of text would pass for one of our trailers. */
export function speaksForUs(line: string): boolean {
  return line.search(OURS) >= 0;
}

/** A last paragraph of trailers, `Signed-off-by: …`: Git reads no other paragraph for them. */
const ENDS_WITH_TRAILERS = /(?:^|\n\n)(?:[A-Za-z0-9-]+: [^\n]*(?:\n|$))+$/;

/**
 * A message's body with our trailers as its last paragraph, in one with trailers that stand there already. A line of the text
 * itself that would pass for one of ours is indented: whoever wrote it does not speak for the deployment.
 */
export function withTrailers(body: string, trailers: Trailers): string {
  const text = body.replace(OURS, ' ');
  const tail = formatTrailers(trailers);
  if (text === '' || tail === '') return text + tail;
  return `${text}${ENDS_WITH_TRAILERS.test(text) ? '\n' : '\n\n'}${tail}`;
}

/** Consecutive lines of ours: the trailers of one commit. */
const BLOCK = new RegExp(`^(?:(?:${Object.values(NAMES).join('|')}):[^\\n]*(?:\\n|$))+`, 'gm');

/**
 * Reads our trailers from a commit message. They are looked for in the whole of it: a squash merge puts the messages of
 * the pull request's commits into its body, and text of its own below. Those of the last commit count, and no others beside them.
 */
export function parseTrailers(message: string): Trailers {
  const last = message.match(BLOCK)?.at(-1) ?? '';
  const found: { -readonly [K in keyof Trailers]: Trailers[K] } = {};
  for (const field of FIELDS) {
    const lines = [
      ...last.matchAll(new RegExp(`^${NAMES[field]}:[ \\t]*(\\S[^\\r\\n]*?)[ \\t]*\\r?$`, 'gm')),
    ];
    const value = lines.at(-1)?.[1];
    if (value !== undefined) found[field] = value;
  }
  return found;
}

/**
 * Was a commit of this message made for the same project, environment and tenant by a newer run, and by nobody beside it? GitHub's
 * squash lists what it merges as `* title` and body, each reviewer's commit too: what that did to the change, nothing tells.
 */
export function isOfNewerSameKey(ours: DeploymentKey, message: string): boolean {
  const start = message.search(BLOCK);
  if (start < 0) return false;
  const [, ...later] = message.slice(start).split(/^\* /m);
  return later.every((commit) => commit.search(BLOCK) >= 0) && isNewerSameKey(ours, parseTrailers(message));
}

/**
 * Are these trailers of the same project, environment and tenant, and of a newer run? Our own run is none: a squash of our pull request
 * carries our trailers, whatever became of the change in it. The ids of two repositories do not compare: there the later commit is newer.
 */
export function isNewerSameKey(ours: DeploymentKey, theirs: Trailers): boolean {
  const mine = parseRun(ours.run);
  const other = parseRun(theirs.run);
  if (ours.project === undefined || ours.environment === undefined) return false;
  if (mine === undefined || other === undefined) return false;
  const sameKey =
    ours.project === theirs.project &&
    ours.environment === theirs.environment &&
    ours.tenant === theirs.tenant;
  return sameKey && (mine.repository !== other.repository || isOlderRun(mine, other));
}

/** Whether a change was made by an older run than ours; false where runs do not compare. */
export function isOfOlderRun(ours: DeploymentKey, theirs: Trailers): boolean {
  const mine = parseRun(ours.run);
  const other = parseRun(theirs.run);
  return mine !== undefined && other !== undefined && isOlderRun(other, mine);
}

interface Run {
  readonly repository: string;
  readonly id: bigint;
  readonly attempt: bigint;
}

/** Began before ours, in the same repository. */
function isOlderRun(theirs: Run, ours: Run): boolean {
  if (theirs.repository !== ours.repository) return false;
  return theirs.id < ours.id || (theirs.id === ours.id && theirs.attempt < ours.attempt);
}

function parseRun(run: string | undefined): Run | undefined {
  const [, repository, id, attempt] = /^(.+)\/(\d{1,19})\/(\d{1,9})$/.exec(run ?? '') ?? [];
  if (repository === undefined || id === undefined || attempt === undefined) return undefined;
  return { repository, id: BigInt(id), attempt: BigInt(attempt) };
}
