import { expect, test } from 'vitest';
import { parseAllowedSkips } from './allowed-skips.ts';
import { judgeJobs, unknownNames } from './judge-jobs.ts';
import { parseNeeds } from './needs.ts';

const rules = (failures = '', skips = '') => ({
  failures: new Set(failures.split(',').filter(Boolean)),
  skips: parseAllowedSkips(skips),
});
const judge = (
  needs: object,
  failures?: string,
  skips?: string,
  upstream?: (job: string) => readonly string[],
) => judgeJobs(parseNeeds(JSON.stringify(needs)).jobs, rules(failures, skips), upstream);

const lists = { none: ['', ''], failures: ['a', ''], skips: ['', 'a'], both: ['a', 'a'] } as const;
test.each([
  ['success', { none: 'succeeded', failures: 'succeeded', skips: 'succeeded', both: 'succeeded' }],
  ['failure', { none: 'blocks', failures: 'may-fail', skips: 'blocks', both: 'may-fail' }],
  ['cancelled', { none: 'blocks', failures: 'blocks', skips: 'blocks', both: 'blocks' }],
  ['skipped', { none: 'blocks', failures: 'may-fail', skips: 'may-skip', both: 'may-fail' }],
  ['neutral', { none: 'blocks', failures: 'blocks', skips: 'blocks', both: 'blocks' }],
  ['Success', { none: 'blocks', failures: 'blocks', skips: 'blocks', both: 'blocks' }],
  ['', { none: 'blocks', failures: 'blocks', skips: 'blocks', both: 'blocks' }],
  ['null', { none: 'blocks', failures: 'blocks', skips: 'blocks', both: 'blocks' }],
] as const)('the result %j stands to the verdict by the lists that name the job', (result, expected) => {
  const found = Object.entries(lists).map(([list, [failures, skips]]) => [
    list,
    judge({ a: result }, failures, skips)[0]?.standing.type,
  ]);
  expect(Object.fromEntries(found)).toEqual(expected);
});

test.each([
  ['the skip has no cause', '', 'was skipped without a stated cause', 'job-skipped'],
  ['the cause says false', 'b: false', 'was skipped, and allowed-skips states "false" for it', 'job-skipped'],
  ['the cause is empty', 'b:', 'was skipped, and allowed-skips states nothing for it', 'job-skipped'],
])('a skipped job says why it blocks: %s', (_, skips, told, reason) => {
  const [, b] = judge({ a: 'success', b: 'skipped' }, '', skips);
  expect(b).toMatchObject({ told, standing: { type: 'blocks', reason } });
});

test('a skipped job names what failed or was cancelled; without the workflow file that is a guess, and says so', () => {
  const needs = { a: 'failure', b: 'skipped', c: 'cancelled', d: 'failure' };
  expect(judge(needs)[1]).toMatchObject({
    told: 'was skipped, probably because a failed and c was cancelled (and 1 more)',
    because: ['a', 'c', 'd'],
    standing: { type: 'blocks', reason: 'upstream-ended' },
  });
  const known = judge(needs, '', '', (job) => (job === 'b' ? ['c', 'x'] : []));
  expect(known[1]).toMatchObject({ told: 'was skipped, because c was cancelled', because: ['c'] });
  const apart = judge(needs, '', '', () => []);
  expect(apart[1]).toMatchObject({ told: 'was skipped without a stated cause', because: [] });
});

test('a skip that is allowed stays allowed beside a failure, which blocks by itself', () => {
  const [a, b] = judge({ a: 'failure', b: 'skipped' }, '', 'b: true');
  expect([a?.standing.type, b?.standing.type]).toEqual(['blocks', 'may-skip']);
});

test('names in the lists that no job has are told; letters count', () => {
  const { jobs } = parseNeeds('a: success');
  expect(unknownNames(jobs, rules('a,A', 'a: true\n"a"'))).toEqual([
    { list: 'allowed-failures', name: 'A' },
    { list: 'allowed-skips', name: '"a"' },
  ]);
});
