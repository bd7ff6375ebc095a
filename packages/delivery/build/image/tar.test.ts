import { describe, expect, test } from 'vitest';
import { readTar, type TarFile } from './tar.ts';
import { streamed, tarOf } from './test-layers.ts';

async function all(bytes: Buffer, size?: number): Promise<TarFile[]> {
  const found: TarFile[] = [];
  for await (const entry of readTar(streamed(bytes, size)(), ({ path }) => !path.endsWith('.skip')))
    found.push(entry);
  return found.filter(({ type }) => type !== 'folder');
}

const long = `${'folder-with-a-name/'.repeat(12)}${'x'.repeat(90)}`;
const files = {
  'a.txt': 'one',
  empty: '',
  'large.bin': Buffer.alloc(200_000, 7),
  'large.skip': Buffer.alloc(70_000, 8),
  'ünï/cödé.txt': 'two',
  [long]: 'three',
  link: { target: 'a.txt' },
  run: { content: 'x', mode: 0o755 },
};

describe.each(['gnu', 'pax'])('an archive of the format %s', (format) => {
  test.each([97, 512, 65_536])('is read in pieces of %d bytes', async (size) => {
    const found = new Map((await all(tarOf(files, format), size)).map((entry) => [entry.path, entry]));
    expect([...found.keys()].sort()).toEqual(Object.keys(files).sort());
    expect(found.get('a.txt')?.content?.toString()).toBe('one');
    expect(found.get('empty')).toMatchObject({ size: 0, content: Buffer.alloc(0) });
    expect(found.get('large.bin')?.content?.equals(files['large.bin'])).toBe(true);
    expect(found.get('large.skip')).toMatchObject({ size: 70_000, content: undefined });
    expect(found.get('ünï/cödé.txt')?.content?.toString()).toBe('two');
    expect(found.get(long)?.content?.toString()).toBe('three');
    expect(found.get('link')).toMatchObject({ type: 'symlink', target: 'a.txt', content: undefined });
    expect((found.get('run')?.mode ?? 0) & 0o777).toBe(0o755);
  });
});

const whole = tarOf({ 'a.txt': Buffer.alloc(5000, 65) });

test.each([
  ['cut off within a file', whole.subarray(0, 3000), /cut off/],
  ['cut off within a header', whole.subarray(0, 700), /cut off/],
  ['no tar', Buffer.alloc(2048, 65), /no tar, or broken/],
])('an archive that is %s is an error, and no empty image', async (_, bytes, message) => {
  await expect(all(bytes)).rejects.toMatchObject({
    code: 'image-unreadable',
    message: expect.stringMatching(message),
  });
});
