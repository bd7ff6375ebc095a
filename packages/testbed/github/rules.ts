import { unprocessable } from './errors.ts';
import { storeOf } from './object-store.ts';
import { parseCommit } from './objects.ts';
import type { BranchRule, Reply, Repository, RuleKind, Wanted } from './types.ts';

/** What a rule says to those whom it refuses. */
const words: Readonly<Record<Wanted, string>> = {
  'pull-request': 'Changes must be made through a pull request.',
  'merge-queue': 'Changes must be made through the merge queue',
  checks: 'Required status check "ci" is expected.',
  signatures: 'Commits must have verified signatures.',
  'fast-forward': 'Cannot force-push to this branch',
};

export interface Rule {
  readonly kind: RuleKind;
  readonly wants: Wanted;
}

const whole = (rule: BranchRule): Rule =>
  typeof rule === 'string' ? { kind: rule, wants: 'pull-request' } : rule;

/** The rule of a branch, or undefined. */
export function ruleOf(repository: Repository, ref: string): Rule | undefined {
  const rule = repository.rules.get(ref.replace(/^refs\/heads\//, ''));
  return rule === undefined ? undefined : whole(rule);
}

/** A write as a rule sees it. */
export interface Write {
  /** The API signs what it commits itself. */
  readonly signed: boolean;
  readonly forced: boolean;
}

/** The rule that a write to a branch breaks, or undefined. */
export function brokenRule(repository: Repository, ref: string, write: Write): Rule | undefined {
  const rule = ruleOf(repository, ref);
  if (rule?.wants === 'signatures' && write.signed) return undefined;
  if (rule?.wants === 'fast-forward' && !write.forced) return undefined;
  return rule;
}

/** Whether GitHub itself has committed and signed. */
export async function isSigned(dir: string, sha: string): Promise<boolean> {
  const found = await storeOf(dir).read(sha);
  return found !== undefined && parseCommit(found.data).committer.includes('<noreply@github.com>');
}

/** What `git push` shows for it: the lines after `remote: ` and the reason of the rejection. */
export function pushRefusal(rule: Rule, ref: string, web: string): { lines: string[]; reason: string } {
  if (rule.kind === 'protection') {
    return {
      lines: [`error: GH006: Protected branch update failed for ${ref}.`, '', `- ${words[rule.wants]}`],
      reason: 'protected branch hook declined',
    };
  }
  return {
    lines: [
      `error: GH013: Repository rule violations found for ${ref}.`,
      `Review all repository rules at ${web}/rules?ref=${encodeURIComponent(ref)}`,
      '',
      `- ${words[rule.wants]}`,
      '',
    ],
    reason: 'push declined due to repository rule violations',
  };
}

/** The same in GraphQL: the type of the error tells, not its message. The ruleset's type is inferred, not recorded. */
export const graphqlRefusal = ({ kind, wants }: Rule): { type: string; message: string } =>
  kind === 'protection'
    ? { type: 'BRANCH_PROTECTION_RULE_VIOLATION', message: words[wants] }
    : { type: 'UNPROCESSABLE', message: `Repository rule violations found\n\n${words[wants]}\n\n` };

/** The same for the REST operations on refs. */
export const restRefusal = ({ kind, wants }: Rule, documentation: string): Reply =>
  unprocessable(
    kind === 'protection'
      ? 'Reference update failed'
      : `Repository rule violations found\n\n${words[wants]}\n\n`,
    documentation,
  );
