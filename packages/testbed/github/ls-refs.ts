import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storeOf } from './object-store.ts';

interface Asked {
  readonly symrefs: boolean;
  readonly peel: boolean;
  readonly unborn: boolean;
  readonly prefixes: readonly string[];
}

const FLUSH = '0000';
const DELIMITER = '0001';

/** The packets of a request; undefined where it is cut short. Flush and delimiter stand as they are. */
function packets(body: string): string[] | undefined {
  const found: string[] = [];
  for (let at = 0; at < body.length; ) {
    const head = body.slice(at, at + 4);
    const length = Number.parseInt(head, 16);
    if (head === FLUSH || head === DELIMITER) {
      found.push(head);
      at += 4;
    } else if (length > 4 && at + length <= body.length) {
      found.push(body.slice(at + 4, at + length).replace(/\n$/, ''));
      at += length;
    } else return undefined;
  }
  return found;
}

/** What `command=ls-refs` of protocol 2 asks for (https://git-scm.com/docs/protocol-v2#_ls_refs); undefined for anything else. */
function parse(body: Buffer): Asked | undefined {
  const lines = packets(body.toString('latin1')) ?? [];
  const rest = lines.slice(lines.indexOf(DELIMITER) + 1);
  if (lines[0] !== 'command=ls-refs' || lines.at(-1) !== FLUSH || !lines.includes(DELIMITER))
    return undefined;
  const known = rest.every((line) => /^(?:peel|symrefs|unborn|0000|ref-prefix .*)$/.test(line));
  if (!known) return undefined;
  return {
    symrefs: rest.includes('symrefs'),
    peel: rest.includes('peel'),
    unborn: rest.includes('unborn'),
    prefixes: rest.filter((line) => line.startsWith('ref-prefix ')).map((line) => line.slice(11)),
  };
}

async function looseRefs(dir: string, folder: string, found: Map<string, string>): Promise<void> {
  const entries = await readdir(join(dir, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) await looseRefs(dir, name, found);
    else if (!name.endsWith('.lock')) {
      const text = await readFile(join(dir, name), 'latin1').catch(() => '');
      if (text !== '') found.set(name, text.trim());
    }
  }
}

/** Every ref with its object. Loose refs are read first: one that is packed meanwhile is then seen there. */
async function refsOf(dir: string): Promise<Map<string, string>> {
  const loose = new Map<string, string>();
  await looseRefs(dir, 'refs', loose);
  const packed = await readFile(join(dir, 'packed-refs'), 'latin1').catch(() => '');
  const all = new Map<string, string>();
  for (const [, sha = '', ref = ''] of packed.matchAll(/^([0-9a-f]{40}) (.+)$/gm)) all.set(ref, sha);
  for (const [ref, sha] of loose) all.set(ref, sha);
  const visible = [...all].filter(([ref]) => !ref.startsWith('refs/stand-in/'));
  return new Map(visible.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function headLine(dir: string, asked: Asked, refs: ReadonlyMap<string, string>): Promise<string[]> {
  const target = /^ref: (.+)/.exec(await readFile(join(dir, 'HEAD'), 'latin1'))?.[1] ?? '';
  const sha = refs.get(target);
  const symref = asked.symrefs ? ` symref-target:${target}` : '';
  if (sha === undefined) return asked.unborn ? [`unborn HEAD${symref}`] : [];
  return [`${sha} HEAD${symref}`];
}

async function refLine(dir: string, asked: Asked, ref: string, sha: string): Promise<string> {
  const tag = asked.peel && ref.startsWith('refs/tags/') ? await storeOf(dir).read(sha) : undefined;
  const peeled = tag?.type === 'tag' ? (await storeOf(dir).read(`${sha}^{}`))?.sha : undefined;
  return `${sha} ${ref}${peeled === undefined ? '' : ` peeled:${peeled}`}`;
}

/** The answer to `ls-refs` as `git upload-pack` gives it, without a process; undefined where that is asked for something else. */
export async function answerLsRefs(
  dir: string,
  body: Buffer,
  /** What a ref that stands at a commit is shown as; undefined: not at all. */
  seen: (ref: string, sha: string) => string | undefined = (_, sha) => sha,
): Promise<Buffer | undefined> {
  const asked = parse(body);
  if (asked === undefined) return undefined;
  const refs = await refsOf(dir);
  if ([...refs.values()].some((value) => !/^[0-9a-f]{40}$/.test(value))) return undefined; // a symbolic one
  const wanted = (ref: string): boolean =>
    asked.prefixes.length === 0 || asked.prefixes.some((prefix) => ref.startsWith(prefix));
  for (const [ref, sha] of refs) {
    const shown = wanted(ref) || wanted('HEAD') ? seen(ref, sha) : sha;
    if (shown === undefined) refs.delete(ref);
    else refs.set(ref, shown);
  }
  const lines = wanted('HEAD') ? await headLine(dir, asked, refs) : [];
  for (const [ref, sha] of refs) if (wanted(ref)) lines.push(await refLine(dir, asked, ref, sha));
  const framed = lines.map((line) => `${(line.length + 5).toString(16).padStart(4, '0')}${line}\n`);
  return Buffer.from(`${framed.join('')}${FLUSH}`, 'latin1');
}
