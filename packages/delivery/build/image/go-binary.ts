import type { ImagePackage } from './packages.ts';

/** https://pkg.go.dev/debug/buildinfo; the format since Go 1.18: behind 32 bytes, two texts with their lengths before them. */
const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const ALIGNED = 16;
const HEADER = 32;
const INLINE = 2;
/** The text of the modules has a mark of 16 bytes before and after it. */
const MARK = 16;

const ELF = Buffer.from('7f454c46', 'hex');

/** What a Go program says of its build, without the program; undefined of any other file. */
export function goBuildInfo(content: Buffer): Buffer | undefined {
  const header = content.subarray(0, ELF.length).equals(ELF) ? headerAt(content) : undefined;
  if (header === undefined) return undefined;
  const version = readText(content, header + HEADER);
  const modules = version && readText(content, version.end);
  return modules && Buffer.from(content.subarray(header, modules.end));
}

export const isGoBuildInfo = (content: Buffer): boolean => content.subarray(0, MAGIC.length).equals(MAGIC);

/** The modules that a Go program was built from, and Go itself, whose library is in it. */
export function goPackages(info: Buffer): readonly ImagePackage[] {
  const version = readText(info, HEADER);
  const modules = version && readText(info, version.end);
  if (version === undefined || modules === undefined) return [];
  const go = /^go(\d\S*)/.exec(version.bytes.toString('utf8'))?.[1];
  const lines = modules.bytes.subarray(MARK, -MARK).toString('utf8').split('\n');
  return [...(go === undefined ? [] : [goPackage('stdlib', go)]), ...modulesOf(lines)];
}

/** `dep`, path, version, hash; a line `=>` after it has what was built in its place. */
function modulesOf(lines: readonly string[]): readonly ImagePackage[] {
  return lines.flatMap((line, at) => {
    const [kind, path, version] = line.split('\t');
    if (kind !== 'dep') return [];
    const [arrow, otherPath, otherVersion] = (lines[at + 1] ?? '').split('\t');
    const [name, found] = arrow === '=>' ? [otherPath, otherVersion] : [path, version];
    // What is replaced by a folder has no version: it is listed all the same, and counted as what cannot be looked up.
    return name ? [goPackage(name, found ?? '')] : [];
  });
}

function goPackage(name: string, version: string): ImagePackage {
  const path = name.split('/').map(encodeURIComponent).join('/');
  return {
    name,
    version,
    purl: `pkg:golang/${path}${version === '' ? '' : `@${encodeURIComponent(version)}`}`,
  };
}

/** Where the header of a program with texts inside it begins. */
function headerAt(content: Buffer): number | undefined {
  for (let at = content.indexOf(MAGIC); at >= 0; at = content.indexOf(MAGIC, at + 1)) {
    if (at % ALIGNED === 0 && ((content[at + 15] ?? 0) & INLINE) !== 0) return at;
  }
  return undefined;
}

function readText(content: Buffer, at: number): { readonly bytes: Buffer; readonly end: number } | undefined {
  let [size, shift, next] = [0, 0, at];
  for (;;) {
    const byte = content[next++];
    if (byte === undefined || shift > 28) return undefined;
    size += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) break;
  }
  return next + size > content.length
    ? undefined
    : { bytes: content.subarray(next, next + size), end: next + size };
}
