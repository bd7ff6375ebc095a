import { expect, test } from 'vitest';
import { temporaryTag } from './temporary-tag.ts';

const [head, merge] = ['0a1b2c3'.padEnd(40, '4'), 'f'.repeat(40)];

test.each([
  [
    'the head of a pull request, not the merge of the run',
    { pull_request: { number: 12, head: { sha: head } } },
    `pr-12-${head}`,
  ],
  ['the commit of a merge queue', { merge_group: { head_sha: merge } }, merge],
  ['the commit of a push', {}, merge],
  ['the commit, where the event is none', undefined, merge],
  [
    'the commit, where the number is none',
    { pull_request: { number: '12/../x', head: { sha: head } } },
    merge,
  ],
  [
    'the commit, where the head is none',
    { pull_request: { number: 12, head: { sha: `${'$(x)'}${head}` } } },
    merge,
  ],
])('the tag says %s', (_, event, wanted) => {
  expect(temporaryTag(event, merge)).toBe(wanted);
});

test('a commit that is none makes no tag of a stranger', () => {
  expect(temporaryTag({}, 'main; rm')).toBe('unknown');
});
