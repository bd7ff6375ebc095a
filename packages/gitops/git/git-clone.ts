import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '@sluice/core/git';

/** Runs something in a clone. One action at a time: two fetches would meet at Git's lock of the shallow file. */
export type Clone = <T>(act: (git: Git) => Promise<T>) => Promise<T>;

/** A repository on this machine whose objects may be read in place of fetching them; nothing is written to it. */
export interface Lender {
  /** Absolute path of its `objects`. */
  readonly objects: string;
  /** Absolute path of the file in which it keeps where its history ends, should there be one. */
  readonly shallow: string;
}

export interface CloneOptions {
  readonly url: string;
  readonly dir: string;
  readonly git: (dir: string) => Git;
  readonly lender?: Lender | undefined;
}

/** A bare, partial clone that is empty, made when it is first used. */
export function createClone({ url, dir, git, lender }: CloneOptions): Clone {
  let ready: Git | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const next = last.then(() => {
      if (ready === undefined) {
        layOut(dir, url, lender);
        ready = git(dir);
      }
      return act(ready);
    });
    last = next.catch(() => {});
    return next;
  };
}

/** What `git init` and `git remote add` would write, without a process for each (gitrepository-layout(5)). */
function layOut(dir: string, url: string, lender: Lender | undefined): void {
  for (const folder of ['refs/heads', 'objects/info', 'objects/pack']) {
    mkdirSync(join(dir, folder), { recursive: true });
  }
  writeFileSync(join(dir, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(dir, 'config'), configOf(url));
  if (lender === undefined) return;
  writeFileSync(join(dir, 'objects/info/alternates'), `${lender.objects}\n`);
  if (existsSync(lender.shallow)) copyFileSync(lender.shallow, join(dir, 'shallow'));
}

function configOf(url: string): string {
  // Git takes no line break in a value, and a URL has none: nobody writes a line of the configuration by it.
  if (/\p{Cc}/u.test(url)) throw new Error('the address of a repository has a control character');
  const quoted = `"${url.replace(/["\\]/g, '\\$&')}"`;
  return `[core]
	repositoryformatversion = 1
	bare = true
[extensions]
	partialclone = origin
[remote "origin"]
	url = ${quoted}
	promisor = true
`;
}
