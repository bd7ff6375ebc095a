import { describe, expect, it } from 'vitest';
import { advisoriesOf } from './advisories.ts';
import { type KnownIssue, type Planning, planIssues, type Step } from './issue-plan.ts';
import type { Scanned } from './scan-targets.ts';
import { expired, finding, seen, target, unseen } from './test-scanned.ts';

const qs = finding('GHSA-1', { aliases: ['CVE-1'] });
const settings = {
  ...{ isWhole: true, allowList: 'allow.yml', scope: 'production', maxUnmatched: undefined, mostNew: 20 },
} as const;

const author = 'bot';

const plan = (scanned: readonly Scanned[], issues: readonly KnownIssue[], more: Partial<Planning> = {}) =>
  planIssues({ ...settings, advisories: advisoriesOf(scanned), scanned, issues, ...more });

/** The issues as they are once a plan was carried out. */
function after(steps: readonly Step[], before: readonly KnownIssue[] = []): readonly KnownIssue[] {
  let number = Math.max(0, ...before.map((one) => one.number));
  const issues = new Map(before.map((one) => [one.number, one]));
  for (const step of steps) {
    if (step.type === 'open') {
      number += 1;
      issues.set(number, { ...{ number, author }, isOpen: true, body: step.body });
      continue;
    }
    const known = issues.get(step.number);
    if (known === undefined) throw new Error(`There is no issue ${step.number}`);
    const body = step.type === 'close' ? known.body : (step.body ?? known.body);
    issues.set(step.number, { ...known, isOpen: step.type !== 'close', body });
  }
  return [...issues.values()];
}

const UNKNOWN = { unmatched: [{ component: 'x', why: 'no-purl', file: 'f' }] } as const;

const opened = (scanned: readonly Scanned[]): readonly KnownIssue[] => after(plan(scanned, []).steps);
const short = (steps: readonly Step[]) =>
  steps.map((step) => (step.type === 'open' ? `open ${step.advisory.id}` : `${step.type} ${step.number}`));

describe('issues', () => {
  it('are left alone where they say what was found', () => {
    const scanned = [seen('a', [qs])];
    expect(short(plan(scanned, []).steps)).toEqual(['open GHSA-1']);
    expect(plan(scanned, opened(scanned))).toMatchObject({ steps: [], left: 0, kept: [] });
  });

  it('are the same to GitHub’s editor, which ends lines otherwise, and beside what people wrote', () => {
    const scanned = [seen('a', [qs])];
    const issues = opened(scanned).map((one) => ({
      ...one,
      body: `Before\n${one.body}\nOurs: we wait for the vendor.`.replaceAll('\n', '\r\n'),
    }));
    expect(plan(scanned, issues).steps).toEqual([]);
    const [step] = plan([seen('a', [{ ...qs, fixed: ['7.0.0'] }])], issues).steps;
    expect(step).toMatchObject({
      type: 'update',
      body: expect.stringMatching(/^Before\n(.*\n)*.*vendor\.$/),
    });
  });

  const cases: readonly (readonly [string, readonly Scanned[], Partial<Planning>, readonly string[]])[] = [
    ['what is gone is closed', [seen('a', [])], {}, ['close 1']],
    ['what is no longer active is closed', [seen('b', [])], {}, ['close 1']],
    [
      'what is allowed is closed',
      [seen('a', [{ ...qs, status: 'allowed', blocking: false }])],
      {},
      ['close 1'],
    ],
    ['what is found elsewhere is updated', [seen('a', []), seen('b', [qs])], {}, ['update 1']],
    [
      'what has another name is updated',
      [seen('a', [finding('GO-9', { aliases: ['CVE-1'] })])],
      {},
      ['update 1'],
    ],
    ['what could not be scanned now stays', [unseen('a')], {}, []],
    ['what names no SBOM now stays', [unseen('a', 'no-sbom')], {}, []],
    [
      'what lists nothing now stays',
      [seen('a', [], { verdict: 'could-not-scan', reason: 'nothing-to-scan' })],
      {},
      [],
    ],
    [
      'what has more that cannot be looked up than is allowed stays',
      [seen('a', [], { unmatched: [{ component: 'x', why: 'no-purl', file: 'f' }] })],
      { maxUnmatched: 0 },
      [],
    ],
    ['what is gone stays where a component could not be looked up', [seen('a', [], UNKNOWN)], {}, []],
    [
      'what is gone stays where only other packages were looked up',
      [seen('a', [], UNKNOWN, new Set(['npm lodash']))],
      {},
      [],
    ],
    [
      'what is gone is closed where its package was looked up, whatever could not be',
      [seen('a', [], UNKNOWN, new Set(['npm qs']))],
      {},
      ['close 1'],
    ],
    [
      'what was looked up is closed, whatever has expired in the allow-list',
      [seen('a', [], { verdict: 'could-not-scan', reason: 'expired-allowance' })],
      {},
      ['close 1'],
    ],
    ['what could not be scanned elsewhere keeps nothing open', [seen('a', []), unseen('b')], {}, ['close 1']],
    ['nothing is closed where nothing is active: nobody has looked', [], {}, []],
    [
      'nothing is closed of a repository that was not looked at',
      [{ ...seen('b', []), target: target('b', { repository: 'acme/other' }) }],
      {},
      [],
    ],
    [
      'what does not count, and whose allowance has expired, stays',
      [
        seen('a', [{ ...qs, severity: 'low', blocking: false }], {
          ...{ verdict: 'vulnerable', reason: 'expired-allowance', problems: [expired('CVE-1', [qs])] },
        }),
      ],
      {},
      [],
    ],
    [
      'what does not count is closed where what has expired was another allowance',
      [
        seen('a', [{ ...qs, severity: 'low', blocking: false }], {
          ...{ verdict: 'could-not-scan', reason: 'expired-allowance', problems: [expired('CVE-2')] },
        }),
      ],
      {},
      ['close 1'],
    ],
    ['nothing is closed where not all is known', [seen('a', [])], { isWhole: false }, []],
    ['another environment’s are left alone', [seen('a', [])], { scope: 'staging' }, []],
  ];
  it.each(cases)('%s', (_, scanned, more, steps) => {
    expect(short(plan(scanned, opened([seen('a', [qs])]), more).steps)).toEqual(steps);
  });

  it.each<readonly [string, readonly Scanned[], RegExp]>([
    [
      'looked up again',
      [seen('a', []), seen('b', [])],
      /^Nothing .*: it was looked up again wherever it had/,
    ],
    ['retired', [seen('c', [])], /^Nothing .*: what had it is not active any more\.$/],
    [
      'both',
      [seen('a', [])],
      /^Nothing .*: some of what had it is not active any more, and in the rest it was/,
    ],
  ])('are closed with what was seen: %s', (_, scanned, comment) => {
    const { steps } = plan(scanned, opened([seen('a', [qs]), seen('b', [qs])]));
    expect(steps).toMatchObject([{ type: 'close', comment: expect.stringMatching(comment) }]);
  });

  it('say what could not be looked at again, and remember it', () => {
    const issues = opened([seen('a', [qs]), seen('b', [qs])]);
    const { steps } = plan([seen('a', [qs]), unseen('b')], issues);
    expect(steps).toMatchObject([
      { body: expect.stringContaining('could not be looked at again: `b in production`') },
    ]);
    const later = after(steps, issues);
    expect(plan([seen('a', []), unseen('b')], later)).toMatchObject({ steps: [], kept: [1] });
    expect(short(plan([seen('a', []), seen('b', [])], later).steps)).toEqual(['close 1']);
  });

  it('remember what was found in a repository that could not be read, and close only once it was', () => {
    const other = target('b', { repository: 'acme/other' });
    const both = [seen('a', [qs]), { ...seen('b', [qs]), target: other }];
    const issues = opened(both);
    const { steps } = plan([seen('a', [qs])], issues, { isWhole: false });
    expect(steps).toMatchObject([{ body: expect.stringContaining('`b in production` \\(acme/other\\)') }]);
    const later = after(steps, issues);
    // It can be read again, and its SBOM can not.
    const half = [seen('a', []), { ...unseen('b'), target: other }];
    expect(plan(half, later)).toMatchObject({ steps: [], kept: [1] });
    const mended = [seen('a', []), { ...seen('b', []), target: other }];
    expect(short(plan(mended, later).steps)).toEqual(['close 1']);
  });

  it('remember in which packages it was, where a component could not be looked up', () => {
    const issues = opened([seen('a', [qs]), seen('b', [qs])]);
    const half = [seen('a', [qs]), seen('b', [], UNKNOWN)];
    const { steps } = plan(half, issues);
    expect(steps).toMatchObject([
      { body: expect.stringContaining('could not be looked at again: `b in production`') },
    ]);
    const later = after(steps, issues);
    expect(plan(half, later).steps).toEqual([]);
    expect(plan([seen('a', []), seen('b', [], UNKNOWN)], later)).toMatchObject({ steps: [], kept: [1] });
    const told = [seen('a', []), seen('b', [], UNKNOWN, new Set(['npm qs']))];
    expect(short(plan(told, later).steps)).toEqual(['close 1']);
  });

  it('are opened again when it comes back, and not a second time', () => {
    const issues = after(plan([seen('a', [])], opened([seen('a', [qs])])).steps, opened([seen('a', [qs])]));
    expect(issues).toMatchObject([{ isOpen: false }]);
    const { steps } = plan([seen('a', [qs])], issues);
    expect(short(steps)).toEqual(['reopen 1']);
    expect(plan([seen('a', [qs])], after(steps, issues)).steps).toEqual([]);
  });

  it('that are two for one become one: the open one, else the first', () => {
    const [issue] = opened([seen('a', [qs])]);
    const body = issue?.body;
    const all = [
      { ...{ number: 3, author }, isOpen: false, body },
      { ...{ number: 7, author }, isOpen: true, body },
      { ...{ number: 9, author }, isOpen: true, body },
    ];
    const { steps, numbers } = plan([seen('a', [qs])], all);
    expect(short(steps)).toEqual(['close 9']);
    expect([...numbers.values()]).toEqual([7]);
  });

  it('that turn out to be one keep what either knew, also of what cannot be looked at today', () => {
    const issues = opened([seen('a', [finding('GHSA-1')]), seen('b', [finding('CVE-1')])]);
    const { steps } = plan([unseen('a'), seen('b', [qs])], issues);
    expect(short(steps)).toEqual(['update 1', 'close 2']);
    const later = after(steps, issues);
    expect(plan([unseen('a'), seen('b', [])], later)).toMatchObject({ steps: [], kept: [1] });
    expect(plan([seen('a', [], UNKNOWN), seen('b', [])], later)).toMatchObject({ steps: [], kept: [1] });
    const told = [seen('a', [], UNKNOWN, new Set(['npm qs'])), seen('b', [])];
    expect(short(plan(told, later).steps)).toEqual(['close 1']);
  });

  it('that were one for two stay with the worse, and the other gets its own', () => {
    const issues = opened([seen('a', [finding('GHSA-1', { aliases: ['GHSA-2'] })])]);
    const apart = [seen('a', [finding('GHSA-1', { score: 7 }), finding('GHSA-2', { score: 8 })])];
    const { steps } = plan(apart, issues);
    expect(short(steps)).toEqual(['open GHSA-1', 'update 1']);
    expect(plan(apart, after(steps, issues)).steps).toEqual([]);
  });

  it('whose mark does not say where it was stay until all could be looked at', () => {
    const body = '<!-- sluice:security-scan {"names":["CVE-1"],"scope":"production"} -->';
    const issues = [{ ...{ number: 1, author }, isOpen: true, body }];
    for (const scanned of [[], [unseen('a')], [seen('a', []), seen('b', [], UNKNOWN)]])
      expect(plan(scanned, issues)).toMatchObject({ steps: [], kept: [1] });
    expect(short(plan([seen('a', [])], issues).steps)).toEqual(['close 1']);
  });

  it('of others, with our label and without our mark, are not touched', () => {
    const issues = [
      null,
      undefined,
      '',
      'GHSA-1',
      '<!-- sluice:security-scan {} -->',
      '<!-- sluice:security-scan {',
    ];
    const all = issues.map((body, at) => ({ ...{ number: at + 1, author }, isOpen: true, body }));
    expect(short(plan([seen('a', [qs])], all).steps)).toEqual(['open GHSA-1']);
  });

  it('name what an advisory puts together, and are not found by it', () => {
    const several = finding('RLSA-1', { upstream: ['CVE-8', 'CVE-9'] });
    const issues = opened([seen('a', [several])]);
    expect(issues[0]?.body).toMatch(/\*\* \(CVE-?8, CVE-?9\): severity/);
    expect(short(plan([seen('a', [finding('CVE-8')])], issues).steps)).toEqual(['open CVE-8', 'close 1']);
  });

  it('are opened worst first, no more than is said', () => {
    const found = [finding('low', { severity: 'low' }), finding('critical', { severity: 'critical' }), qs];
    const { steps, left } = plan([seen('a', found)], [], { mostNew: 2 });
    expect(short(steps)).toEqual(['open critical', 'open GHSA-1']);
    expect(left).toBe(1);
  });

  it('fit, whatever is found, and however much people wrote', () => {
    const many = Array.from({ length: 3000 }, (_, at) =>
      seen(`<!-- project ${at} ${'@&|`'.repeat(20)} -->`, [qs]),
    );
    const aliases = Array.from({ length: 500 }, (_, at) => `<ALIAS>${'&'.repeat(100)}${at}`);
    const scanned = [...many, seen('z', [{ ...qs, aliases, summary: 'x'.repeat(100_000) }])];
    const issues = opened(scanned);
    const [issue] = issues;
    expect(issue?.body?.length).toBeLessThan(65_536);
    expect(plan(scanned, issues).steps).toEqual([]);
    const full = issues.map((one) => ({ ...one, body: `${one.body}\n${'y'.repeat(40_000)}` }));
    const [step] = plan(scanned, full).steps;
    expect(step).toMatchObject({ type: 'update', body: expect.stringMatching(/y{40000}$/) });
  });
});
