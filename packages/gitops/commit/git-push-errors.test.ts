import { SluiceError } from '@sluice/core/errors';
import { describe, expect, it } from 'vitest';
import { pushFailure } from './git-push-errors.ts';

const to = 'To https://github.com/acme/gitops.git';
const failed = "error: failed to push some refs to 'https://github.com/acme/gitops.git'";
const rejected = (reason: string, remote: readonly string[] = [], by = 'remote rejected') =>
  [
    ...remote.map((line) => `remote: ${line}        `),
    to,
    ` ! [${by}] 97a2c41 -> main (${reason})`,
    failed,
  ].join('\n');

const protection = rejected('protected branch hook declined', [
  'error: GH006: Protected branch update failed for refs/heads/main.',
  '',
  '- Changes must be made through a pull request.',
]);
const ruleset = rejected('push declined due to repository rule violations', [
  'error: GH013: Repository rule violations found for refs/heads/main.',
  'Review all repository rules at https://github.com/acme/gitops/rules?ref=refs%2Fheads%2Fmain',
  '',
  '- Changes must be made through a pull request.',
  '',
]);

describe('a push that the rules of the branch refuse', () => {
  it.each([
    [
      'branch-protected',
      protection,
      'GH006: Protected branch update failed for refs/heads/main. - Changes must',
    ],
    ['ruleset', ruleset, 'GH013: Repository rule violations found for refs/heads/main. Review all'],
    ['branch-protected', rejected('Cannot update this protected ref.'), 'Cannot update this protected ref.'],
  ] as const)('says which kind they are: %s', (rule, stderr, said) => {
    const failure = pushFailure(stderr);
    expect(failure).toMatchObject({ type: 'branch-rules', rule, isMendedByPullRequest: true });
    expect(failure).toMatchObject({ said: expect.stringContaining(said) });
  });

  it('and want signatures, is not mended by a pull request', () => {
    const stderr = rejected('push declined due to repository rule violations', [
      'error: GH013: Repository rule violations found for refs/heads/main.',
      '- Commits must have verified signatures.',
      '  Found 1 violation:',
      '  97a2c41d0e2f97a2c41d0e2f97a2c41d0e2f97a2',
    ]);
    expect(pushFailure(stderr)).toMatchObject({ rule: 'ruleset', isMendedByPullRequest: false });
  });
});

describe('a push that lost a race', () => {
  it.each(['stale info', 'fetch first', 'non-fast-forward'])('before it was sent: %s', (reason) => {
    expect(pushFailure(rejected(reason, [], 'rejected'))).toEqual({ type: 'stale' });
  });

  it.each([
    rejected(
      "cannot lock ref 'refs/heads/main': is at 1f9c2aa0cd61c2e4ab45d2888a145713a0a9c001 but expected 97a2c41d0e2f97a2c41d0e2f97a2c41d0e2f97a2",
    ),
    rejected('incorrect old value provided'),
    rejected('failed to update ref'),
    rejected('fatal error in commit_refs'),
    rejected('failed to update ref', [
      "error: cannot lock ref 'refs/heads/main': Unable to create '/data/gitops.git/refs/heads/main.lock': File exists.",
    ]),
  ])('where it arrived may have lost it to itself, sent again by curl: %s', (stderr) => {
    expect(pushFailure(stderr)).toEqual({ type: 'stale', mayBeOurs: true });
  });
});

describe('a push that is refused for another reason is an error', () => {
  it.each([
    [
      'permission-denied',
      /may not push.*contents: write/,
      "remote: Permission to acme/gitops.git denied to github-actions[bot].\nfatal: unable to access 'https://github.com/acme/gitops.git/': The requested URL returned error: 403",
    ],
    [
      'permission-denied',
      /deploy key may not write/,
      'ERROR: The key you are authenticating with has been marked as read only.\nfatal: Could not read from remote repository.',
    ],
    [
      'permission-denied',
      /workflow files/,
      rejected(
        'refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission',
      ),
    ],
    [
      'permission-denied',
      /archived/,
      "remote: This repository was archived so it is read-only.\nfatal: unable to access 'https://github.com/acme/gitops.git/': The requested URL returned error: 403",
    ],
    [
      'push-refused',
      /found a secret/,
      rejected('push declined due to repository rule violations', [
        'error: GH013: Repository rule violations found for refs/heads/main.',
        '',
        '- GITHUB PUSH PROTECTION',
        '  Resolve the following violations before pushing again',
        '  - Push cannot contain secrets',
      ]),
    ],
    [
      'push-refused',
      /too large/,
      rejected('pre-receive hook declined', [
        'error: Trace: 5f2',
        'error: See https://gh.io/lfs for more information.',
        "error: File a.bin is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB",
        'error: GH001: Large files detected. You may want to try Git Large File Storage.',
      ]),
    ],
    [
      'push-refused',
      /refuses the push.*JIRA key/,
      rejected('pre-receive hook declined', ['the message lacks a JIRA key']),
    ],
  ] as const)('%s %s', (code, words, stderr) => {
    const failure = pushFailure(stderr);
    expect(failure).toBeInstanceOf(SluiceError);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(words), hint: expect.any(String) });
  });
});

it.each([
  "fatal: unable to access 'https://github.com/acme/gitops.git/': Could not resolve host: github.com",
  'Host key verification failed.\nfatal: Could not read from remote repository.',
  '',
])('says nothing of what is no answer to a push: %s', (stderr) => {
  expect(pushFailure(stderr)).toBeUndefined();
});
