import { crc32, deflateRawSync } from 'node:zlib';

/** What an archive says of an entry where that differs from what is in it. */
export interface Lies {
  readonly name?: string;
  readonly flags?: number;
  readonly method?: number;
  readonly sum?: number;
  readonly size?: number;
}

export interface Content extends Lies {
  readonly text: string | Buffer;
  /** Not packed. */
  readonly stored?: boolean;
}

/** An archive by APPNOTE.TXT 4.3, for tests. */
export function zipOf(files: Readonly<Record<string, string | Content>>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const entry = entryOf(name, typeof content === 'string' ? { text: content } : content);
    locals.push(header(0x04034b50, entry, []), entry.name, entry.packed);
    central.push(header(0x02014b50, entry, [0, 0, 0, 0, 0, offset]), entry.name);
    offset += 30 + entry.name.length + entry.packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(central.length / 2, 8);
  end.writeUInt16LE(central.length / 2, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function entryOf(name: string, content: Content) {
  const bytes = Buffer.from(content.text);
  return {
    name: Buffer.from(content.name ?? name),
    packed: content.stored ? bytes : deflateRawSync(bytes),
    flags: content.flags ?? 0,
    method: content.method ?? (content.stored ? 0 : 8),
    sum: content.sum ?? crc32(bytes),
    size: content.size ?? bytes.length,
  };
}

/** The fields that both headers have; the central one has its version before and `more` after them. */
function header(signature: number, entry: ReturnType<typeof entryOf>, more: readonly number[]): Buffer {
  const isCentral = more.length > 0;
  const buffer = Buffer.alloc(isCentral ? 46 : 30);
  buffer.writeUInt32LE(signature, 0);
  let at = isCentral ? 6 : 4;
  for (const value of [20, entry.flags, entry.method, 0, 0]) at = buffer.writeUInt16LE(value, at);
  for (const value of [entry.sum, entry.packed.length, entry.size]) at = buffer.writeUInt32LE(value, at);
  for (const value of [entry.name.length, 0]) at = buffer.writeUInt16LE(value, at);
  if (isCentral) buffer.writeUInt32LE(more.at(-1) ?? 0, 42);
  return buffer;
}
