import { SluiceError } from '@sluice/core/errors';

export interface TarEntry {
  /** As it is written, without `./` before it and `/` after it. */
  readonly path: string;
  readonly type: 'file' | 'link' | 'symlink' | 'folder' | 'other';
  /** Where a link leads. */
  readonly target: string;
  readonly mode: number;
  readonly size: number;
}

/** An entry, and its content where that was asked for. */
export interface TarFile extends TarEntry {
  readonly content: Buffer | undefined;
}

/** Takes a piece of a file. */
export type Take = (piece: Buffer) => Promise<unknown>;

const BLOCK = 512;
/** Of names and pax headers. */
const LONGEST_HEADER = 1_000_000;

/**
 * Reads a tar archive (ustar, GNU's long names, pax: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html) entry by entry;
 * of a file only what `wanted` says is kept in memory, or handed to what it gives back piece by piece. Throws a SluiceError
 * `image-unreadable`.
 */
export async function* readTar(
  chunks: AsyncIterable<Buffer>,
  wanted: (entry: TarEntry) => boolean | Take,
): AsyncGenerator<TarFile> {
  const bytes = byteReader(chunks);
  let long: LongNames = {};
  for (;;) {
    const block = await bytes.take(BLOCK);
    // An archive that ends without its two empty blocks is read to its end by every tar.
    if (block === undefined || block.every((byte) => byte === 0)) return;
    const header = readHeader(block);
    const padding = (BLOCK - (header.size % BLOCK)) % BLOCK;
    if ('LKxg'.includes(header.flag)) {
      if (header.size > LONGEST_HEADER) throw unreadable('a header of its archive is too long');
      const content = (await bytes.need(header.size)).toString('utf8');
      await bytes.skip(padding);
      long = { ...long, ...longNames(header.flag, content) };
      continue;
    }
    const entry = entryOf(header, long);
    const { size } = entry;
    long = {};
    const take = entry.type === 'file' && wanted(entry);
    const content = take === true ? await bytes.need(size) : undefined;
    if (take !== true) await bytes.skip(size, take === false ? undefined : take);
    await bytes.skip((BLOCK - (size % BLOCK)) % BLOCK);
    yield { ...entry, content };
  }
}

const entryOf = (header: ReturnType<typeof readHeader>, long: LongNames): TarEntry => ({
  path: cleaned(long.path ?? header.path),
  target: long.target ?? header.target,
  type: TYPES[header.flag] ?? 'other',
  mode: header.mode,
  size: long.size ?? header.size,
});

const TYPES: Readonly<Record<string, TarEntry['type']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'symlink',
  '5': 'folder',
};

interface LongNames {
  readonly path?: string;
  readonly target?: string;
  readonly size?: number;
}

function longNames(flag: string, content: string): LongNames {
  const text = content.replace(/\0.*$/s, '');
  if (flag === 'L') return { path: text };
  if (flag === 'K') return { target: text };
  if (flag === 'g') return {};
  // `<length> <key>=<value>\n`, the length in bytes of all of it.
  const records = new Map(
    [...content.matchAll(/\d+ ([^=\n]+)=([^\n]*)\n/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const [path, target, size] = [records.get('path'), records.get('linkpath'), records.get('size')];
  return {
    ...(path === undefined ? {} : { path }),
    ...(target === undefined ? {} : { target }),
    ...(size === undefined ? {} : { size: Number(size) }),
  };
}

function readHeader(block: Buffer) {
  const text = (from: number, length: number) =>
    block.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  const sum = block.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum !== octal(block.subarray(148, 156))) throw unreadable('its archive is no tar, or broken');
  const prefix = text(257, 5) === 'ustar' && text(257, 8) !== 'ustar  ' ? text(345, 155) : '';
  return {
    path: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    mode: octal(block.subarray(100, 108)),
    size: octal(block.subarray(124, 136)),
    flag: String.fromCharCode(block[156] ?? 0),
    target: text(157, 100),
  };
}

/** GNU writes what is too large for octal digits in binary, with the first bit set. */
function octal(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return field.readUIntBE(field.length - 6, 6);
  const digits = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim();
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

const cleaned = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

export function unreadable(why: string, cause?: unknown): SluiceError {
  return new SluiceError('platform', 'image-unreadable', `The image cannot be read: ${why}.`, {
    hint: 'Look at the log of this step; with `scan: false` the image is built and started, and not scanned.',
    cause,
  });
}

/** Takes so many bytes of a stream. */
function byteReader(chunks: AsyncIterable<Buffer>) {
  const source = chunks[Symbol.asyncIterator]();
  let rest: Buffer[] = [];
  let available = 0;
  const fill = async (): Promise<boolean> => {
    const next = await source.next();
    if (next.done === true) return false;
    rest.push(next.value);
    available += next.value.length;
    return true;
  };
  const drop = (size: number): Buffer => {
    const all = rest.length === 1 && rest[0] !== undefined ? rest[0] : Buffer.concat(rest);
    const left = all.subarray(size);
    rest = left.length === 0 ? [] : [left];
    available = left.length;
    return all.subarray(0, size);
  };
  const take = async (size: number): Promise<Buffer | undefined> => {
    while (available < size) if (!(await fill())) return available === 0 ? undefined : short();
    return drop(size);
  };
  const short = (): never => {
    throw unreadable('its archive is cut off');
  };
  return {
    take,
    need: async (size: number): Promise<Buffer> =>
      size === 0 ? Buffer.alloc(0) : ((await take(size)) ?? short()),
    /** Hands them to `take`, where that is given. */
    async skip(size: number, take?: Take): Promise<void> {
      for (let left = size; left > 0; ) {
        if (available === 0 && !(await fill())) short();
        const piece = drop(Math.min(left, available));
        left -= piece.length;
        await take?.(piece);
      }
    },
  };
}
