import { systemClock } from '@sluice/core/clock';
import { silentLog } from '@sluice/core/log';
import type { Repository } from '@sluice/gitops/git/repository';
import { expect, it } from 'vitest';
import { situation } from '../decide/testing.ts';
import { verdictOf } from '../page/test-report.ts';
import { waitForChange } from './wait.ts';

const no = () => Promise.reject(new Error('not asked'));
const repository: Repository = {
  ...{ url: 'https://git.example/gitops', resolve: no, defaultBranch: no, snapshot: no },
  ...{ relation: no, commitsBetween: no, history: no },
};

async function warnings(mode: 'wait' | 'once', sync: 'never' | 'always'): Promise<readonly string[]> {
  const said: string[] = [];
  await waitForChange({
    ...{ repository, mode, selected: [], expected: { revision: '2'.repeat(40) }, timeoutMs: 60_000 },
    log: { ...silentLog, warning: (words) => void said.push(words) },
    clock: systemClock,
    settings: { ...situation().settings, sync },
    sync: { prune: false, options: [], marker: { name: 'sluice-run', value: 'r' } },
  });
  return said;
}

it('a single look that was asked to sync says that it does not', async () => {
  expect(await warnings('once', 'always')).toEqual([
    '`mode: once` looks and does not sync: `sync: always` does nothing here.',
  ]);
  expect(await warnings('once', 'never')).toEqual([]);
  expect(await warnings('wait', 'always')).toEqual([]);
});

it('of several servers each line says which, and what is not live is told again in a group', async () => {
  const lines: string[] = [];
  const groups: string[] = [];
  const on = (serverName: string) =>
    verdictOf('payments', {}, { server: `https://${serverName}.example`, serverName }).selected;
  await waitForChange({
    ...{ repository, mode: 'wait', selected: [on('eu'), on('us')], timeoutMs: 60_000 },
    expected: { revision: '2'.repeat(40) },
    log: {
      ...silentLog,
      info: (line) => void lines.push(line),
      group: (title) => void groups.push(title),
    },
    clock: systemClock,
    settings: situation().settings,
    sync: { prune: false, options: [], marker: { name: 'sluice-run', value: 'r' } },
  });
  expect(lines).toContainEqual(expect.stringMatching(/^\+0 s us\/payments: unknown: /));
  expect(groups).toEqual(['eu/payments: unknown', 'us/payments: unknown']);
});
