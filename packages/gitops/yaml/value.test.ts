import { expect, test } from 'vitest';
import type { Scalar } from '../scalar.ts';
import { parseYaml } from './tree.ts';
import { readScalar } from './value.ts';

test.each<[string, Scalar]>([
  ['v1.10', 'v1.10'],
  ['1.10', 1.1],
  ['"1.10"', '1.10'],
  ["'1.10'", '1.10'],
  ['!!str 1.10', '1.10'],
  ['1.27.1', '1.27.1'],
  ['16', 16],
  ['true', true],
  ['on', true],
  ['0755', 493],
  ['0o17', 15],
  ['1e3', 1000],
  ['12:30', 750],
  ['1_000', 1000],
  ['~', null],
  ['', null],
  ['null', null],
  ['2024-01-02', '2024-01-02'],
  ['|-\n  1.10', '1.10'],
])('what either kind of YAML reader takes for something else is not text: %s', (text, value) => {
  const parsed = parseYaml(text === '' ? 'a:' : `a: ${text}`);
  const root = parsed.ok ? parsed.documents[0] : undefined;
  const node = root?.kind === 'mapping' ? root.entries[0]?.value : undefined;
  expect(node?.kind === 'scalar' && readScalar(node)).toBe(value);
});
