import { describe, expect, it } from 'vitest';
import { ruleRefusal } from './rule-refusal.ts';

const rulesets = 'Repository rule violations found\n\n';

describe('the rules of a branch', () => {
  it.each([
    [
      'branch-protected',
      'Changes must be made through a pull request.',
      ['BRANCH_PROTECTION_RULE_VIOLATION'],
    ],
    ['branch-protected', 'At least 1 approving review is required by reviewers with write access.', []],
    ['branch-protected', 'Protected branch update failed for refs/heads/main.', ['UNPROCESSABLE']],
    ['branch-protected', 'Cannot update this protected ref.', ['UNPROCESSABLE']],
    ['branch-protected', "You're not authorized to push to this branch. Visit https://docs.example", []],
    ['branch-protected', 'Required status check "ci" is expected.', []],
    ['branch-protected', 'Changes must be made through the merge queue', []],
    ['branch-protected', 'Reference update failed', []],
    ['ruleset', `${rulesets}Changes must be made through a pull request.`, ['UNPROCESSABLE']],
    ['ruleset', `${rulesets}Cannot update this protected ref.`, []],
    ['ruleset', `${rulesets}Required status check "ci" is expected.`, []],
  ] as const)('%s: %s', (rule, said, types) => {
    expect(ruleRefusal(said, types)).toEqual({
      type: 'branch-rules',
      rule,
      said,
      isMendedByPullRequest: true,
    });
  });

  it('that want signatures are not met by a pull request with the same commit', () => {
    const said = `${rulesets}Commits must have verified signatures.\n\nFound 1 violation`;
    expect(ruleRefusal(said)).toMatchObject({ rule: 'ruleset', isMendedByPullRequest: false });
  });

  it.each([
    'Resource not accessible by integration',
    'Expected branch to point to "b" but it did not.  Pull and try again.',
    'Update is not a fast forward',
    `${rulesets}- GITHUB PUSH PROTECTION\n  Push cannot contain secrets`,
    `${rulesets}File size cannot exceed 10 MB`,
    `${rulesets}File path restricted`,
    'You have exceeded a secondary rate limit.',
  ])('are not what refuses by: %s', (said) => {
    expect(ruleRefusal(said)).toBeUndefined();
  });
});
