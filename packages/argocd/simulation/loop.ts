import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import { silentLog } from '@sluice/core/log';
import type { CommitInfo, Repository } from '@sluice/gitops/git/repository';
import { createBudget } from '../api/budget.ts';
import { parseManagedResource } from '../api/managed-resource.ts';
import type { Answer, ApplicationName, ArgoCD } from '../api/port.ts';
import { argocdWith } from '../api/test-argocd.ts';
import { parseApplication } from '../observation.ts';
import { createProgress } from '../watch/progress.ts';
import type { Watch } from '../watch/wait.ts';
import { createWatcher } from '../watch/watch.ts';
import { watchApplication } from '../watch/watch-application.ts';
import { streamTimes } from '../watch/watch-stream.ts';
import { type End, type Look, START, settingsOf, WARM_UP } from './drive.ts';
import type { Scenario } from './scenario.ts';
import { type Stream, streamOf } from './stream.ts';
import { DEPLOYMENT, expectationOf, SETTINGS } from './truth.ts';
import { clockOf, play } from './virtual-time.ts';
import { deploymentManifest, settingsManifest } from './world/answers.ts';
import type { Commit, Git } from './world/git.ts';
import { createRandom } from './world/random.ts';
import { createWorld, type World } from './world/world.ts';

/** Follows one history with the loop itself, its stream and what it gathers: only time, Argo CD, the way to it and Git are the simulator's. */
export async function driveLoop(scenario: Scenario): Promise<End> {
  const world = createWorld(scenario.knobs, START - WARM_UP);
  const { timeline } = world;
  for (const { at, event } of scenario.events) {
    timeline.after(WARM_UP + at * 1000, () => world.happen(event));
  }
  timeline.advanceTo(START - 2000);
  const before = parseApplication(world.application());
  timeline.advanceTo(START);
  const ours = world.push(scenario.change);
  const clock = clockOf(timeline, scenario.runnerClock);
  const looks: Look[] = [];
  const seen = { resourcesOf: undefined as number | undefined };
  const stream = streamOf(world, scenario, () => heldBy(world));
  const argocd = argocdOf({ world, scenario, clock, stream, looks, seen });
  const { sources, multiSource } = before;
  const [source] = sources;
  if (source === undefined) throw new Error('an application has a source');
  const expectation = expectationOf(scenario, world.git, ours);
  const watch: Watch = {
    settings: settingsOf(scenario),
    mode: 'wait',
    ...{ timeoutMs: scenario.timeoutMs, startedAt: clock.now() },
    sync: { prune: scenario.prune, marker: { name: 'gha-run', value: 'acme/shop/1/1' } },
    mayExplain: () => false,
    before: async () => before,
  };
  const watching = watchApplication(
    {
      ...{ argocd, clock, expectation, repository: repositoryOf(world.git) },
      selected: {
        argocd,
        application: { ...before, sources, multiSource },
        sourceIndex: 0,
        source,
        paths: [DEPLOYMENT, SETTINGS],
      },
    },
    watch,
    createProgress('payments', clock.now(), clock, {
      ...silentLog,
      info: (line) => timeline.note(`we: ${line}`),
    }),
  );
  const verdict = await play(timeline, watching, stream.passed);
  const late = verdict.reason === 'timed-out' || verdict.reason === 'could-not-ask';
  return { ...{ scenario, world, verdict, ours, looks }, ...seen, ended: late ? 'deadline' : 'verdict' };
}

/** What Argo CD holds now. */
const heldBy = ({ timeline, controller, operations }: World): Look => ({
  ...{ time: timeline.now(), status: controller.status(), spec: controller.spec() },
  pending: operations.pending(),
});

interface Surroundings {
  readonly world: World;
  readonly scenario: Scenario;
  readonly clock: Clock;
  readonly stream: Stream<Look>;
  readonly looks: Look[];
  readonly seen: { resourcesOf: number | undefined };
}

function argocdOf({ world, scenario, clock, stream, looks, seen }: Surroundings): ArgoCD {
  const random = createRandom(scenario.seed + 2_000_003);
  const { timeline } = world;
  const budget = createBudget(clock);
  const watcher = createWatcher({ client: stream, clock, budget, times: streamTimes });
  const pass = (): Promise<void> => clock.sleep(random.integer(5, scenario.latency));
  const reach = async (): Promise<void> => {
    await pass();
    if (timeline.now() < world.awayUntil())
      throw new SluiceError('platform', 'argocd-unavailable', 'Argo CD is away');
  };
  let shown = 0;
  /** What stood behind an event, once it is known. */
  const show = ({ version = 0 }: Answer): void => {
    const held = version > shown ? stream.behind(version) : undefined;
    shown = Math.max(shown, version);
    if (held !== undefined) looks.push(held);
  };
  const get = async (name: ApplicationName): Promise<Answer> => {
    const askedAt = clock.now();
    await reach();
    const { version } = world;
    const application = parseApplication(world.application());
    const answer = { application, serverTime: world.date(), version };
    looks.push(heldBy(world));
    shown = version;
    await pass();
    const counts = watcher.note(name, answer, askedAt);
    if (counts !== answer) show(counts);
    return counts;
  };
  return argocdWith({
    get,
    async *watch(name, watching) {
      for await (const seen of watcher.watch(name, watching, () => get(name))) {
        if (seen.type === 'answer') show(seen.answer);
        yield seen;
      }
    },
    async refresh(name, how) {
      try {
        await reach();
        world.refresh(how);
        return random.chance(0.2) ? undefined : await get(name);
      } catch {
        return undefined;
      }
    },
    async managedResources() {
      await reach();
      seen.resourcesOf = world.controller.status().liveAt;
      const items = world.managedResources().map(parseManagedResource);
      await pass();
      return items;
    },
    async manifests(_, revision) {
      await reach();
      return world.manifests(revision);
    },
    async syncWindows() {
      await reach();
      throw new SluiceError('platform', 'argocd-unavailable', 'The windows are not known');
    },
    async sync(_, { revision, prune, marker }) {
      await reach();
      const answer = world.sync({ ...(revision !== undefined && { revision }), prune, info: marker });
      timeline.note(`we: ask for a sync: ${typeof answer === 'string' ? answer : answer.refused}`);
      await pass();
      if (answer === 'accepted') return { result: answer };
      if (typeof answer === 'string') return { result: answer, message: answer };
      const result = /code = Unavailable/.test(answer.refused) ? 'transient' : 'unpinned';
      return { result, message: answer.refused };
    },
  });
}

/** The simulator's branch as a repository: its files, and how its commits stand to each other. */
function repositoryOf(git: Git): Repository {
  const find = (ref: string): Commit | undefined =>
    ref === 'main' || ref === 'HEAD' ? git.head() : git.find(ref);
  const indexOf = (ref: string): number => find(ref)?.index ?? -1;
  const infoOf = ({ sha, author, newer, index }: Commit): CommitInfo => ({
    ...{ sha, author, date: START + index },
    message: newer ? NEWER : 'change',
    parents: git.commits.slice(Math.max(index - 1, 0), index).map((one) => one.sha),
  });
  const differ = ({ index, content }: Commit): boolean => {
    const before = git.commits[index - 1]?.content;
    return content.image !== before?.image || content.color !== before.color;
  };
  const between = (from: number, to: number): readonly Commit[] =>
    git.commits.slice(from + 1, to + 1).filter(differ);
  return {
    url: 'https://git.example/gitops',
    resolve: async (ref) => find(ref)?.sha,
    defaultBranch: async () => 'main',
    async snapshot(sha) {
      const files = filesOf(find(sha));
      return {
        commit: sha,
        list: async (path) =>
          [...files.keys()]
            .filter((file) => file.startsWith(path))
            .map((file) => ({ path: file, mode: '100644' })),
        read: async (paths) => new Map([...files].filter(([path]) => paths.includes(path))),
      };
    },
    async relation(commit, other) {
      const [a, b] = [indexOf(commit), indexOf(other)];
      if (a === b) return 'same';
      return a < b ? 'ancestor' : 'descendant';
    },
    commitsBetween: async (from, to, _, limit) =>
      between(indexOf(from), indexOf(to)).slice(0, limit).map(infoOf),
    history: async (commit, _, limit) =>
      between(-1, indexOf(commit)).toReversed().slice(0, limit).map(infoOf),
  };
}

const NEWER =
  'Deploy\n\nSluice-Project: payments\nSluice-Environment: production\nSluice-Run: acme/app/99/1\n';

function filesOf(commit: Commit | undefined): ReadonlyMap<string, string> {
  if (commit === undefined) return new Map();
  const { image, color, override } = commit.content;
  return new Map([
    [DEPLOYMENT, JSON.stringify(deploymentManifest(image))],
    [SETTINGS, JSON.stringify(settingsManifest(color))],
    ...(override === undefined
      ? []
      : [
          [
            'apps/payments/.argocd-source-payments.yaml',
            `kustomize:\n  images:\n    - ${override}\n`,
          ] as const,
        ]),
  ]);
}
