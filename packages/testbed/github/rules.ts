import { unprocessable } from './errors.ts';
import type { BranchRule, Reply, Repository } from './types.ts';

const wanted = 'Changes must be made through a pull request.';

/** The rule that keeps a branch from direct writes, or undefined. */
export const ruleOf = (repository: Repository, ref: string): BranchRule | undefined =>
  repository.rules.get(ref.replace(/^refs\/heads\//, ''));

/** What `git push` shows for it: the lines after `remote: ` and the reason of the rejection. */
export function pushRefusal(rule: BranchRule, ref: string, web: string): { lines: string[]; reason: string } {
  if (rule === 'protection') {
    return {
      lines: [`error: GH006: Protected branch update failed for ${ref}.`, `error: ${wanted}`],
      reason: 'protected branch hook declined',
    };
  }
  return {
    lines: [
      `error: GH013: Repository rule violations found for ${ref}.`,
      `Review all repository rules at ${web}/rules?ref=${encodeURIComponent(ref)}`,
      '',
      `- ${wanted}`,
      '',
    ],
    reason: 'push declined due to repository rule violations',
  };
}

/** The same in GraphQL: the type of the error tells, not its message. The ruleset's type is inferred, not recorded. */
export const graphqlRefusal = (rule: BranchRule): { type: string; message: string } =>
  rule === 'protection'
    ? { type: 'BRANCH_PROTECTION_RULE_VIOLATION', message: wanted }
    : { type: 'UNPROCESSABLE', message: `Repository rule violations found\n\n${wanted}\n\n` };

/** The same for the REST operations on refs. */
export const restRefusal = (rule: BranchRule, documentation: string): Reply =>
  unprocessable(
    rule === 'protection' ? 'Reference update failed' : `Repository rule violations found\n\n${wanted}\n\n`,
    documentation,
  );
