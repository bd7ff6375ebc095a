import type { ObjectEvent, TreeNode } from '../api/tree.ts';
import { describeResource, keyOf, type ResourceKey } from '../observation.ts';

/** What keeps an object from working, in Kubernetes' own words. */
export interface Trouble {
  /** `Pod payments/api-7d9-x2x: ImagePullBackOff: Back-off pulling image "…"`. */
  readonly sentence: string;
  /** The more telling first: why containers do not start; why Pods are not made or placed; what else is Degraded; failed probes. */
  readonly rank: number;
  readonly at: number;
}

/** A page is to be read in ten seconds, and a summary of one sentence. */
const MOST_TROUBLES = 5;
const LONGEST_WORDS = 300;
/** Each is a request. */
const MOST_ASKED = 4;
/** Events stay for an hour; what is older than this was of the time before. */
const RECENT = 15 * 60_000;

/** `ImagePullBackOff`, `ErrImagePull`, `CreateContainerConfigError`, `Init:CrashLoopBackOff`, `Init:ExitCode:1`, `OOMKilled`, … */
const BROKEN =
  /(^|:)(Err\w*|\w*BackOff|\w*Error|OOMKilled|Evicted|InvalidImageName|ErrImageNeverPull|DeadlineExceeded|ContainerCannotRun|ExitCode:\d+|Signal:\d+|NodeLost|NodeAffinity|OutOf\w+|UnexpectedAdmissionError)$/;

/** What is not well among these objects and all that they own. */
export function notWell(nodes: readonly TreeNode[], objects: readonly ResourceKey[] | undefined): TreeNode[] {
  const wanted = objects && new Set(objects.map(keyOf));
  const inScope = new Set<string>();
  const isIn = (node: TreeNode): boolean =>
    wanted === undefined || wanted.has(keyOf(node)) || node.parents.some((uid) => inScope.has(uid));
  // A tree has few levels and no order; each round reaches one further.
  for (let before = -1; before < inScope.size; ) {
    before = inScope.size;
    for (const node of nodes) if (isIn(node)) inScope.add(node.uid);
  }
  return nodes.filter(
    (node) => inScope.has(node.uid) && node.health !== undefined && node.health !== 'Healthy',
  );
}

/** What the tree itself tells. */
export function treeTroubles(unwell: readonly TreeNode[], nodes: readonly TreeNode[]): readonly Trouble[] {
  const pods = unwell.filter(isPod).filter((pod) => BROKEN.test(reasonOf(pod)) || pod.health === 'Degraded');
  const groups = Map.groupBy(pods, (pod) => [ownerOf(pod, nodes)?.uid, wordsOfPod(pod)].join(' '));
  const ofPods = [...groups.values()].flatMap((group): Trouble[] => {
    const [newest] = group.toSorted(newestFirst);
    if (newest === undefined) return [];
    const owner = ownerOf(newest, nodes);
    const who =
      group.length > 1 && owner !== undefined
        ? `${group.length} Pods of ${describeResource(owner)}`
        : describeResource(newest);
    return [{ sentence: `${who}: ${wordsOfPod(newest)}`, rank: 0, at: newest.createdAt }];
  });
  const others = unwell
    .filter((node) => !isPod(node) && node.health === 'Degraded' && node.message !== undefined)
    .map((node) => ({
      sentence: `${describeResource(node)}: ${plain(node.message ?? '')}`,
      rank: node.parents.length > 0 ? 1 : 2,
      at: node.createdAt,
    }));
  return [...ofPods, ...others];
}

/** The objects whose events may tell more: the newest Pod of each owner, and what makes no Pods. */
export function worthAsking(unwell: readonly TreeNode[], nodes: readonly TreeNode[]): readonly TreeNode[] {
  const pods = Map.groupBy(unwell.filter(isPod), (pod) => pod.parents.join(' '));
  const newest = [...pods.values()].flatMap((group) => group.toSorted(newestFirst).slice(0, 1));
  const childless = unwell.filter(
    (node) => !isPod(node) && !nodes.some(({ parents }) => parents.includes(node.uid)),
  );
  return [...newest.toSorted(newestFirst), ...childless.toSorted(newestFirst)].slice(0, MOST_ASKED);
}

/** What the events of one object tell. */
export function eventTroubles(node: TreeNode, events: readonly ObjectEvent[]): readonly Trouble[] {
  const warnings = events.filter(({ type, message }) => type === 'Warning' && message !== '');
  const newest = Math.max(...warnings.map(({ lastAt }) => lastAt));
  return (
    warnings
      .filter(({ lastAt }) => lastAt >= newest - RECENT)
      // The Pod's own state says that already.
      .filter(({ reason, message }) => reason !== 'BackOff' && !/^Error: \w+$/.test(message))
      .map(({ reason, message, count, lastAt }) => {
        const times = count > 1 ? ` (${count} times)` : '';
        return {
          sentence: `${describeResource(node)}: ${reason}: ${plain(message)}${times}`,
          rank: reason === 'Unhealthy' ? 3 : 1,
          at: lastAt,
        };
      })
  );
}

/** The few that matter, each once, of the same rank the newest first. Nothing that `known` says already. */
export function mostTelling(troubles: readonly Trouble[], known: string): readonly string[] {
  const said = new Set<string>();
  return troubles
    .toSorted((a, b) => a.rank - b.rank || b.at - a.at)
    .filter(({ sentence }) => {
      const words = sentence.slice(sentence.indexOf(': ') + 2).replace(/ \(\d+ times\)$/, '');
      // The Pod's own state ends with why an image could not be pulled, from Kubernetes 1.31 on.
      const core = words.replace(/^Failed: Failed to pull image "[^"]*": /, '');
      const isNew = ![known, ...said].some((one) => one.includes(core));
      said.add(words);
      return isNew;
    })
    .slice(0, MOST_TROUBLES)
    .map(({ sentence }) => sentence);
}

const isPod = ({ group, kind }: TreeNode): boolean => group === '' && kind === 'Pod';
const newestFirst = (a: TreeNode, b: TreeNode): number => b.createdAt - a.createdAt;
const reasonOf = ({ info }: TreeNode): string => info['Status Reason'] ?? '';

/** The object that people know: the last one on the way up. */
function ownerOf(node: TreeNode, nodes: readonly TreeNode[]): TreeNode | undefined {
  let here: TreeNode | undefined;
  for (let [uid] = node.parents, steps = 0; uid !== undefined && steps < 5; steps++) {
    const parent = nodes.find((one) => one.uid === uid);
    if (parent === undefined) break;
    here = parent;
    [uid] = parent.parents;
  }
  return here;
}

function wordsOfPod(pod: TreeNode): string {
  const restarts = Number(pod.info['Restart Count'] ?? 0);
  const again = restarts > 0 ? `restarted ${restarts} time${restarts === 1 ? '' : 's'}` : '';
  const message = plain(pod.message ?? '');
  const reason = reasonOf(pod);
  const words = [reason, message].filter((part) => part !== '' && part !== 'Running').join(': ');
  return [words || 'not ready', again].filter((part) => part !== '').join(', ');
}

/** One line, without what is different for each Pod: its name, its id, the time of the next attempt. */
function plain(message: string): string {
  const line = message
    .replace(/\s+/g, ' ')
    .replace(/rpc error: code = \w+ desc = /g, '')
    // containerd names the image at each of its steps.
    .replace(/(ErrImagePull|failed to (pull and unpack image|resolve reference) "[^"]*"): /g, '')
    .replace(/"([^"]+)": \1: /, '"$1": ')
    .replace(/ (in )?pod[ =]\S+\([0-9a-f-]{8,}\)/g, '')
    .replace(/^back-off \S+ restarting/, 'back-off restarting')
    .trim()
    .replace(/\.$/, '');
  return line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}…` : line;
}
