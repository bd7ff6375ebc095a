import { describe, expect, test } from 'vitest';
import { parseAllowList } from './allow-list.ts';

const FILE = '.github/sluice-allow.yml';
const problems = async (text: string): Promise<readonly string[]> =>
  (await parseAllowList(text, FILE)).problems.map(({ line, message }) => `${line ?? '-'}: ${message}`);

const ENTRY = `- id: CVE-2026-1234
  package: pkg:npm/lodash
  reason: the function is not called
  expires: 2026-12-31
`;

describe('an allow-list', () => {
  test.each([
    ['a list of entries', `# why\n${ENTRY}`, 2],
    ['a list under `allow`', `allow:\n${ENTRY.replace(/^/gm, '  ')}`, 2],
    ['a list under `allow`, not indented', `allow:\n${ENTRY}`, 2],
    [
      'JSON',
      '[{"id": "CVE-2026-1234", "package": "pkg:npm/lodash", "reason": "the function is not called", "expires": "2026-12-31"}]',
      1,
    ],
    ['with a byte order mark and CRLF', `\u{feff}---\r\n${ENTRY.replaceAll('\n', '\r\n')}`, 2],
  ])('is %s', async (_, text, line) => {
    expect(await parseAllowList(text, FILE)).toEqual({
      value: [
        {
          id: 'CVE-2026-1234',
          package: 'pkg:npm/lodash',
          reason: 'the function is not called',
          expires: '2026-12-31',
          file: FILE,
          line,
        },
      ],
      problems: [],
    });
  });
  test.each([
    '',
    '# nothing yet\n',
    '---\n',
    '[]',
    'allow:\n',
    'allow: []\n',
  ])('may be empty: %j', async (text) =>
    expect(await parseAllowList(text, FILE)).toEqual({ value: [], problems: [] }));
  test('needs no package', async () => {
    const { value } = await parseAllowList(
      '- {id: GHSA-jfh8-c2jp-5v3q, reason: r, expires: "2026-12-31"}',
      FILE,
    );
    expect(value).toMatchObject([{ id: 'GHSA-jfh8-c2jp-5v3q', reason: 'r', expires: '2026-12-31' }]);
    expect(value[0]).not.toHaveProperty('package');
  });
  test('with several lines of a reason keeps the text', async () => {
    const { value } = await parseAllowList(
      '- id: A-1\n  reason: >\n    one\n    two\n  expires: 2026-12-31\n',
      FILE,
    );
    expect(value).toMatchObject([{ reason: 'one two\n' }]);
  });
});

describe('what is wrong is said with its line, all at once', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'fields that are missing',
      '- package: x\n',
      ['1: an entry needs `id`', '1: an entry needs `reason`', '1: an entry needs `expires`'],
    ],
    ['an empty reason', ENTRY.replace('the function is not called', '""'), ['3: an entry needs `reason`']],
    ['no value', ENTRY.replace(' the function is not called', ''), ['3: an entry needs `reason`']],
    [
      'a field that there is not',
      ENTRY.replace('reason', 'Reason'),
      [
        '1: an entry needs `reason`',
        '3: an entry has no `Reason`: it has `id`, `package`, `reason`, `expires`',
      ],
    ],
    ['a field twice', `${ENTRY}  id: CVE-2026-9\n`, ['5: `id` stands twice in one entry']],
    [
      'a day that there is not',
      ENTRY.replace('12-31', '02-30'),
      ['4: `expires` is "2026-02-30", and not the last day on which it holds, as 2026-12-31'],
    ],
    [
      'a time',
      ENTRY.replace('12-31', '12-31T10:00:00Z'),
      ['4: `expires` is "2026-12-31T10:00:00Z", and not the last day on which it holds, as 2026-12-31'],
    ],
    [
      'never',
      ENTRY.replace('2026-12-31', 'never'),
      ['4: `expires` is "never", and not the last day on which it holds, as 2026-12-31'],
    ],
    [
      'a pattern',
      ENTRY.replace('CVE-2026-1234', '"CVE-*"'),
      ['1: `id` is "CVE-*", and not the id of a vulnerability, as CVE-2026-1234 or GHSA-jfh8-c2jp-5v3q'],
    ],
    [
      'no purl',
      ENTRY.replace('pkg:npm/lodash', 'pkg:npm'),
      ['2: `package` is "pkg:npm", which is no package URL'],
    ],
    [
      'an empty package',
      ENTRY.replace('pkg:npm/lodash', '""'),
      ['2: `package` is empty: leave it out to allow it in every package'],
    ],
    [
      'a list of ids',
      ENTRY.replace('CVE-2026-1234', '[CVE-2026-1234]'),
      ['1: `id` is a text, and written where it is used', '1: an entry needs `id`'],
    ],
    [
      'an alias of YAML',
      `- &a {id: A-1, reason: r, expires: 2026-12-31}\n- *a\n`,
      ['2: an entry is a mapping, as `id: CVE-2026-1234` and so on'],
    ],
    ['an id alone', '- CVE-2026-1234\n', ['1: an entry is a mapping, as `id: CVE-2026-1234` and so on']],
    [
      'another key',
      `ignore:\n${ENTRY}`,
      ['1: this is not a list of entries, or `allow:` with such a list and nothing else'],
    ],
    [
      'two keys',
      `allow:\n${ENTRY}more: []\n`,
      ['1: this is not a list of entries, or `allow:` with such a list and nothing else'],
    ],
    [
      'a text',
      'CVE-2026-1234',
      ['1: this is not a list of entries, or `allow:` with such a list and nothing else'],
    ],
    [
      'a second document',
      `${ENTRY}---\n${ENTRY}`,
      ['6: one document is enough: the entries stand in one list'],
    ],
    [
      'several entries',
      '- id: A-1\n- reason: r\n  expires: 2026-12-31\n',
      ['1: an entry needs `reason`', '1: an entry needs `expires`', '2: an entry needs `id`'],
    ],
  ])('%s', async (_, text, expected) => expect(await problems(text)).toEqual(expected));

  test('no YAML', async () => {
    expect(await problems('- id: CVE-2026-1234\n  reason: "not closed\n')).toEqual([
      expect.stringMatching(/^\d: this is no YAML: /),
    ]);
    expect(await problems('- id: @x\n')).toEqual([expect.stringMatching(/^1: this is no YAML: /)]);
  });
  test('what stands there is quoted, and cut where it is long', async () => {
    const [problem] = await problems(ENTRY.replace('2026-12-31', 'x'.repeat(10_000)));
    expect(problem).toBe(
      `4: \`expires\` is "${'x'.repeat(60)}…", and not the last day on which it holds, as 2026-12-31`,
    );
  });
  test('of several entries in the order of their lines', async () => {
    const text = '- id: "CVE-*"\n  why: x\n  expires: never\n- id: A-1\n  reason: r\n';
    const lines = (await problems(text)).map((one) => Number.parseInt(one, 10));
    expect(lines).toEqual([1, 1, 2, 3, 4]);
  });
  test('of very many problems the first', async () => {
    expect(await problems('- x\n'.repeat(50_000))).toHaveLength(21);
  });
  test('10,000 levels are a problem, and no crash', async () => {
    expect(await problems('['.repeat(10_000))).toHaveLength(1);
    expect((await problems(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)).length).toBeGreaterThan(0);
  });
});
