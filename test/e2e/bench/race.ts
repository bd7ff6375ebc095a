import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createNamespace, pause } from '../applications.ts';
import { deployment, type Files } from '../manifests.ts';
import { at, listAt, textAt } from '../rig/json.ts';
import { setHealth } from '../rig/operator.ts';
import { bumped, expectVerdict, image, type Stage } from '../stage.ts';
import type { Meter, Traffic } from './meter.ts';

const run = promisify(execFile);
/** What the cluster is asked at once. */
const width = 20;

/** Who waits: seconds from when Argo CD has written that the last application is Healthy to its last word, which is the verdict, and to its end; and what it asked. */
export interface Finish {
  readonly seconds: number;
  readonly ended: number;
  readonly traffic: Traffic;
}

/** Many applications of one repository and namespace, each of one Deployment whose status only the bench writes. */
export interface Field {
  /** Rolls a new version out, and ends each rollout when all of these wait for it; how each of them came in. */
  race(waiters: readonly Waiter[]): Promise<readonly Finish[]>;
}

export interface Waiter {
  readonly meter: Meter;
  /** Resolves with the time of its last word (`performance.now()`) when it has said that all are live; throws where it says anything else. */
  wait(change: string, names: readonly string[]): Promise<number>;
}

/** @param warmUp milliseconds after which all that wait have started. */
export async function prepareField(stage: Stage, count: number, warmUp: number): Promise<Field> {
  const names = Array.from({ length: count }, (_, index) => `${stage.name}-${index + 1}`);
  const manifests = names.map((name): [string, string] => [
    `apps/${name}/web.yaml`,
    deployment(name, `${image}:1.0.0`, { byHand: true }),
  ]);
  const files: Files = Object.fromEntries(manifests);
  await stage.repository(files);
  await createNamespace(stage.rig, stage.name);
  await inTurns(names, (name) => create(stage, name));
  await shown(stage, names, '1.0.0');
  await inTurns(names, (name) => setHealth(stage.rig.kubernetes, stage.name, name, 'healthy'));
  let version = 1;
  return {
    async race(waiters) {
      version++;
      const tag = `${version}.0.0`;
      const change = await bumped(stage, { images: `${image}:${tag}`, path: 'apps' });
      await shown(stage, names, tag);
      for (const { meter } of waiters) meter.take();
      const finishes = waiters.map(async (waiter) => {
        const said = await waiter.wait(change, names);
        return { said, ended: performance.now(), traffic: waiter.meter.take() };
      });
      const all = Promise.all(finishes);
      await Promise.race([all, quiet(waiters, warmUp)]);
      const written = healthyAt(stage, names);
      await inTurns(names, (name) => setHealth(stage.rig.kubernetes, stage.name, name, 'healthy'));
      const [last, ended] = [await written, await all];
      const since = (time: number): number => (time - last) / 1000;
      return ended.map(({ said, traffic, ...one }) => ({
        ...{ seconds: since(said), ended: since(one.ended), traffic },
      }));
    },
  };
}

/** The bundle; `settle` as the input takes it. */
export function ours(stage: Stage, meter: Meter, settle: string): Waiter {
  return {
    meter,
    async wait(change) {
      const inputs = { 'argocd-server': `http://${meter.host}`, settle, timeout: '9m' };
      const run = await stage.wait({ change, ...inputs }, { limit: 600_000 });
      expectVerdict(run, 'live', 'proven', 0);
      return run.lastWordAt;
    },
  };
}

/** `argocd app wait`, of the same version as the server. */
export function theirs(stage: Stage, meter: Meter): Waiter {
  const { bin, argocd } = stage.rig;
  return {
    meter,
    async wait(_, names) {
      const conditions = ['--sync', '--health', '--operation', '--timeout', '540'];
      const env = { PATH: process.env.PATH, HOME: stage.rig.folder, ARGOCD_AUTH_TOKEN: argocd.token };
      const server = ['--server', meter.host, '--plaintext'];
      const running = run(join(bin, 'argocd'), ['app', 'wait', ...names, ...conditions, ...server], {
        env,
        maxBuffer: 64 * 1024 * 1024,
      });
      let said = performance.now();
      running.child.stdout?.on('data', () => {
        said = performance.now();
      });
      await running;
      return said;
    },
  };
}

async function create(stage: Stage, name: string): Promise<void> {
  await stage.rig.argocd.call('POST', '/api/v1/applications?validate=false', {
    metadata: { name },
    spec: {
      project: 'default',
      source: {
        repoURL: `${stage.github.url}/acme/${stage.name}.git`,
        targetRevision: 'main',
        path: `apps/${name}`,
      },
      destination: { server: 'https://kubernetes.default.svc', namespace: stage.name },
      syncPolicy: { automated: {} },
    },
  });
}

/** Waits until the version is applied to all and their rollouts are under way. */
async function shown(stage: Stage, names: readonly string[], tag: string): Promise<void> {
  for (const end = Date.now() + 300_000; ; await pause(1000)) {
    const list = await stage.rig.argocd.call('GET', '/api/v1/applications');
    const there = listAt(list, 'items').filter(
      (one) => stateOf(one) === `Succeeded Synced Progressing ${image}:${tag}`,
    );
    if (there.length === names.length) return;
    if (Date.now() > end) throw new Error(`${there.length} of ${names.length} are at ${tag}.`);
  }
}

/** When Kubernetes tells that the last of them is shown as Healthy. */
async function healthyAt({ rig }: Stage, names: readonly string[]): Promise<number> {
  const left = new Set(names);
  const control = new AbortController();
  let last = Number.NaN;
  await rig.kubernetes.follow(
    '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications',
    control.signal,
    (event) => {
      if (textAt(event, 'object', 'status', 'health', 'status') !== 'Healthy') return;
      left.delete(textAt(event, 'object', 'metadata', 'name') ?? '');
      last = performance.now();
      if (left.size === 0) control.abort();
    },
  );
  return last;
}

function stateOf(application: unknown): string {
  const applied = at(application, 'status', 'operationState', 'syncResult', 'resources', 0, 'images', 0);
  const [phase, sync, health] = [
    ['operationState', 'phase'],
    ['sync', 'status'],
    ['health', 'status'],
  ].map((path) => textAt(application, 'status', ...path));
  return `${phase} ${sync} ${health} ${String(applied)}`;
}

/** All have connected, and ask for no more than a look now and then: they only wait. */
async function quiet(waiters: readonly Waiter[], warmUp: number): Promise<void> {
  await pause(warmUp);
  for (;;) {
    const before = waiters.map(({ meter }) => meter.bytes());
    await pause(5000);
    if (waiters.every(({ meter }, index) => meter.bytes() - (before[index] ?? 0) < 20_000)) return;
  }
}

async function inTurns(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  const queue = [...names];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await act(next);
  };
  await Promise.all(Array.from({ length: width }, work));
}
