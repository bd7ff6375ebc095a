import {
  emptyQueue,
  enqueue,
  type Group,
  groups,
  type Queue,
  settle,
} from '@sluice/testbed/workflows/merge-queue';
import { describe, expect, test } from 'vitest';
import { type Commit, type Ends, newCommit } from './pr-commit.ts';
import { events, requiredName } from './pr-stage.ts';

const { opened, labeled, unlabeled, closed } = events;

describe('what branch protection says of one commit, run after run', () => {
  test('nothing has run: it waits', () => {
    expect(newCommit('a').state()).toBe('pending');
  });

  test('the newest ready never hides a red build', async () => {
    const commit = newCommit('a');
    expect(await commit.run(opened, { build: 'failure' })).toBe('failed');
    expect(await commit.run(labeled, {}, true)).toBe('failed');
    expect(await commit.run(labeled, {}, true)).toBe('failed');
    expect(await commit.run(unlabeled)).toBe('failed');
  });

  test('a label alone, without any build of the commit, is never green', async () => {
    expect(await newCommit('a').run(labeled, {}, true)).toBe('failed');
  });

  test('a build of that name in another workflow is no build of this one', async () => {
    const commit = newCommit('a');
    commit.runOther({ 'ci / build': 'success' });
    expect(await commit.run(labeled)).toBe('failed');
    expect(await commit.run(opened)).toBe('passed');
    commit.runOther({ 'ci / build': 'failure' });
    expect(await commit.run(labeled)).toBe('passed');
  });

  test('an environment that does not come up blocks, until a label does without it, and again when the label goes', async () => {
    const commit = newCommit('a');
    expect(await commit.run(opened, { preview: 'failure' })).toBe('failed');
    expect(await commit.run(labeled, {}, true)).toBe('passed');
    expect(await commit.run(unlabeled, { preview: 'failure' })).toBe('failed');
    expect(await commit.run(labeled, {}, true)).toBe('passed');
  });

  test('labels that have nothing to do with it leave it green, however many', async () => {
    const commit = newCommit('a');
    await commit.run(opened);
    for (const event of [labeled, unlabeled, labeled]) expect(await commit.run(event)).toBe('passed');
  });

  test('run again, the latest counts, both ways', async () => {
    const commit = newCommit('a');
    expect(await commit.run(opened, { build: 'failure' })).toBe('failed');
    expect(await commit.run(opened)).toBe('passed');
    expect(await commit.run(opened, { build: 'cancelled' })).toBe('failed');
    expect(await commit.run(labeled)).toBe('failed');
  });

  test('a label whose run the next label stops is red until that one has ended', async () => {
    const commit = newCommit('a');
    await commit.run(opened);
    expect(await commit.run(labeled, { preview: 'cancelled' })).toBe('failed');
    expect(await commit.run(unlabeled)).toBe('passed');
  });

  test('closing changes nothing', async () => {
    const commit = newCommit('a');
    await commit.run(opened);
    expect(await commit.run(closed, { build: 'failure' })).toBe('passed');
  });

  test('from a fork the build decides alone', async () => {
    expect(await newCommit('a').run(events['opened from a fork'])).toBe('passed');
    expect(await newCommit('a').run(events['opened from a fork'], { build: 'failure' })).toBe('failed');
  });
});

describe('a merge queue of three pull requests', () => {
  /** A queue in which three are that have passed by themselves, and the commits of its groups. */
  async function open() {
    const commits = new Map<string, Commit>();
    const of = (group: Group): Commit => {
      const commit = commits.get(group.sha) ?? newCommit(group.sha);
      commits.set(group.sha, commit);
      return commit;
    };
    let queue: Queue = emptyQueue;
    for (const pull of [1, 2, 3]) {
      const head = newCommit(`head-${pull}`);
      await head.run(opened);
      queue = enqueue(queue, pull, [requiredName], head);
    }
    const settled = (): Queue => {
      queue = settle(queue, [requiredName], of);
      return queue;
    };
    /** The run of the group at this place, as the queue is now. */
    const run = async (place: number, ends: Ends = {}) => {
      const group = groups(queue)[place];
      if (group === undefined) throw new Error(`Nothing waits at ${place}`);
      await of(group).run(events['merge group'], ends);
      return settled();
    };
    return { run, settled };
  }

  test('what is red by itself is not taken in', async () => {
    const head = newCommit('head');
    await head.run(opened, { preview: 'failure' });
    expect(enqueue(emptyQueue, 1, [requiredName], head)).toEqual(emptyQueue);
  });

  test('merges nothing before its group was built, and each as soon as it was, in order', async () => {
    const { run, settled } = await open();
    expect(settled()).toEqual({ merged: [], waiting: [1, 2, 3], removed: [] });
    expect(await run(1)).toMatchObject({ merged: [], waiting: [1, 2, 3] });
    expect(await run(0)).toMatchObject({ merged: [1, 2], waiting: [3] });
    expect(await run(0)).toEqual({ merged: [1, 2, 3], waiting: [], removed: [] });
  });

  test.each([
    'build',
    'labels',
  ])('puts out the one whose group fails in %s, and builds those behind without it', async (job) => {
    const { run } = await open();
    await run(2);
    expect(await run(1, { [job]: 'failure' })).toEqual({ merged: [], waiting: [1, 3], removed: [2] });
    // What was green together with 2 says nothing of what is left.
    expect(await run(0)).toEqual({ merged: [1], waiting: [3], removed: [2] });
    expect(await run(0)).toEqual({ merged: [1, 3], waiting: [], removed: [2] });
  });

  test('a group whose run is cancelled is not merged', async () => {
    const { run } = await open();
    expect(await run(0, { build: 'cancelled' })).toEqual({ merged: [], waiting: [2, 3], removed: [1] });
  });

  test('wants no environment', async () => {
    const { run } = await open();
    expect(await run(0, { preview: 'failure', remove: 'failure' })).toMatchObject({ merged: [1] });
  });
});
