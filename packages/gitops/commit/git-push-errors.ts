import { type ErrorCode, SluiceError } from '@sluice/core/errors';
import type { CommitAnswer } from './committer.ts';
import { ruleRefusal } from './rule-refusal.ts';

/** What a push that failed comes to, for the one who commits. */
export type PushFailure = Exclude<CommitAnswer, { type: 'committed' | 'unclear' | 'limited' }>;

/** The branch stood elsewhere before anything was sent. */
const NOT_SENT = /\[rejected\].*\((?:stale info|fetch first|non-fast-forward|needs force)\)/;

/**
 * The branch stands elsewhere when the push arrives, or another push holds its lock. `fatal error in commit_refs` is GitHub's own word for two
 * pushes that met (https://github.com/orgs/community/discussions/25534).
 */
const STALE =
  /cannot lock ref|failed to (?:lock|update ref)|incorrect old value provided|Unable to create '.*\.lock'|fatal error in commit_refs|reference already exists/i;

type Refusal = readonly [
  words: RegExp,
  kind: 'input' | 'permission' | 'platform',
  code: ErrorCode,
  what: string,
  hint: string,
];

/** Refusals that no pull request mends; the first whose words were used is taken. */
const REFUSALS: readonly Refusal[] = [
  [
    /without `?workflows?`? (?:permission|scope)/i,
    'permission',
    'permission-denied',
    'The token may not change workflow files',
    'Give the App or the token the permission `workflows: write`; GITHUB_TOKEN cannot have it.',
  ],
  [
    /marked as read.only|denied to deploy key/i,
    'permission',
    'permission-denied',
    'The deploy key may not write',
    'Add the public key to the repository again, with "Allow write access".',
  ],
  [
    /archived so (?:it|it's|it is) is? ?read-only|was archived/i,
    'permission',
    'permission-denied',
    'The repository is archived',
    'Unarchive the repository, or name the one that replaced it.',
  ],
  [
    /Permission to .* denied|Write access to repository not granted|returned error: 403|not allowed to push/i,
    'permission',
    'permission-denied',
    'The token may not push: it needs the permission `contents: write`',
    'Add `contents: write` to `permissions:` of the job; for another repository than its own give an App or a token that reaches it.',
  ],
  [
    /push protection|contain secrets/i,
    'platform',
    'push-refused',
    'The push protection of the repository found a secret',
    'Take the secret out of the files, or allow it on the page that GitHub names.',
  ],
  [
    /GH001|exceeds .*(?:file )?size limit|large files|pack exceeds/i,
    'platform',
    'push-refused',
    'A file is too large for the server',
    'Make the file smaller, or keep it in Git LFS.',
  ],
  [
    /\[remote rejected\]|pre-receive hook declined|GH\d{3}/,
    'platform',
    'push-refused',
    'The server refuses the push',
    'A rule or hook of the server says what it wants: change the file or the message, or have the rule changed.',
  ],
];

/**
 * Reads what `git push` said of one branch. Undefined where it says nothing of the push itself: a network that fails, a
 * host that is not known.
 */
export function pushFailure(stderr: string): PushFailure | SluiceError | undefined {
  const said = serversWords(stderr);
  const refusal = ruleRefusal(stderr);
  if (refusal !== undefined) return { ...refusal, said };
  if (NOT_SENT.test(stderr)) return { type: 'stale' };
  // curl sends a request again by itself when a connection that it kept open is cut: it then meets its own effect.
  if (STALE.test(stderr)) return { type: 'stale', mayBeOurs: true };
  const found = REFUSALS.find(([words]) => words.test(stderr));
  if (found === undefined) return undefined;
  const [, kind, code, what, hint] = found;
  return new SluiceError(kind, code, `${what}. The server said: ${said}`, { hint, cause: new Error(stderr) });
}

/** What the server said of it: its own lines, else the reason of the rejection, else Git's last word. */
function serversWords(stderr: string): string {
  const lines = [...stderr.matchAll(/^remote: +(.*\S)/gm)].map(([, line = '']) =>
    line.replace(/^(?:error|fatal): /, ''),
  );
  const plain = lines.filter((line) => /[a-z]/i.test(line));
  if (plain.length > 0) return plain.join(' ').slice(0, 400);
  const rejected = /\[(?:remote )?rejected\].*\((.+)\)\s*$/m.exec(stderr)?.[1];
  const last = stderr
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => /^(ERROR|fatal|error):/.test(line));
  return rejected ?? last ?? 'nothing';
}
