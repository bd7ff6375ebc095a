import { describe, expect, test } from 'vitest';
import {
  boolean,
  commonInputs,
  contractProblems,
  duration,
  integer,
  list,
  names,
  oneOf,
  parseInputs,
  type Spec,
  secret,
  secrets,
  secretsOf,
  size,
  text,
} from './contract.ts';
import { SluiceError } from './errors.ts';
import { passwordsIn } from './input-syntax.ts';

const spec = {
  images: list(),
  labels: names(),
  timeout: duration({ default: '15m' }),
  'dry-run': boolean({ default: 'false' }),
  sync: oneOf(['never', 'always'], { default: 'never' }),
  expect: integer({ default: '1', min: 1, max: 9 }),
  number: integer(),
  token: secret(),
  path: text({ default: '.' }),
};

function problemOf(of: Spec, env: Record<string, string>): SluiceError {
  try {
    parseInputs(of, env);
  } catch (error) {
    if (error instanceof SluiceError) return error;
  }
  throw new Error('no problem was found');
}

test('an empty input has its default', () => {
  expect(parseInputs(spec, { INPUT_PATH: '', INPUT_TIMEOUT: '  ' })).toEqual({
    images: [],
    labels: [],
    timeout: 900_000,
    'dry-run': false,
    sync: 'never',
    expect: 1,
    number: undefined,
    token: '',
    path: '.',
  });
});

describe('a value is read as its kind says', () => {
  test.each([
    ['IMAGES', 'a:1\r\n\n# no\n  b:2 ', 'images', ['a:1', 'b:2']],
    ['IMAGES', '["a:1", "b:2"]', 'images', ['a:1', 'b:2']],
    ['IMAGES', 'a,b', 'images', ['a,b']],
    ['LABELS', 'a, b,\nc', 'labels', ['a', 'b', 'c']],
    ['TIMEOUT', '90s', 'timeout', 90_000],
    ['TIMEOUT', '1h30m', 'timeout', 5_400_000],
    ['TIMEOUT', '0s', 'timeout', 0],
    ['DRY-RUN', 'TRUE', 'dry-run', true],
    ['DRY-RUN', 'False', 'dry-run', false],
    ['SYNC', 'always', 'sync', 'always'],
    ['NUMBER', '42', 'number', 42],
  ])('INPUT_%s=%j', (variable, raw, name, wanted) => {
    expect(parseInputs(spec, { [`INPUT_${variable}`]: raw })).toMatchObject({ [name]: wanted });
  });
});

test.each([
  ['512MB', 512_000_000],
  ['512MiB', 536_870_912],
  ['1GB', 1_000_000_000],
  ['64KiB', 65_536],
  ['0MB', 0],
])('a size: %s is %d bytes', (raw, wanted) => {
  expect(size({ default: '1MB' }).parse(raw)).toBe(wanted);
});

test.each([
  '',
  '512',
  '512M',
  '512mb',
  '1.5GB',
  '-1MB',
  '1 GB',
  '1e3MB',
  '99999999MB',
])('a size is not %j', (raw) => {
  expect(() => size({ default: '1MB' }).parse(raw)).toThrow(/allowed: a size with its unit, such as 512MB/);
});

describe('a wrong value names the input, the value and what is allowed', () => {
  test.each([
    ['TIMEOUT', '10', 'timeout: "10": allowed: a duration with its unit, such as 90s, 10m or 1h30m'],
    ['TIMEOUT', '30m1h', 'timeout: "30m1h"'],
    ['DRY-RUN', 'yes', 'dry-run: "yes": allowed: true, false'],
    ['DRY-RUN', 'tRUE', 'dry-run: "tRUE"'],
    ['SYNC', 'sometimes', 'sync: "sometimes": allowed: never, always'],
    ['EXPECT', '0', 'expect: "0": allowed: a whole number from 1 to 9'],
    ['EXPECT', '1.5', 'expect: "1.5"'],
    ['IMAGES', '["a", 1]', 'allowed: one entry per line, or a JSON array of strings'],
    ['IMAGES', '["a"', 'this begins as JSON and is none'],
    ['SYNC', 'x'.repeat(500), `"${'x'.repeat(77)}…"`],
  ])('INPUT_%s=%j', (variable, raw, wanted) => {
    expect(problemOf(spec, { [`INPUT_${variable}`]: raw }).message).toContain(wanted);
  });
});

test('all problems stand in one error', () => {
  const error = problemOf(spec, { INPUT_TIMEOUT: '10', INPUT_SYNC: 'x', 'INPUT_DRY-RUN': 'x' });
  expect(error).toMatchObject({ kind: 'input', code: 'invalid-input' });
  expect(error.message).toMatch(/^3 problems in the inputs: timeout: .*; dry-run: .*; sync: /);
});

test('every entry of a list is checked, and each wrong one is named', () => {
  const entries = list().of((entry) => {
    if (!entry.includes(':')) throw new Error('allowed: <repository>:<tag>');
    return entry.split(':');
  });
  expect(parseInputs({ entries }, { INPUT_ENTRIES: 'a:1\nb:2' }).entries).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
  const { message } = problemOf({ entries }, { INPUT_ENTRIES: 'a\nb:1\nc' });
  expect(message).toContain('entries: "a": allowed: <repository>:<tag>; entries: "c": allowed:');
});

test('an added rule and a parser of a text take part', () => {
  const of = {
    size: integer({ default: '4' }).check((value) => {
      if ((value ?? 0) % 2 !== 0) throw new Error('allowed: an even number');
    }),
    name: text({ required: true }),
    url: text().of((value) => new URL(value).host),
  };
  expect(parseInputs(of, { INPUT_NAME: 'n', INPUT_URL: 'http://a.example/x' })).toEqual({
    size: 4,
    name: 'n',
    url: 'a.example',
  });
  expect(problemOf(of, { INPUT_SIZE: '3' }).message).toBe(
    '2 problems in the inputs: size: "3": allowed: an even number; name: is required and was not given',
  );
});

test('what is wrong with inputs together stands in the same error as what is wrong with each', () => {
  const of = { a: text(), b: list(), mode: oneOf(['x', 'y'], { default: 'x' }) };
  const seen: object[] = [];
  const read = (env: Record<string, string>) => () =>
    parseInputs(of, env, (inputs) => {
      seen.push(inputs);
      return inputs.a === '' && inputs.b?.length === 0 ? ['give `a` or `b`'] : [];
    });
  expect(read({ INPUT_MODE: 'z' })).toThrow(
    /^2 problems in the inputs: mode: "z": allowed: x, y; give `a` or `b`$/,
  );
  expect(read({})).toThrow('An input is wrong: give `a` or `b`');
  expect(read({ INPUT_A: '1' })).not.toThrow();
  // One that is malformed is not there at all, so that nobody takes it for one that was not given.
  expect(seen[0]).toEqual({ a: '', b: [] });
});

test('a secret is never repeated in an error', () => {
  const of = {
    key: secret().check(() => {
      throw new Error('allowed: a PEM text');
    }),
  };
  const { message } = problemOf(of, { INPUT_KEY: 'hunter2hunter2' });
  expect(message).toBe('An input is wrong: key: allowed: a PEM text');
  expect(secretsOf(of, { INPUT_KEY: ' hunter2hunter2\n' })).toEqual(['hunter2hunter2']);
});

test.each([
  ['https://admin:hunter2secret@argocd.example', 'https://***@argocd.example'],
  ['https://admin:hunter2secret/@x@argocd.example', 'https://***@argocd.example'],
  ['a=https://hunter2secret@argocd.example/b', 'a=https://***@argocd.example/b'],
  [`https://admin:hunter2secret${'x'.repeat(99)}@argocd.example`, 'https://***@argocd.example'],
  ['https://registry.example/app@sha256:12', 'https://registry.example/app@sha256:12'],
])('nor is the password in a URL: %s', (given, shown) => {
  const never = () => {
    throw new Error('allowed: nothing');
  };
  for (const of of [{ where: text().of(never) }, { where: list().of(never) }, { where: text().check(never) }])
    expect(problemOf(of, { INPUT_WHERE: given }).message).toContain(`where: "${shown}": allowed`);
});

test('an input may say what of its text is to be masked', () => {
  const of = { where: list({ secretsIn: passwordsIn }), why: text() };
  const given = '["https://a:hunter2secret@b.example","https://ghp_token@c.example","https://d.example"]';
  expect(secretsOf(of, { INPUT_WHERE: given, INPUT_WHY: given })).toEqual(['hunter2secret', 'ghp_token']);
});

test('fail-on-verdict knows the verdicts of the action only', () => {
  const of = commonInputs(['live', 'unknown']);
  expect(parseInputs(of, { 'INPUT_FAIL-ON-VERDICT': 'live' })['fail-on-verdict']).toEqual(['live']);
  expect(problemOf(of, { 'INPUT_FAIL-ON-VERDICT': 'live, alive' }).message).toContain(
    'fail-on-verdict: "alive": allowed: live, unknown',
  );
});

test('differences to action.yml are found', () => {
  const outputs = Object.fromEntries(
    ['verdict', 'ok', 'reason', 'summary', 'result'].map((name) => [name, { description: 'd' }]),
  );
  const of = { token: secret(), path: text({ default: '.' }) };
  const right = {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's, as action.yml has it.
    token: { description: 'd', default: '${{ github.token }}' },
    path: { description: 'd', default: '.' },
  };
  expect(contractProblems(of, { inputs: right, outputs })).toEqual([]);
  expect(
    contractProblems(
      of,
      { inputs: { path: { default: '/', required: true }, pth: { description: 'd' } }, outputs },
      ['changed'],
    ),
  ).toEqual([
    'input token: missing in action.yml',
    'input pth: unknown to the code',
    'input path: has no description',
    'input path: default "/" in action.yml, "." in the code',
    'input path: `required` differs',
    'output changed: missing in action.yml',
  ]);
});

describe('a list of secrets', () => {
  const pairs = secrets(
    (entry) => {
      if (!entry.includes('=')) throw new Error('allowed: name=password');
      return entry.split('=')[0] ?? '';
    },
    (entry) => [entry.split('=')[1] ?? ''],
  );

  test('tells a wrong entry by its number, and repeats none', () => {
    const of = { pairs };
    expect(() => parseInputs(of, { INPUT_PAIRS: 'a=hunter2\nhunter3\n\nhunter4' })).toThrow(
      /^2 problems in the inputs: pairs: entry 2: allowed: name=password; pairs: entry 3: allowed: name=password$/,
    );
    expect(() => parseInputs(of, { INPUT_PAIRS: '["hunter2' })).toThrow(/^(?!.*hunter)/);
    expect(parseInputs(of, { INPUT_PAIRS: '["a=hunter2", "b=x"]' })).toEqual({ pairs: ['a', 'b'] });
  });

  test('masks the whole, and of each entry what is secret', () => {
    expect(secretsOf({ pairs }, { INPUT_PAIRS: 'a=hunter2\nb=hunter3' })).toEqual([
      'a=hunter2\nb=hunter3',
      'hunter2',
      'hunter3',
    ]);
    expect(secretsOf({ pairs }, { INPUT_PAIRS: '["hunter2' })).toEqual(['["hunter2']);
  });
});
