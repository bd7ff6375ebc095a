import { execFileSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { createScratchRepository } from '@sluice/testbed/argocd/scratch-repository';
import { serveGit } from '@sluice/testbed/git-http';

export const image = (tag: string): string => `registry.example/api:${tag}`;
export const FILE = 'apps/payments/deployment.yaml';

const deployment = (tag: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: payments }
spec:
  template:
    spec:
      containers:
        - name: app
          image: ${image(tag)}
`;

const NEWER =
  'Deploy 1.5.0\n\nSluice-Project: payments\nSluice-Environment: production\nSluice-Run: acme/app/99/1\n';

/** How the branch goes on after our commit: with one that does not matter, with somebody's, with a newer deployment of the same. */
export type Branch = 'plain' | 'overwritten' | 'superseded';

export interface Commits {
  readonly before: string;
  readonly ours: string;
  readonly later: string;
}

export interface Repositories extends Disposable {
  readonly commits: Readonly<Record<Branch, Commits>>;
  /** Answers a request of Git; false where it is none. */
  serve(request: IncomingMessage, response: ServerResponse): boolean;
}

/** Three repositories whose `main` sets the image from 1.3.9 to 1.4.2, and goes on. */
export function createRepositories(): Repositories {
  const repositories = {
    plain: createScratchRepository({ [FILE]: deployment('1.3.9') }),
    overwritten: createScratchRepository({ [FILE]: deployment('1.3.9') }),
    superseded: createScratchRepository({ [FILE]: deployment('1.3.9') }),
  };
  const commitsOf = (name: Branch, files: Readonly<Record<string, string>>, message: string): Commits => {
    const { url, commit } = repositories[name];
    const git = (...args: string[]) => execFileSync('git', ['-C', url, ...args], { encoding: 'utf8' }).trim();
    git('config', 'uploadpack.allowFilter', 'true');
    git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    const before = git('rev-parse', 'main');
    const ours = commit({ [FILE]: deployment('1.4.2') }, 'Deploy 1.4.2');
    return { before, ours, later: commit(files, message) };
  };
  const commits = {
    plain: commitsOf('plain', { 'apps/other/notes.yaml': 'a: 1\n' }, 'Notes'),
    overwritten: commitsOf('overwritten', { [FILE]: deployment('1.3.9') }, 'Back to the old one'),
    superseded: commitsOf('superseded', { [FILE]: deployment('1.5.0') }, NEWER),
  };
  return {
    commits,
    serve(request, response) {
      const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
      const [, name = '', service = ''] = /^\/(\w+)\.git\/(info\/refs|git-upload-pack)$/.exec(pathname) ?? [];
      if (name !== 'plain' && name !== 'overwritten' && name !== 'superseded') return false;
      void serveGit(request, response, {
        root: dirname(repositories[name].url),
        repository: 'repository.git',
        service: service === 'info/refs' ? service : 'git-upload-pack',
        query: search.slice(1),
        user: 'reader',
      });
      return true;
    },
    [Symbol.dispose]() {
      for (const one of Object.values(repositories)) one.close();
    },
  };
}
