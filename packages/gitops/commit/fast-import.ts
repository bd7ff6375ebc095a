import type { Git } from '@sluice/core/git';
import type { Author } from './commit-author.ts';
import type { CommitRequest } from './committer.ts';

export interface NewCommit extends Pick<CommitRequest, 'head' | 'message' | 'files' | 'deletions'> {
  readonly author: Author;
  /** Milliseconds since the epoch. */
  readonly date: number;
}

/** `git fast-import` needs a branch to build on; it is dropped in the same stream. */
const SCRATCH = 'refs/sluice/commit';
const ZERO = '0'.repeat(40);

/**
 * Writes a commit with these files over `head`, and no ref; answers its name. One process, no index and no file: only the
 * trees on the way to the files are read, so a clone without contents will do.
 */
export async function fastImport(git: Git, commit: NewCommit): Promise<string> {
  const { head, message, files, deletions = [], author, date } = commit;
  const who = `${author.name} <${author.email}> ${Math.floor(date / 1000)} +0000`;
  const text = message.body === '' ? message.headline : `${message.headline}\n\n${message.body}`;
  const input = Buffer.concat([
    Buffer.from(`feature done\ncommit ${SCRATCH}\nmark :1\nauthor ${who}\ncommitter ${who}\n`),
    data(`${text.trimEnd()}\n`),
    Buffer.from(`from ${head}\n`),
    // Before what is written: a file may take the place of a folder that goes.
    ...deletions.map((path) => Buffer.from(`D ${quote(path)}\n`)),
    ...files.flatMap(({ path, mode, text: content }) => [
      Buffer.from(`M ${mode} inline ${quote(path)}\n`),
      data(content),
    ]),
    Buffer.from(`\nget-mark :1\nreset ${SCRATCH}\nfrom ${ZERO}\ndone\n`),
  ]);
  return (await git.run(['fast-import', '--quiet', '--force'], { input })).trim();
}

function data(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}

/** A path as the stream takes it (git-fast-import(1), "quoted string"). */
function quote(path: string): string {
  const escaped = path.replace(/["\\\n]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return `"${escaped}"`;
}
