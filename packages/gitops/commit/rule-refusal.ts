/** GitHub's words where the rules of a branch refuse a write. */
export interface RuleRefusal {
  readonly type: 'branch-rules';
  /** The classic protection of a branch (GH006), or a ruleset (GH013). */
  readonly rule: 'branch-protected' | 'ruleset';
  readonly said: string;
  /** False where a pull request with the same commit would be refused as well. */
  readonly isMendedByPullRequest: boolean;
}

/** `Reference update failed` is all that REST says of some protected branches (https://github.com/actions/github-script/issues/455). */
const RULES =
  /GH006|GH013|protected.(?:branch|ref)|branch protection|repository rule violations|must be made through (?:a pull request|the merge queue)|not authorized to push to this branch|required status check|approving review|Reference update failed/i;

/** A ruleset says so in each of its answers, by Git and by the API; what lacks these words is the classic protection. */
const RULESET = /GH013|rule violations/i;

/**
 * Rules for what a push holds, on any branch, come under GH013 too: secrets (push protection), the sizes and paths of files.
 * https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#push-rulesets
 */
const CONTENT = /push protection|contain secrets|file (?:size|path|extension)|restricted file|large files/i;

/** Neither merging nor rebasing a pull request gives its commits a signature. */
const SIGNATURES = /verified signatures/i;

/** The refusal of a branch's rules in what Git or the API said; undefined where it refused for another reason. */
export function ruleRefusal(said: string, types: readonly string[] = []): RuleRefusal | undefined {
  const isRule = types.includes('BRANCH_PROTECTION_RULE_VIOLATION') || RULES.test(said);
  if (!isRule || CONTENT.test(said)) return undefined;
  const rule = RULESET.test(said) ? 'ruleset' : 'branch-protected';
  return { type: 'branch-rules', rule, said, isMendedByPullRequest: !SIGNATURES.test(said) };
}
