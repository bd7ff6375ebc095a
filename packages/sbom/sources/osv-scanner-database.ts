import { stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Env } from '@sluice/core/context';
import type { SluiceError } from '@sluice/core/errors';
import { groupsOf } from '../database/groups.ts';
import { LIMITS } from '../database/limits.ts';
import { recordsOf } from '../database/records.ts';
import type { Package } from '../types.ts';
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
 * Proves that there is a database of each ecosystem, and of each release of a distribution, and gives the time of the oldest. osv-scanner takes
 * an archive without a single record, or without one of the release, for a database that knows of nothing, and some versions take
 * one that is not there for the same.
 */
export async function proveDatabases(folder: string, packages: readonly Package[]): Promise<Date> {
  let oldest = Number.POSITIVE_INFINITY;
  for (const [base, those] of Map.groupBy(packages, ({ ecosystem }) => baseOf(ecosystem))) {
    const file = join(folder, 'osv-scalibr', base, 'all.zip');
    const stats = await stat(file).catch((cause: NodeJS.ErrnoException) => {
      throw missing(base, `all.zip is not there (${cause.code})`);
    });
    const unseen = await unseenIn(file, those).catch((cause: unknown) => {
      throw missing(base, cause instanceof Error ? cause.message : String(cause));
    });
    if (unseen.length > 0) throw missing(base, `it has no record of ${unseen.slice(0, SHOWN).join(', ')}`);
    oldest = Math.min(oldest, stats.mtimeMs);
  }
  return new Date(oldest);
}

const SHOWN = 3;

/** `Debian` of `Debian:12`. */
export const baseOf = (ecosystem: string): string => ecosystem.split(':')[0] ?? ecosystem;

/** The ecosystems of which the archive has no record. As far as needed: to read all of it would take as long as a scan of our own. */
async function unseenIn(file: string, packages: readonly Package[]): Promise<readonly string[]> {
  const { see, unseen } = groupsOf(packages);
  for await (const record of recordsOf([file], LIMITS)) {
    see(record);
    if (unseen().length === 0) return [];
  }
  return unseen();
}

export function missing(ecosystem: string, why: string): SluiceError {
  return databaseError(
    'osv-scanner',
    `for ${lastWords(ecosystem)}: ${lastWords(why)}`,
    'Run `osv-scanner scan --offline-vulnerabilities --download-offline-databases` over the SBOM in a step before, or put the databases where OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY says, as `osv-scalibr/<ecosystem>/all.zip`.',
  );
}
