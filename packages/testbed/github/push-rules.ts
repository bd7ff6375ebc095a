import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pushRefusal } from './rules.ts';
import type { Repository } from './types.ts';

/** The file beside a bare repository's `config` that names the refs with a rule; included by it. */
export const PUSH_RULES = 'push-rules.config';

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Refuses pushes to branches with a rule, in GitHub's words. The hook is `proc-receive`, because it is the only one that
 * gives the reason of a rejection (`protected branch hook declined`) in its own words. Without rules Git does not run it.
 */
export function setPushRules(repository: Repository, web: string): void {
  const hooks = join(repository.dir, 'hooks');
  mkdirSync(hooks, { recursive: true });
  const rules = [...repository.rules].map(([branch, rule]) => {
    const ref = `refs/heads/${branch}`;
    return { ref, ...pushRefusal(rule, ref, web) };
  });
  writeFileSync(join(hooks, 'rules.json'), JSON.stringify(rules));
  const script = join(import.meta.dirname, 'proc-receive.ts');
  const command = [process.execPath, script, join(hooks, 'rules.json')].map(quote).join(' ');
  writeFileSync(join(hooks, 'proc-receive'), `#!/bin/sh\nexec ${command}\n`);
  chmodSync(join(hooks, 'proc-receive'), 0o755);
  const config = rules.map(({ ref }) => `[receive]\n\tprocReceiveRefs = ${JSON.stringify(ref)}\n`);
  writeFileSync(join(repository.dir, PUSH_RULES), config.join(''));
}
