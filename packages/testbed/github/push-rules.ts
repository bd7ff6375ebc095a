import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pushRefusal } from './rules.ts';
import type { Repository } from './types.ts';

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Writes the `pre-receive` hook that refuses pushes to branches with a rule, in GitHub's words. */
export function setPushRules(repository: Repository, web: string): void {
  const hook = join(repository.dir, 'hooks', 'pre-receive');
  if (repository.rules.size === 0) {
    rmSync(hook, { force: true });
    return;
  }
  const cases = [...repository.rules].map(([branch, rule]) => {
    const ref = `refs/heads/${branch}`;
    const { lines, reason } = pushRefusal(rule, ref, web);
    const words = [...lines, `${ref} -> ${branch} (${reason})`].map(quote).join(' ');
    return `  ${quote(ref)}) printf '%s\\n' ${words} >&2; status=1 ;;`;
  });
  const script = `#!/bin/sh
status=0
while read -r old new ref; do
  case "$ref" in
${cases.join('\n')}
  esac
done
exit $status
`;
  mkdirSync(join(repository.dir, 'hooks'), { recursive: true });
  writeFileSync(hook, script);
  chmodSync(hook, 0o755);
}
