import type { Env } from '@sluice/core/context';

/** Where a workflow file is: `ref` is a commit, or a branch or tag in full. */
export interface FileReference {
  readonly owner: string;
  readonly repo: string;
  /** `.github/workflows/ci.yml` */
  readonly path: string;
  readonly ref: string;
}

/** Reads `owner/name/.github/workflows/ci.yml@refs/heads/main`, as GitHub writes it. Throws an Error that says what is allowed. */
export function parseFileReference(text: string): FileReference {
  const match = /^([\w.-]+)\/([\w.-]+)\/((?!.*(?:^|\/)\.\.?\/)[^@]+\.ya?ml)@(.+)$/i.exec(text);
  const [, owner, repo, path, ref] = match ?? [];
  if (owner === undefined || repo === undefined || path === undefined || ref === undefined)
    throw new Error('allowed: owner/name/.github/workflows/file.yml@commit');
  return { owner, repo, path, ref };
}

/** The file of this run, at the commit from which GitHub took it; undefined where the runner does not say. */
export function fileOfRun(env: Env): FileReference | undefined {
  const { GITHUB_WORKFLOW_REF: where = '', GITHUB_WORKFLOW_SHA: sha = '' } = env;
  if (!/^[0-9a-f]{40,64}$/.test(sha)) return undefined;
  try {
    return { ...parseFileReference(where), ref: sha };
  } catch {
    return undefined;
  }
}
