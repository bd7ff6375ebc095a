/** What is read of a database; the tests make it small. */
export interface Limits {
  /** Of one record, and of one file of an archive, in bytes. The largest of OSV's, of kernels of distributions, have some megabytes. */
  readonly record: number;
  /** Of all files together, unpacked, in bytes. All that OSV exports is about 10 GB. */
  readonly unpacked: number;
  /** Files and entries of archives. All that OSV exports are about 1,000,000. */
  readonly files: number;
  /** Of all versions with the boundaries in the records that name them: a second holds about a million. */
  readonly comparisons: number;
  /** Of packages and records that affect them. */
  readonly matches: number;
}

const MEGABYTE = 1024 * 1024;

export const LIMITS: Limits = {
  record: 64 * MEGABYTE,
  unpacked: 32 * 1024 * MEGABYTE,
  files: 4_000_000,
  comparisons: 10_000_000,
  matches: 200_000,
};
