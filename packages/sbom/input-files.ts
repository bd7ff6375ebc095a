import { globSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type ErrorCode, SluiceError } from '@sluice/core/errors';
import { oneLine } from './page/foreign.ts';

/** The files of one input: names and patterns, relative to the repository. */
export interface NamedFiles {
  readonly input: string;
  readonly given: readonly string[];
  /** Of the error where there is no such file; undefined: whoever reads it says so. */
  readonly missing?: ErrorCode;
  /** The input of which none of its files may be. */
  readonly besides?: string;
}

/**
 * The files that inputs name, relative to `root`, each input's in the order of the alphabet and once. A pattern that matches
 * nothing is an error, and so is a file outside of `root`, by a symbolic link too, one that `sarif` would write over, and one
 * that two inputs name that must differ: one SluiceError lists all of them.
 */
export function findFiles(
  inputs: readonly NamedFiles[],
  root: string,
  sarif?: string,
): readonly (readonly string[])[] {
  const problems: { readonly code: ErrorCode; readonly text: string }[] = [];
  const base = realpathSync(root);
  const written = sarif === undefined ? undefined : realPath(sarif, base);
  const found = inputs.map(({ input, given, missing }) => {
    const names = given.flatMap((name) => {
      const matched = matches(name, base);
      if (matched.length === 0 && missing !== undefined)
        problems.push({ code: missing, text: `\`${input}\`: ${oneLine(name)} is no file, and matches none` });
      return matched.length === 0 ? [name] : matched;
    });
    const files = [...new Set(names)].sort();
    for (const name of files.filter((one) => leadsOut(one, base))) {
      const text = `\`${input}\`: ${oneLine(name)} leads out of the repository`;
      problems.push({ code: 'invalid-input', text });
    }
    const isWritten = (one: string) => written !== undefined && realPath(one, base) === written;
    for (const name of files.filter(isWritten)) {
      const text = `\`sarif\` would write over ${oneLine(name)}, which \`${input}\` reads`;
      problems.push({ code: 'invalid-input', text });
    }
    return files;
  });
  for (const [at, { input, besides }] of inputs.entries()) {
    const other = besides === undefined ? undefined : found[inputs.findIndex((one) => one.input === besides)];
    const taken = new Set(other?.map((one) => realPath(one, base) ?? one));
    for (const name of (found[at] ?? []).filter((one) => taken.has(realPath(one, base) ?? one))) {
      const text = `\`${input}\` and \`${besides}\` both name ${oneLine(name)}: they must be different files`;
      problems.push({ code: 'invalid-input', text });
    }
  }
  const [first] = problems;
  if (first === undefined) return found;
  const texts = problems.map(({ text }) => text);
  throw new SluiceError('input', first.code, `${texts.join('; ')}.`, {
    hint: 'Check the paths, which are relative to the repository, and that the steps that write the files have run.',
    problems: texts,
  });
}

/** A name that is there is no pattern, whatever characters it holds. */
function matches(name: string, base: string): readonly string[] {
  if (isThere(join(base, name))) return [name];
  if (!/[*?[{]/.test(name)) return [];
  const found = globSync(name, { cwd: base, exclude: isNoSource });
  return found.map((one) => one.split(sep).join('/')).filter((one) => isFile(join(base, one)));
}

/** What tools put there belongs to nobody's list, and may be large. */
const isNoSource = (path: string): boolean => /(^|[\\/])(node_modules|\.git)$/.test(path);

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function leadsOut(name: string, base: string): boolean {
  const real = realPath(name, base);
  // What is not there leads nowhere.
  return real !== undefined && real !== base && !real.startsWith(base.endsWith(sep) ? base : `${base}${sep}`);
}

/** Of what is there. */
function realPath(name: string, base: string): string | undefined {
  try {
    return realpathSync(join(base, name));
  } catch {
    return undefined;
  }
}
