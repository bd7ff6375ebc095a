import type { GitHub } from '@sluice/core/github';
import { answerOf } from './commit-api.ts';
import type { CommitAnswer, CommitRequest, FileContent } from './committer.ts';

/**
 * Commits by the Git Data API, which knows modes. GitHub signs such a commit when the token is an App's or GITHUB_TOKEN and
 * no author is given; with a person's token it is unsigned
 * (https://docs.github.com/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots).
 *
 * The new commit's parent is the head that was read, and the branch is moved without force: that succeeds only while the branch
 * stands there, or at an ancestor where somebody has just wound it back.
 */
export async function createCommitWithModes(github: GitHub, request: CommitRequest): Promise<CommitAnswer> {
  const { head, branch, message, files, deletions = [] } = request;
  const [owner = '', repo = ''] = request.repository.split('/');
  const at = { owner, repo };
  try {
    const base = await github.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      ...at,
      commit_sha: head,
    });
    const entries = await Promise.all(files.map((file) => writeBlob(github, at, file)));
    const tree = await github.request('POST /repos/{owner}/{repo}/git/trees', {
      ...at,
      base_tree: base.data.tree.sha,
      // `sha: null` deletes; mode and type are asked for all the same.
      tree: [
        ...entries,
        ...deletions.map((path) => ({ path, mode: '100644', type: 'blob', sha: null }) as const),
      ],
    });
    const commit = await github.request('POST /repos/{owner}/{repo}/git/commits', {
      ...at,
      message: message.body === '' ? message.headline : `${message.headline}\n\n${message.body}`,
      tree: tree.data.sha,
      parents: [head],
    });
    const { sha } = commit.data;
    const move = { ...at, ref: `heads/${branch}`, sha, force: false };
    await github.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', move, { once: true });
    return { type: 'committed', commit: sha };
  } catch (error) {
    return answerOf(error);
  }
}

/** As base64: text would have to be valid UTF-8 in JSON, and keep its byte order mark and line ends on the way. */
async function writeBlob(github: GitHub, at: { owner: string; repo: string }, file: FileContent) {
  const content = Buffer.from(file.text, 'utf8').toString('base64');
  const blob = { ...at, content, encoding: 'base64' };
  const { data } = await github.request('POST /repos/{owner}/{repo}/git/blobs', blob);
  return { path: file.path, mode: file.mode, type: 'blob', sha: data.sha } as const;
}
