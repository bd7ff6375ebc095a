import { readFile } from 'node:fs/promises';
import path from 'node:path';

const sha = /^[0-9a-f]{40}$/;

async function packed(dir: string, ref: string): Promise<string | undefined> {
  const text = await readFile(path.join(dir, 'packed-refs'), 'utf8').catch(() => '');
  const line = text.split('\n').find((one) => one.endsWith(` ${ref}`));
  return line?.split(' ')[0];
}

/**
 * The commit of a branch, or of HEAD's branch, read from the repository's files: starting git for it takes ten times as long, and
 * every refresh asks. Undefined where the files do not tell; git then does.
 */
export async function readBranch(dir: string, branch: string): Promise<string | undefined> {
  if (branch.split('/').includes('..')) return undefined;
  const ref = branch === 'HEAD' ? await headOf(dir) : `refs/heads/${branch}`;
  if (ref === undefined) return undefined;
  const loose = await readFile(path.join(dir, ref), 'utf8').catch(() => '');
  const found = loose.trim() || (await packed(dir, ref));
  return found !== undefined && sha.test(found) ? found : undefined;
}

async function headOf(dir: string): Promise<string | undefined> {
  const text = await readFile(path.join(dir, 'HEAD'), 'utf8').catch(() => '');
  return /^ref: (refs\/heads\/\S+)\s*$/.exec(text)?.[1];
}
