import { describe, expect, it } from 'vitest';
import { startDraft } from './draft.ts';

describe('refs', () => {
  it('are unique, and those of components that come first are as they are written', () => {
    const draft = startDraft();
    const refs = ['x', 'x#1', 'x', 'x', 'x#1', undefined, 'component#1', undefined].map((ref) =>
      draft.add({ name: 'a' }, ref),
    );
    expect(new Set(refs).size).toBe(refs.length);
    expect(refs.slice(0, 2)).toEqual(['x', 'x#1']);
  });

  it('cost the same however many are taken that look as if they were made up', () => {
    const draft = startDraft();
    const count = 15_000;
    draft.add({ name: 'a' }, 'x');
    for (let number = count + 1; number <= 2 * count; number += 1) draft.add({ name: 'a' }, `x#${number}`);
    // 50 ms; were each number tried for each of them, it would be many seconds.
    const made = Array.from({ length: count }, () => draft.add({ name: 'a' }, 'x'));
    expect(new Set(made).size).toBe(count);
  });
});
