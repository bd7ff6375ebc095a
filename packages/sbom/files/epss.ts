import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { nameKey } from '../decide/group.ts';
import { dayOf } from './day.ts';
import { type Notes, notesOn, type Parsed } from './parsed.ts';

/** A line of the table has below 40 characters. */
const LONGEST_LINE = 1000;
/** After so many broken lines the rest is not read. */
const ENOUGH = 20;
const HEADER = /^cve,epss,percentile(?:,|$)/i;
/** The percentile has to be there: without it the line was cut off, and the probability may be. */
const ROW = /^(CVE-\d{4}-\d{4,}),(\d*\.?\d+(?:e[-+]?\d+)?),[\d.]+(?:e[-+]?\d+)?(?:,|$)/i;

/** The first line of the file, above the table: `#model_version:v2025.03.14,score_date:2026-11-20T12:55:00Z`. */
const SCORE_DATE = /^#.*\bscore_date:([\d-]{10})/;

/** The probabilities of what is wanted, and of which day they are, where the file says that. */
export interface EpssTable {
  readonly scores: ReadonlyMap<string, number>;
  readonly day?: string;
}

/**
 * The probabilities of the ids that are wanted (in capitals), of the CSV file of https://www.first.org/epss/data_stats, as it is
 * or compressed by gzip. The table has about 300,000 lines: it is read piece by piece, and only what is wanted is kept.
 */
export async function readEpss(
  path: string,
  file: string,
  wanted: ReadonlySet<string>,
): Promise<Parsed<EpssTable>> {
  const notes = notesOn(file);
  const table: Table = { wanted, scores: new Map(), notes, hasHeader: false, rows: 0 };
  let number = 0;
  try {
    // Some thousand lines at a time: to wait for each one would take longer than to read it.
    for await (const lines of linesOf(path)) {
      for (const line of lines) {
        number += 1;
        if (notes.problems.length < ENOUGH) readLine(line, number, table);
      }
      if (notes.problems.length >= ENOUGH || table.isOther === true) break;
    }
    if (table.rows === 0 && notes.problems.length === 0)
      notes.add('this table of EPSS scores is empty', number);
  } catch (error) {
    notes.add(`this cannot be read: ${error instanceof Error ? error.message : String(error)}`, number + 1);
  }
  return { value: { scores: table.scores, ...dayOf(table.date) }, problems: notes.problems };
}

/** What is read of the table so far. */
interface Table {
  readonly wanted: ReadonlySet<string>;
  readonly scores: Map<string, number>;
  readonly notes: Notes;
  date?: string;
  hasHeader: boolean;
  /** It is another table: nothing more of it is read. */
  isOther?: boolean;
  rows: number;
}

function readLine(line: string, number: number, table: Table): void {
  const date = table.hasHeader ? undefined : SCORE_DATE.exec(line)?.[1];
  if (date !== undefined) table.date = date;
  if (line === '' || line.startsWith('#') || table.isOther === true) return;
  if (table.hasHeader) {
    table.rows += 1;
    readRow(line, number, table);
    return;
  }
  table.hasHeader = true;
  if (HEADER.test(line)) return;
  table.isOther = true;
  const said = 'this is no table of EPSS scores: it does not begin with `cve,epss,percentile`';
  table.notes.add(said, number);
}

function readRow(line: string, number: number, { wanted, scores, notes }: Table): void {
  const [, cve = '', epss = ''] = ROW.exec(line) ?? [];
  const probability = epss === '' ? Number.NaN : Number(epss);
  if (!(probability >= 0 && probability <= 1)) {
    notes.add('this is no CVE id with a probability from 0 to 1', number);
    return;
  }
  const key = nameKey(cve);
  if (wanted.has(key)) scores.set(key, Math.max(probability, scores.get(key) ?? 0));
}

/** The lines, as many at a time as a piece of the file has. */
async function* linesOf(path: string): AsyncGenerator<readonly string[]> {
  const raw = createReadStream(path);
  const stream = (await isGzip(path)) ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map((line) => line.trimEnd());
    if (rest.length > LONGEST_LINE) throw new Error(`a line is longer than ${LONGEST_LINE} characters`);
  }
  if (rest !== '') yield [rest.trimEnd()];
}

/** RFC 1952, section 2.3.1: its first two bytes. */
async function isGzip(path: string): Promise<boolean> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}
