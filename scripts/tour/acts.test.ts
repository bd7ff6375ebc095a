import { expect, test } from 'vitest';
import { acts } from './acts.ts';

test('an act waits only for acts that stand before it', () => {
  for (const [index, act] of acts.entries()) {
    const before = new Set(acts.slice(0, index).map(({ id }) => id));
    expect(act.after.filter((id) => !before.has(id))).toEqual([]);
  }
});
