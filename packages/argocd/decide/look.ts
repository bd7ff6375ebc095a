import type { Generated } from '../children/types.ts';
import {
  type Application,
  keyOf,
  type OperationState,
  type ResourceKey,
  type Source,
} from '../observation.ts';
import { isArtifact, isArtifactRevision } from '../select/artifact.ts';
import { sameSource } from './same-source.ts';
import type { ClauseName, Look, Reason, ResourcesEvidence, Unavailable, Verdict, Wait } from './types.ts';

/**
 * The server's clock at the observation: time that passes without one proves nothing. `Date` has whole seconds, so this runs up to
 * one second late, and durations seem shorter, never longer.
 */
export const serverNow = ({ observed, baseline }: Look): number =>
  observed.takenAt - baseline.localTime + baseline.serverTime;

export const isUnavailable = (part: object | undefined): part is Unavailable =>
  part !== undefined && 'unavailable' in part;

const revisionAt = (revisions: readonly string[], { application, sourceIndex }: Look): string | undefined =>
  revisions[application.multiSource ? sourceIndex : 0] || undefined;

/** The revision that Argo CD compared with, as it shows it: what operations are held against. */
export const comparedRevision = (look: Look): string | undefined =>
  revisionAt(look.application.sync.revisions, look);

/** The commit whose content counts; for hydrated sources the dry one, or the rendered one that notes which that is. */
export function contentRevision(look: Look): string | undefined {
  const compared = comparedRevision(look);
  const { hydrated } = look.application;
  if (hydrated === undefined) return compared;
  return compared !== undefined && compared === hydrated.rendered ? hydrated.dry : compared;
}

/**
 * Where an operation applied what. Where the change stands in the Application's own spec, the same commit with another spec is
 * something else, so an operation with an older spec has none.
 */
export function operationRevision(state: OperationState, look: Look): string | undefined {
  const { applied } = state;
  const older =
    generatedOf(look) !== undefined && applied !== undefined && !sameSource(look.application.wanted, applied);
  return older ? undefined : revisionAt(state.revisions, look);
}

/** Set where the change stands in the Application's own spec. */
export const generatedOf = ({ expectation }: Pick<Look, 'expectation'>): Generated | undefined =>
  expectation.type === 'change' ? expectation.generated : undefined;

/**
 * Whether an operation was of what is compared now, in every source. A source of values alone may be shown by the name of its branch,
 * which says nothing.
 */
export function isOfCompared(state: OperationState, look: Look): boolean {
  const { application, sourceIndex } = look;
  const { revisions } = application.sync;
  const compared = comparedRevision(look);
  if (compared === undefined || operationRevision(state, look) !== compared) return false;
  return (
    !application.multiSource ||
    revisions.every((revision, index) => {
      const isName = application.sources[index]?.ref !== undefined && !isCommit(revision);
      return (isName && index !== sourceIndex) || state.revisions[index] === revision;
    })
  );
}

/** The last operation, unless it was a dry run: that one overwrites the state of the operation before it and proves nothing. */
export function realOperation({ operationState }: Application): OperationState | undefined {
  return operationState?.operation.dryRun === true ? undefined : operationState;
}

export const isRunning = ({ operation, operationState }: Application): boolean =>
  operation !== undefined || operationState?.phase === 'Running' || operationState?.phase === 'Terminating';

/** `managed-resources`, where they belong to what is observed now. */
export function currentResources({ evidence, application }: Look): ResourcesEvidence | undefined {
  const { resources } = evidence;
  if (resources === undefined || isUnavailable(resources)) return undefined;
  const same =
    resources.reconciledAt === application.reconciledAt &&
    application.sync.revisions.includes(resources.revision);
  return same ? resources : undefined;
}

/** Rendered manifests may lack the namespace that Argo CD puts them into, and objects of the cluster have none. */
export const isSameObject = (a: ResourceKey, b: ResourceKey): boolean =>
  a.group === b.group &&
  a.kind === b.kind &&
  a.name === b.name &&
  (a.namespace === b.namespace || a.namespace === '' || b.namespace === '');

/** A hook with a `generateName` gets a new name each time. */
export const isHookOf = (one: ResourceKey, key: ResourceKey): boolean =>
  keyOf(one) === keyOf(key) ||
  (one.group === key.group &&
    one.kind === key.kind &&
    key.name.endsWith('-') &&
    one.name.startsWith(key.name));

export const wait = (clause: ClauseName, why: string, until?: number): Wait => ({
  type: 'wait',
  clause,
  why,
  ...(until !== undefined && { until }),
});

export const cannotAsk = (clause: ClauseName, { unavailable }: Unavailable): Wait => ({
  type: 'wait',
  clause,
  why: unavailable,
  unavailable: true,
});

/** A verdict about what is observed now. */
export function verdict(
  look: Look,
  found: Pick<Verdict, 'verdict' | 'sentence'> & { readonly reason: Reason } & Partial<Verdict>,
): Verdict {
  const revision = comparedRevision(look);
  return {
    type: 'verdict',
    messages: [],
    missing: [],
    proof: [],
    ...(revision !== undefined && { revision }),
    ...found,
  };
}

/** Argo CD shows the name of a branch where it has not resolved one: what that meant when it compared, nobody knows. */
export const isCommit = (revision: string): boolean => /^[0-9a-f]{40,64}$/.test(revision);

/** The source that the change stands in, or that an expected revision is of. */
export const sourceOf = ({ application, sourceIndex }: Look): Source | undefined =>
  application.sources[application.multiSource ? sourceIndex : 0];

/** A commit; of what is no Git repository a digest or version. */
export const isExact = (revision: string, look: Look): boolean => {
  const source = sourceOf(look);
  return isCommit(revision) || (source !== undefined && isArtifact(source) && isArtifactRevision(revision));
};

/** Twelve characters tell commits apart in any repository; branch names stay whole. */
export const short = (revision: string): string => (isCommit(revision) ? revision.slice(0, 7) : revision);
