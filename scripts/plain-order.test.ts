import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { plainOrder } from './plain-order.ts';

test('what reads package URLs is bundled without an Intl.Collator', async () => {
  const input = join(import.meta.dirname, '../packages/sbom/purl/purl.ts');
  const bundle = await rolldown({ input, platform: 'node', plugins: [plainOrder()] });
  const { output } = await bundle.generate({ format: 'esm' });
  const code = output.map((part) => (part.type === 'chunk' ? part.code : '')).join('');
  expect(code).toContain('class PackageURL');
  expect(code).not.toContain('Intl.Collator()');
}, 60_000);
