import type { ArgoCD } from '../api/port.ts';
import { lookOf } from '../decide/ending.ts';
import { scopeOf } from '../decide/scope.ts';
import type { ClauseName, DecisionInput, Look, Reason, Verdict } from '../decide/types.ts';
import type { Sources } from '../evidence/evidence.ts';
import type { ResourceKey } from '../observation.ts';
import { eventTroubles, mostTelling, notWell, type Trouble, treeTroubles, worthAsking } from './troubles.ts';

/** Reasons of which the cluster may know more than Argo CD's status says. */
const WORTH: ReadonlySet<Reason> = new Set([
  'degraded',
  'rollout-aborted',
  'operation-failed',
  'sync-error',
  'timed-out',
  'not-yet',
]);
const OF_CLUSTER: ReadonlySet<ClauseName> = new Set(['operation', 'healthy', 'running']);

/** For all of it together: whoever waits for the verdict has it already. */
const LONGEST_ASKING = 5000;

/**
 * The same verdict with what the objects themselves say: the most telling joins the sentence, the others the messages. Best effort:
 * where something cannot be read (no permission, server away) the verdict stays as it is.
 */
export async function withTroubles(
  verdict: Verdict,
  input: DecisionInput,
  sources: Sources,
): Promise<Verdict> {
  const look = lookOf(input);
  if (look === undefined || !isWorth(verdict)) return verdict;
  try {
    const { clock, selected } = sources;
    const argocd = selected.argocd.within(clock.now() + LONGEST_ASKING);
    const troubles = await askTroubles(argocd, look, sources);
    const known = [verdict.sentence, ...verdict.messages].join('\n');
    const [first, ...others] = mostTelling(troubles, known);
    if (first === undefined) return verdict;
    const sentence = `${verdict.sentence.replace(/\.$/, '')}. ${first}.`;
    return { ...verdict, sentence, messages: [...verdict.messages, ...others.map((one) => `${one}.`)] };
  } catch {
    return verdict;
  }
}

const isWorth = ({ reason, missing }: Verdict): boolean =>
  WORTH.has(reason) && missing.some((clause) => OF_CLUSTER.has(clause));

async function askTroubles(argocd: ArgoCD, look: Look, { selected }: Sources): Promise<readonly Trouble[]> {
  const nodes = await argocd.tree(selected.application);
  const unwell = notWell(nodes, objectsOf(look));
  const asked = worthAsking(unwell, nodes).map(async (node) => {
    const events = await argocd.events(selected.application, node).catch(() => []);
    return eventTroubles(node, events);
  });
  return [...treeTroubles(unwell, nodes), ...(await Promise.all(asked)).flat()];
}

/** What is in scope, and the hooks that failed; undefined: all of the application. */
function objectsOf(look: Look): readonly ResourceKey[] | undefined {
  const scope = scopeOf(look);
  const failed = look.application.operationState?.resources.filter(
    ({ hookPhase }) => hookPhase === 'Failed' || hookPhase === 'Error',
  );
  return scope && [...scope, ...(failed ?? [])];
}
