/**
 * A path below a repository's root as Git writes it: `./apps//a/` is `apps/a`, `.` stays. Throws an Error for one that
 * leads out of the repository.
 */
export function repositoryPath(given: string): string {
  const path = given.replaceAll('\\', '/');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path))
    throw new Error('allowed: a path relative to the repository');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new Error('allowed: a path inside the repository, without `..`');
  if (parts.some((part) => part.toLowerCase() === '.git'))
    throw new Error('allowed: a path of a file that Git keeps');
  return parts.length === 0 ? '.' : parts.join('/');
}
