import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { forAct } from '../e2e/rig/published.ts';
import { root } from './deploy-stage.ts';

const folder = path.join(root, '.github/workflows');
const lines = (of: string): readonly string[] => of.split('\n');

test.each(
  readdirSync(folder),
)('what act runs is %s without what it does not know, and nothing else differs', (name) => {
  const text = readFileSync(path.join(folder, name), 'utf8');
  const kept = lines(text).filter((line) => line !== '      deployment: false');
  const copy = lines(forAct(text));
  expect(copy).toHaveLength(kept.length);
  const changed = kept.flatMap((line, at) => (copy[at] === line ? [] : [[line.trim(), copy[at]?.trim()]]));
  expect(changed.map(([was]) => was)).toEqual(
    kept.filter((line) => line.includes('uses: $/')).map((l) => l.trim()),
  );
  expect(
    changed.filter(([, is]) => !/uses: sluice-delivery\/sluice(\/[\w./-]+)?@v1$/.test(is ?? '')),
  ).toEqual([]);
  expect(forAct(text)).not.toMatch(/deployment: false|uses: \$\//);
});

test('the own repository is named by its version, its root without a path', () => {
  expect(forAct('    uses: $/\n    - uses: $/actions/x\n')).toBe(
    '    uses: sluice-delivery/sluice@v1\n    - uses: sluice-delivery/sluice/actions/x@v1\n',
  );
});
