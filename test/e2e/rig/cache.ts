import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder of this name that outlives the run; where there is none yet, `fill` makes what is in it. */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice', 'e2e');
  const kept = join(cache, name);
  if (await exists(kept)) return kept;

  const fresh = `${kept}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  await fill(fresh);
  // A run beside this one may have been faster: its result is the same.
  await rename(fresh, kept).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true });
    if (!(await exists(kept))) throw error;
  });
  return kept;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
