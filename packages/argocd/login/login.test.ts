import { systemClock } from '@sluice/core/clock';
import { readContext } from '@sluice/core/context';
import { parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import { silentLog } from '@sluice/core/log';
import type { World } from '@sluice/core/run';
import { type Bench, startBench } from '@sluice/testbed/argocd/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { argocdLogin, watchInputs } from '../inputs.ts';
import { nameOf, watched } from '../watch/test-watch.ts';
import { connectServers } from './login.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const world = (): World => ({
  ...{ context: readContext({}), env: {}, log: silentLog, clock: systemClock, exec: systemExec },
  ...{ fetch: globalThis.fetch, signal: new AbortController().signal, learn: () => {} },
  hide: (text) => text,
});

it('several waits of a run share one stream of a server, and one connection for all else', async () => {
  await bench.create('web');
  const env = { 'INPUT_ARGOCD-SERVER': bench.argocd.url, 'INPUT_ARGOCD-TOKEN': bench.argocd.token() };
  const inputs = parseInputs({ ...argocdLogin({ required: true }), ...watchInputs }, env);
  const run = world();
  const waits: ReturnType<typeof watched>[] = [];
  for (let count = 0; count < 4; count++) {
    // Each with a timeout of its own, as Deployments have that a sweep looks at.
    const [argocd] = await connectServers({ ...inputs, timeout: 60_000 + count }, run);
    if (argocd === undefined) throw new Error('there is no server');
    waits.push(watched(argocd, nameOf('web'), systemClock, 3000));
  }
  await Promise.all(waits.map(({ over }) => over));
  expect(waits.map(({ seen }) => seen[0]?.type)).toEqual(Array.from({ length: 4 }, () => 'answer'));
  const streams = bench.argocd.requests.filter(({ path }) => path.includes('/stream/'));
  expect(streams).toHaveLength(1);
});
