import type { BumpInputs, LoginInputs } from '../inputs.ts';

type Given = Partial<BumpInputs & LoginInputs>;

/** Whether Git logs in as the checkout in the workspace does, because nothing else is given. */
export function usesCheckoutLogin(inputs: Given): boolean {
  const { token, 'app-id': appId, 'ssh-key': sshKey, checkout, 'commit-method': method } = inputs;
  return method === 'git' && checkout === 'workspace' && token === '' && appId === '' && sshKey === '';
}

/** Whether nothing is asked of GitHub's API: a direct push with a login of Git's own. */
export function needsNoToken(inputs: Given): boolean {
  const hasKey = inputs['commit-method'] === 'git' && inputs['ssh-key'] !== '';
  return inputs.commit === 'direct' && (hasKey || usesCheckoutLogin(inputs));
}

/** What is wrong with the inputs that say how to commit. */
export function commitProblems(inputs: Given): readonly string[] {
  const problems: string[] = [];
  const { checkout, commit, 'commit-method': method } = inputs;
  if (checkout === 'clone' && commit === 'none') {
    problems.push(
      '`checkout: clone` and `commit: none` contradict each other: nothing would be left of the edits',
    );
  }
  if (inputs['ssh-key'] && method === 'api') {
    problems.push('`ssh-key` is given, and `commit-method` is `api`: a key is for `commit-method: git`');
  }
  if (inputs['ssh-known-hosts'] && inputs['ssh-key'] === '') {
    problems.push('`ssh-known-hosts` is given without `ssh-key`');
  }
  return problems;
}
