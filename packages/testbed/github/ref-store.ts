import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryGit } from './git.ts';

const ZERO = '0'.repeat(40);

/** How long Git waits for another's lock on a ref (core.filesRefLockTimeout), milliseconds. */
const LOCK_TIMEOUT = 100;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Git's own lock on a ref that stands in a file: nobody moves it meanwhile, a push neither. Undefined when it could not be had. */
async function lock(file: string): Promise<Awaited<ReturnType<typeof open>> | undefined> {
  for (const end = Date.now() + LOCK_TIMEOUT; ; await sleep(2)) {
    try {
      return await open(`${file}.lock`, 'wx');
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || Date.now() > end) return undefined;
    }
  }
}

const loose = async (file: string): Promise<string | undefined> => {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    return undefined;
  }
};

/** Moves a ref from `from` (undefined: it must not exist) to `to`; false when it stood elsewhere: compare and swap. */
export async function moveRef(
  dir: string,
  ref: string,
  from: string | undefined,
  to: string,
): Promise<boolean> {
  const file = join(dir, ref);
  const simple = from !== undefined && /^refs\/heads\/[\w./-]+$/.test(ref) && !ref.includes('..');
  if (!simple || (await loose(file)) === undefined) {
    return (await tryGit(dir, ['update-ref', ref, to, from ?? ZERO])).code === 0;
  }
  const held = await lock(file);
  if (held === undefined) return false;
  try {
    const stands = (await loose(file)) === from;
    if (stands) await held.writeFile(`${to}\n`);
    await held.close();
    if (stands) await rename(`${file}.lock`, file);
    else await rm(`${file}.lock`);
    return stands;
  } catch (error) {
    await rm(`${file}.lock`, { force: true });
    throw error;
  }
}
