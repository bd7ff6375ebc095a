import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pushRefusal, ruleOf } from './rules.ts';
import type { Repository } from './types.ts';

/** The file beside a bare repository's `config` that names the refs with a rule; included by it. */
export const PUSH_RULES = 'push-rules.config';

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What the hooks of a repository know. */
export interface HookRules {
  readonly rules: readonly {
    readonly ref: string;
    readonly forcedOnly: boolean;
    readonly lines: readonly string[];
    readonly reason: string;
  }[];
  /** Sources of regular expressions; a push that adds a line which one of them matches is refused. */
  readonly secrets: readonly string[];
  /** In bytes. */
  readonly largestFile: number;
  readonly web: string;
}

function writeHook(hooks: string, name: string, first: string): void {
  const script = join(import.meta.dirname, `${name}.ts`);
  const command = [process.execPath, script, join(hooks, 'rules.json')].map(quote).join(' ');
  writeFileSync(join(hooks, name), `#!/bin/sh\n${first}exec ${command}\n`);
  chmodSync(join(hooks, name), 0o755);
}

/**
 * Refuses pushes in GitHub's words. Rules of branches stand in the hook `proc-receive`, because it is the only one that gives
 * the reason of a rejection (`protected branch hook declined`) in its own words; without rules Git does not run it. The size of
 * files stands in `pre-receive`, whose reason is GitHub's own, and which costs a process only where a push is large enough.
 */
export function setPushRules(repository: Repository, web: string): void {
  const hooks = join(repository.dir, 'hooks');
  mkdirSync(hooks, { recursive: true });
  const rules = [...repository.rules.keys()].flatMap((branch) => {
    const ref = `refs/heads/${branch}`;
    const rule = ruleOf(repository, ref);
    if (rule === undefined) return [];
    return [{ ref, forcedOnly: rule.wants === 'fast-forward', ...pushRefusal(rule, ref, web) }];
  });
  const secrets = repository.secretPatterns.map(({ source }) => source);
  const known: HookRules = { rules, secrets, largestFile: repository.largestFile, web };
  writeFileSync(join(hooks, 'rules.json'), JSON.stringify(known));
  writeHook(hooks, 'proc-receive', '');
  writeHook(hooks, 'pre-receive', '[ "$STAND_IN_PUSH" != small ] || exit 0\n');
  const refs = secrets.length > 0 ? ['refs'] : rules.map(({ ref }) => ref);
  const config = refs.map((ref) => `[receive]\n\tprocReceiveRefs = ${JSON.stringify(ref)}\n`);
  writeFileSync(join(repository.dir, PUSH_RULES), config.join(''));
}

/** How much zlib makes of a byte at most (https://zlib.net/zlib_tech.html). */
const LARGEST_RATIO = 1032;

/** For the hooks: whether a push of so many bytes (undefined: nobody knows) may hold a file that is too large. */
export const pushSize = (repository: Repository, bytes: number | undefined): 'small' | 'large' =>
  bytes !== undefined && bytes * LARGEST_RATIO < repository.largestFile ? 'small' : 'large';
