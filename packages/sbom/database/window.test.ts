import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createWindow } from './window.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-window-'));
const bytes = Buffer.from(Array.from({ length: 900_000 }, (_, index) => (index * 7919) >> 3));
writeFileSync(join(folder, 'file'), bytes);
const descriptor = openSync(join(folder, 'file'), 'r');
afterAll(() => {
  closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

test('what is read is what stands there, wherever and however much is read before', () => {
  const place = fc.tuple(fc.nat(bytes.length - 1), fc.nat(300_000));
  fc.assert(
    fc.property(fc.array(place, { maxLength: 8 }), (places) => {
      const read = createWindow(descriptor);
      for (const [start, length] of places) {
        const target = Buffer.alloc(Math.min(length, bytes.length - start));
        read(target, start);
        expect(target.equals(bytes.subarray(start, start + target.length))).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

test('a file that ends before is an error: it was made shorter meanwhile', () => {
  const read = createWindow(descriptor);
  expect(() => read(Buffer.alloc(10), bytes.length - 5)).toThrow('ends too early');
  expect(() => read(Buffer.alloc(10), bytes.length * 2)).toThrow('ends too early');
});
