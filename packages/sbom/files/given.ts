// Not its promises: they take 2 ms of a start.
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, SluiceError } from '@sluice/core/errors';
import '../reasons.ts';
import { nameKey } from '../decide/group.ts';
import type { Allowance, FileNote, VexStatement } from '../decide/types.ts';
import { oneLine } from '../page/foreign.ts';
import { noteText } from '../page/scan-page.ts';
import type { EpssTable } from './epss.ts';
import type { KevCatalog } from './kev.ts';
import type { Parsed } from './parsed.ts';

/** Where the allow-list is looked for, and need not be. */
export const DEFAULT_ALLOW_LIST = '.github/sluice-allow.yml';

/** The files beside the SBOMs, as the inputs name them. */
export interface GivenFiles {
  readonly allowList: string | undefined;
  readonly vex: readonly string[];
  readonly kev: string | undefined;
  readonly epss: string | undefined;
}

export interface Given {
  readonly allow: readonly Allowance[];
  readonly vex: readonly VexStatement[];
  /** Undefined where no file is named. */
  readonly kev: KevCatalog | undefined;
  /** The probabilities of these ids (in any case). Throws as `readGiven` does. Undefined where no file is named. */
  readonly epss: ((ids: Iterable<string>) => Promise<EpssTable>) | undefined;
}

/** Hears of each line of the allow-list that is wrong, before the error is thrown that lists all that is. The other files are made by programs. */
type TellLine = (note: FileNote) => void;

interface Broken {
  readonly code: ErrorCode;
  readonly problems: readonly FileNote[];
}

const MB = 1_000_000;
/** The largest catalogs of today have 2 MB; a VEX document of a distribution has tens. */
const LIMITS = { allowList: MB, vex: 100 * MB, kev: 50 * MB, epss: 500 * MB } as const;

/**
 * Reads what takes findings out or makes them worse. `root`: the folder that the names are relative to. A file that is named is
 * read, or it is an error: one SluiceError with all that is wrong with any of them, by file and line.
 */
export async function readGiven(
  files: GivenFiles,
  root: string,
  tellLine: TellLine = () => {},
): Promise<Given> {
  const broken: Broken[] = [];
  const parsed = async <T>(
    code: ErrorCode,
    file: string,
    limit: number,
    parse: (content: string) => Parsed<T> | Promise<Parsed<T>>,
  ): Promise<T | undefined> => {
    const content = await contentOf(join(root, file), limit);
    const { value, problems } =
      'content' in content
        ? await parse(content.content)
        : { value: undefined, problems: [{ file, ...content }] };
    if (problems.length > 0) broken.push({ code, problems });
    return value;
  };

  const { allowList, kev, epss } = files;
  const isListed =
    allowList !== undefined && !(allowList === DEFAULT_ALLOW_LIST && (await isAbsent(join(root, allowList))));
  const allow = isListed
    ? await parsed('allow-list-broken', allowList, LIMITS.allowList, async (text) =>
        (await import('./allow-list.ts')).parseAllowList(text, allowList),
      )
    : [];
  const vex: VexStatement[] = [];
  for (const file of new Set(files.vex)) {
    const statements = await parsed('vex-broken', file, LIMITS.vex, async (text) =>
      (await import('./vex.ts')).parseVex(text, file),
    );
    for (const statement of statements ?? []) vex.push(statement);
  }
  const exploited =
    kev === undefined
      ? undefined
      : await parsed('kev-broken', kev, LIMITS.kev, async (text) =>
          (await import('./kev.ts')).parseKev(text, kev),
        );
  const scores = epss === undefined ? undefined : scoresOf(join(root, epss), epss);
  if (scores !== undefined) broken.push(...(await scores([])).broken);
  for (const note of linesOf(broken)) tellLine(note);
  settle(broken);
  return {
    allow: allow ?? [],
    vex,
    kev: exploited,
    epss:
      scores &&
      (async (ids) => {
        const read = await scores(ids);
        settle(read.broken);
        return read.value;
      }),
  };
}

/** Those of the allow-list. */
const linesOf = (broken: readonly Broken[]): readonly FileNote[] =>
  broken
    .filter(({ code }) => code === 'allow-list-broken')
    .flatMap(({ problems }) => problems.filter(({ line }) => line !== undefined));

function scoresOf(path: string, file: string) {
  return async (ids: Iterable<string>): Promise<{ value: EpssTable; broken: readonly Broken[] }> => {
    const why = await unreadable(path, LIMITS.epss);
    const wanted = new Set([...ids].map(nameKey));
    const { value, problems } =
      why === undefined
        ? await (await import('./epss.ts')).readEpss(path, file, wanted)
        : { value: { scores: new Map<string, number>() }, problems: [{ file, message: why }] };
    return { value, broken: problems.length === 0 ? [] : [{ code: 'epss-broken', problems }] };
  };
}

async function contentOf(path: string, limit: number): Promise<{ content: string } | { message: string }> {
  const why = await unreadable(path, limit);
  return why === undefined ? { content: readFileSync(path, 'utf8') } : { message: why };
}

async function unreadable(path: string, limit: number): Promise<string | undefined> {
  try {
    const found = statSync(path);
    if (!found.isFile()) return 'this is no file';
    accessSync(path, constants.R_OK);
    return found.size > limit ? `this has ${found.size} bytes; at most ${limit} are read` : undefined;
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'there is no such file' : `this cannot be read (${codeOf(error)})`;
  }
}

async function isAbsent(path: string): Promise<boolean> {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return codeOf(error) === 'ENOENT';
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** Throws one error for all that is broken; its code is that of the first. */
function settle(broken: readonly Broken[]): void {
  const [first] = broken;
  if (first === undefined) return;
  const notes = broken.flatMap((one) => one.problems);
  const problems = notes.map(noteText);
  const files = [...new Set(notes.map(({ file }) => file))];
  const what = files.length === 1 ? oneLine(files[0] ?? '') : `${files.length} files`;
  // Of several problems the sentence has a beginning that the list of them can stand below.
  const headline = problems.length === 1 ? '' : `${what} cannot be used: `;
  throw new SluiceError('input', first.code, `${headline}${problems.join('; ')}.`, { problems, hint: HINT });
}

const HINT =
  'Mend the files that are named: nothing was scanned, because what they say could not be taken into account.';
