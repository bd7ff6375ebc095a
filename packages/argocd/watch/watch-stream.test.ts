import { expect, test } from 'vitest';
import { createBudget } from '../api/budget.ts';
import type { Client } from '../api/client.ts';
import type { Answer } from '../api/port.ts';
import { eventStreamParser } from '../api/stream-parse.ts';
import { parseApplication } from '../observation.ts';
import { fastClock } from './test-watch.ts';
import { createWatcher } from './watch.ts';
import { streamTimes } from './watch-stream.ts';

/** Streams that stay open and show nothing, and with which filter they were opened. */
function quietStreams(): { readonly client: Pick<Client, 'open'>; readonly opened: readonly unknown[] } {
  const opened: unknown[] = [];
  const open: Client['open'] = async (_, query, signal) => {
    opened.push(query.projects ?? query.name);
    const over = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    async function* chunks() {
      yield new TextEncoder().encode(':\n');
      await over;
    }
    return { ok: true, keepsAlive: true, parser: eventStreamParser(), chunks: chunks() };
  };
  return { client: { open }, opened };
}

const answerOf = (name: string, project: string, serverTime: number): Answer => ({
  application: parseApplication({ metadata: { name, namespace: 'argocd' }, spec: { project } }),
  serverTime,
});

/** Watches these for so many seconds; each is read in 5 ms, one after the other. */
async function watchAll(
  names: readonly { readonly name: string; readonly project: string; readonly after: number }[],
  seconds: number,
): Promise<readonly unknown[]> {
  const { client, opened } = quietStreams();
  const clock = fastClock();
  const watcher = createWatcher({ client, clock, budget: createBudget(clock), times: streamTimes });
  const until = clock.now() + seconds * 1000;
  let last: Promise<unknown> = Promise.resolve();
  const watching = names.map(async ({ name, project, after }) => {
    if (after > 0) await clock.sleep(after);
    const get = (): Promise<Answer> => {
      const mine = last.then(async () => {
        await clock.sleep(5);
        return answerOf(name, project, clock.now());
      });
      last = mine;
      return mine;
    };
    const shown = watcher.watch(
      { name, project, namespace: 'argocd' },
      { until, wake: () => undefined },
      get,
    );
    for await (const _ of shown);
  });
  await Promise.all(watching);
  return opened;
}

test('applications of more projects than a filter has room for do not have it opened again and again', async () => {
  const names = Array.from({ length: 300 }, (_, index) => ({
    ...{ name: `app-${index}`, project: `team-with-a-longer-name-${index}`, after: 0 },
  }));
  expect((await watchAll(names, 20)).length).toBeLessThan(4);
});

test('an application that comes later has the stream opened with its project as well', async () => {
  const names = [
    { name: 'one', project: 'shop', after: 0 },
    { name: 'two', project: 'pay', after: 3000 },
  ];
  expect(await watchAll(names, 9)).toEqual(['shop', ['shop', 'pay']]);
});
