import { stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Env } from '@sluice/core/context';
import type { SluiceError } from '@sluice/core/errors';
import { LIMITS } from '../database/limits.ts';
import { recordsOf } from '../database/records.ts';
import { databaseError, lastWords } from './scanner.ts';

/** Where osv-scanner's offline databases are, as `setupLocalDBDirectory` of osv-scalibr's `osvlocal` finds them. */
export function databaseFolder(env: Env): string {
  const given = env.OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY;
  if (given !== undefined && given !== '') return given;
  if (process.platform === 'win32') return env.LOCALAPPDATA || tmpdir();
  const home = env.HOME || homedir();
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches');
  return env.XDG_CACHE_HOME || join(home, '.cache');
}

/**
 * Proves that there is a database of each ecosystem, and gives the time of the oldest. osv-scanner takes an archive without
 * a single record for a database that knows of nothing, and some versions take one that is not there for the same.
 */
export async function proveDatabases(folder: string, ecosystems: readonly string[]): Promise<Date> {
  let oldest = Number.POSITIVE_INFINITY;
  for (const ecosystem of ecosystems) {
    const file = join(folder, 'osv-scalibr', ecosystem, 'all.zip');
    const stats = await stat(file).catch((cause: NodeJS.ErrnoException) => {
      throw missing(ecosystem, `all.zip is not there (${cause.code})`);
    });
    await firstRecord(file).catch((cause: unknown) => {
      throw missing(ecosystem, cause instanceof Error ? cause.message : String(cause));
    });
    oldest = Math.min(oldest, stats.mtimeMs);
  }
  return new Date(oldest);
}

/** The whole archive would take as long as a scan of our own. */
async function firstRecord(file: string): Promise<void> {
  for await (const _ of recordsOf([file], LIMITS)) return;
}

export function missing(ecosystem: string, why: string): SluiceError {
  return databaseError(
    'osv-scanner',
    `for ${lastWords(ecosystem)}: ${lastWords(why)}`,
    'Run `osv-scanner scan --offline-vulnerabilities --download-offline-databases` over the SBOM in a step before, or put the databases where OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY says, as `osv-scalibr/<ecosystem>/all.zip`.',
  );
}
