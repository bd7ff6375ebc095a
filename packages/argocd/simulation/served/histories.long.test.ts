import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sluice/core/clock';
import { readContext } from '@sluice/core/context';
import { commonInputs, parseInputs } from '@sluice/core/contract';
import { systemExec } from '@sluice/core/exec';
import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { argocdLogin, expectationInputs, waitProblems, watchInputs } from '../../inputs.ts';
import { waitVerdicts } from '../../page/outcome.ts';
import { runArgoSyncWait } from '../../run.ts';
import { TOLD, type Told } from './histories.ts';
import { FILE, image } from './test-repositories.ts';
import { type Served, serveHistories } from './test-server.ts';

let served: Served;
let tempDir: string;
/** So many at once: they wait, and cost little; more of them keep each other from being answered in time on a machine at work. */
const atOnce = 12;
const followed: Followed[] = [];
beforeAll(async () => {
  served = await serveHistories();
  tempDir = await mkdtemp(join(tmpdir(), 'histories-'));
  const left = [...TOLD.entries()];
  async function followNext(): Promise<void> {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      followed[next[0]] = await follow(next[1], `h${next[0]}`);
  }
  await Promise.all(Array.from({ length: atOnce }, followNext));
}, 300_000);
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await rm(tempDir, { recursive: true, force: true });
});

interface Followed {
  readonly outcome: Awaited<ReturnType<typeof runArgoSyncWait>>;
  readonly seconds: number;
}

async function follow({ history, inputs = {} }: Told, name: string): Promise<Followed> {
  served.add(name, history);
  const branch = history.branch ?? 'plain';
  const { before, ours } = served.commits(branch);
  const place = { type: 'container', apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' };
  const edit = {
    place: { ...place, namespace: 'payments', list: 'containers', container: 'app' },
    ...{ from: image('1.3.9'), to: image('1.4.2'), image: image('1.4.2') },
  };
  const change = {
    ...{ schema: 'sluice.change.v1', repository: `${served.url}/${branch}`, branch: 'main' },
    ...{ commit: ours, base: before, files: [{ path: FILE, edits: [edit] }] },
    ...{ project: 'payments', environment: 'production', run: 'acme/app/42/1' },
  };
  const given = {
    token: 'token',
    ...{ 'argocd-server': `${served.url}/${name}`, 'argocd-token': 'token', applications: 'payments' },
    ...{ change: JSON.stringify(change), settle: '1s', 'degraded-grace': '2s', timeout: '40s', ...inputs },
  };
  const env = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]),
  );
  const spec = {
    ...commonInputs(waitVerdicts),
    ...argocdLogin({ required: true }),
    ...{ ...expectationInputs, ...watchInputs },
  };
  const startedAt = Date.now();
  const outcome = await runArgoSyncWait(parseInputs(spec, env, waitProblems), {
    ...{ context: readContext({ RUNNER_TEMP: tempDir }), env: {}, log: silentLog, clock: systemClock },
    ...{
      exec: systemExec,
      fetch: plainFetch,
      signal: new AbortController().signal,
      learn() {},
      hide: (text) => text,
    },
  });
  return { outcome, seconds: (Date.now() - startedAt) / 1000 };
}

describe('Applications as they were seen in the field', () => {
  test.each(TOLD.map((one, index) => [one.name, one, index] as const))('%s', async (_, told, index) => {
    const { outcome, seconds } = followed[index] ?? { outcome: undefined, seconds: 0 };
    expect(outcome, outcome?.summary).toMatchObject({ verdict: told.verdict, reason: told.reason });
    // The history begins with the first request, a moment after the run.
    expect(seconds).toBeGreaterThanOrEqual(told.notBefore ?? 0);
  });
});
