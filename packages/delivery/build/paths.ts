import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type ErrorCode, SluiceError } from '@sluice/core/errors';
import type { BuildInputs } from './inputs.ts';

/** The files that a build is made from, relative to the repository. */
export interface BuildPaths {
  readonly context: string;
  readonly dockerfile: string;
  /** What the Dockerfile holds. */
  readonly text: string;
}

/** Finds them; throws one SluiceError for all that are missing, or lead out of the repository by a symbolic link. */
export function findPaths(
  inputs: Pick<BuildInputs, 'context' | 'dockerfile' | 'secrets'>,
  root: string,
): BuildPaths {
  const context = inputs.context ?? '.';
  const dockerfile = inputs.dockerfile ?? usualName(root, context);
  const problems: { readonly code: ErrorCode; readonly text: string }[] = [];
  const check = (
    code: ErrorCode,
    input: string,
    path: string,
    isWanted: (full: string) => boolean,
    what: string,
  ) => {
    const full = join(root, path);
    if (!isWanted(full)) problems.push({ code, text: `\`${input}\`: ${path} is no ${what}` });
    else if (leadsOut(full, root))
      problems.push({ code: 'invalid-input', text: `\`${input}\`: ${path} leads out of the repository` });
  };
  check('dockerfile-not-found', 'context', context, isFolder, 'folder');
  check('dockerfile-not-found', 'dockerfile', dockerfile, isFile, 'file');
  for (const { file } of inputs.secrets) check('secret-not-found', 'secrets', file, isFile, 'file');
  const [first] = problems;
  if (first !== undefined) {
    const texts = problems.map(({ text }) => text);
    const lead = texts.length === 1 ? '' : `${texts.length} paths of the inputs cannot be used: `;
    throw new SluiceError('input', first.code, `${lead}${texts.join('; ')}.`, {
      hint: 'Check the paths, which are relative to the repository, and that it was checked out by a step before.',
      problems: texts,
    });
  }
  return { context, dockerfile, text: readFileSync(join(root, dockerfile), 'utf8') };
}

/** As builders look for it. */
function usualName(root: string, context: string): string {
  const names = ['Dockerfile', 'Containerfile'].map((name) =>
    context === '.' ? name : `${context}/${name}`,
  );
  return names.find((name) => existsSync(join(root, name))) ?? names[0] ?? 'Dockerfile';
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function leadsOut(path: string, root: string): boolean {
  const real = realpathSync(path);
  return real !== root && !real.startsWith(`${root}${sep}`);
}
