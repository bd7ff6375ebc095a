import type { GitHub } from '@sluice/core/github';
import { expect, test } from 'vitest';
import { listRuns } from './list-runs.ts';

interface Listed {
  readonly id: number;
  status: string;
  readonly second: number;
}
const start = Date.parse('2026-11-20T10:00:00Z');
const ended = (id: number): Listed => ({ id, status: 'completed', second: id });
const queued = (id: number, second = id): Listed => ({ id, status: 'queued', second });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

interface Options {
  /** Called after each answer. */
  readonly between?: (runs: Listed[], asked: number) => void;
  readonly knowsCreated?: boolean;
}

interface Query {
  readonly page?: number;
  readonly status?: string;
  readonly created?: string;
}

/** A GitHub with these runs, which gives no more than 1,000 of a list that is narrowed. */
function answering(given: readonly Listed[], { between, knowsCreated = true }: Options = {}) {
  const runs = [...given];
  const asked: string[] = [];
  const request = (_route: string, { page = 1, status, created = '' }: Query) => {
    const until = knowsCreated && created !== '' ? Date.parse(created.slice(2)) : Infinity;
    const all = runs
      .filter((run) => status === undefined || run.status === status)
      .filter(({ second }) => start + second * 1000 <= until)
      .toSorted((a, b) => b.id - a.id);
    const found = (status === undefined ? all : all.slice(0, 1000)).slice((page - 1) * 100, page * 100);
    const workflow_runs = found.map(({ id, status: now, second }) => ({
      ...{ id, status: now, created_at: new Date(start + second * 1000).toISOString() },
    }));
    asked.push(`${status ?? 'all'} ${page}${created === '' ? '' : ' narrowed'}`);
    between?.(runs, asked.length);
    return Promise.resolve({ data: { total_count: all.length, workflow_runs } });
  };
  const refuse = () => Promise.reject(new Error('only runs are asked for'));
  const github: GitHub = { request: Object(request), graphql: refuse, token: refuse };
  const read = async () => {
    const list = await listRuns({ github, owner: 'acme', repo: 'app' });
    return [...list.values()].filter(({ status }) => status === 'queued').map(({ id }) => id);
  };
  return { read, asked };
}
const sorted = (ids: readonly number[]) => ids.toSorted((a, b) => a - b);

test('of more runs of one status than GitHub lists at once none is missed', async () => {
  const { read } = answering([...range(1, 700).map(ended), ...range(701, 2400).map((id) => queued(id))]);
  expect(sorted(await read())).toEqual(range(701, 2400));
});

test('a run that leaves its status between two requests makes no other be missed', async () => {
  const given = [...range(1, 700).map(ended), ...range(701, 950).map((id) => queued(id))];
  const { read } = answering(given, {
    between: (runs, asked) => {
      // The list of all, then `requested`, then the first of `queued`.
      if (asked === 3) for (const run of runs.slice(-30)) run.status = 'completed';
    },
  });
  expect(sorted(await read())).toEqual(range(701, 950));
});

test('runs of one second are read by pages', async () => {
  const { read, asked } = answering([
    ...range(1, 700).map(ended),
    ...range(701, 950).map((id) => queued(id, 1000)),
  ]);
  expect(sorted(await read())).toEqual(range(701, 950));
  // Once more at the end, for those that ran, and are queued again.
  const pages = ['queued 1', 'queued 2', 'queued 3'];
  expect(asked.filter((one) => one.startsWith('queued'))).toEqual([...pages, ...pages]);
});

test('a run that is queued again between two of its jobs, while the lists are read, is not missed', async () => {
  const given = [...range(1, 950).map(ended), { ...queued(951), status: 'in_progress' }];
  const { read } = answering(given, {
    between: (runs, asked) => {
      // Before those in progress are asked for.
      if (asked === 6) for (const run of runs) if (run.status === 'in_progress') run.status = 'queued';
    },
  });
  expect(await read()).toEqual([951]);
});

test('a server that does not know the filter is read by pages', async () => {
  const given = [...range(1, 700).map(ended), ...range(701, 950).map((id) => queued(id))];
  expect(sorted(await answering(given, { knowsCreated: false }).read())).toEqual(range(701, 950));
});

test.each([
  ['more than it lists are of one second', range(701, 1750).map((id) => queued(id, 1000)), {}],
  ['more than it lists, and it does not know the filter', range(701, 1750), { knowsCreated: false }],
])('nothing is taken for whole where it is not: %s', async (_, more, options) => {
  const live = more.map((one) => (typeof one === 'number' ? queued(one) : one));
  await expect(answering([...range(1, 700).map(ended), ...live], options).read()).rejects.toThrow(
    'does not list all runs that are queued',
  );
});

test.each([
  ['is read again', 1],
  ['that goes on changing is not taken for whole', 100],
])('a list from which a run is deleted while it is read %s', async (_, times) => {
  const { read } = answering(
    range(1, 350).map((id) => queued(id)),
    { between: (runs, asked) => asked <= times && runs.pop() },
  );
  if (times === 1) expect(sorted(await read())).toEqual(range(1, 350));
  else await expect(read()).rejects.toThrow('changed each time');
});

test('a list that moves within one second is not taken for whole', async () => {
  const given = [...range(1, 700).map(ended), ...range(701, 950).map((id) => queued(id, 1000))];
  const { read } = answering(given, {
    between: (runs) => Object.assign(runs.at(-1) ?? {}, { status: 'completed' }) && runs.pop(),
  });
  await expect(read()).rejects.toThrow('changed each time');
});
