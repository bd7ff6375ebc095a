// The archive of the whole repository, which every `uses:` downloads, as `.gitattributes` leaves it.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes, gzipped: what a job may have to download before the first line of an action runs. */
export const archiveLimit = 1_500_000;

/** The tar of the last commit, without what the `.gitattributes` on disk keeps out of it. */
export function archive(): Buffer {
  return execFileSync('git', ['archive', '--format=tar', '--worktree-attributes', 'HEAD'], {
    cwd: path.dirname(import.meta.dirname),
    maxBuffer: 1 << 28,
  });
}

/** What is downloaded, in bytes. */
export const archiveSize = (): number => gzipSync(archive()).length;
