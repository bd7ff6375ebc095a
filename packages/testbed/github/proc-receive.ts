/**
 * Git's `proc-receive` hook of the stand-in's repositories: refuses refs with the lines and the reason that the rules file
 * (first argument) holds, and leaves the others to Git. The protocol: https://git-scm.com/docs/githooks#proc-receive
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readSync, writeSync } from 'node:fs';
import type { HookRules } from './push-rules.ts';

function read(length: number): string {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const count = readSync(0, bytes, at, length - at, null);
    if (count === 0) throw new Error('The other end closed the pipe');
    at += count;
  }
  return bytes.toString();
}

/** The packets up to the next flush. */
function readPackets(): string[] {
  const packets: string[] = [];
  for (;;) {
    const length = Number.parseInt(read(4), 16);
    if (length === 0) return packets;
    packets.push(read(length - 4).replace(/\n$/, ''));
  }
}

function write(packets: readonly string[]): void {
  const framed = packets.map(
    (text) => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`,
  );
  writeSync(1, `${framed.join('')}0000`);
}

/** The file and line of each added line that a pattern matches, with its commit. */
function findSecrets(patterns: readonly RegExp[], old: string, sha: string): string[] {
  const since = /[1-9a-f]/.test(old) ? [`^${old}`] : [];
  const log = ['log', '--patch', '--unified=0', '--format=commit %H', sha, ...since, '--not', '--all'];
  const found: string[] = [];
  let commit = '';
  let path = '';
  let number = 0;
  for (const line of execFileSync('git', log).toString().split('\n')) {
    commit = /^commit (\w+)/.exec(line)?.[1] ?? commit;
    path = /^\+\+\+ b\/(.*)/.exec(line)?.[1] ?? path;
    number = Number(/^@@ -\S+ \+(\d+)/.exec(line)?.[1] ?? number);
    if (!/^\+(?!\+\+)/.test(line)) continue;
    if (patterns.some((pattern) => pattern.test(line))) {
      found.push(`          - commit: ${commit}`, `            path: ${path}:${number}`);
    }
    number += 1;
  }
  return found;
}

/** Push protection, as GitHub prints it. */
const secretLines = (ref: string, found: readonly string[]): string[] => [
  `error: GH013: Repository rule violations found for ${ref}.`,
  '',
  '- GITHUB PUSH PROTECTION',
  '  —————————————————————————————————————————',
  '    Resolve the following violations before pushing again',
  '',
  '    - Push cannot contain secrets',
  '',
  '       locations:',
  ...found,
  '',
];

const isForced = (old: string, sha: string): boolean =>
  !/[1-9a-f]/.test(sha) ||
  (/[1-9a-f]/.test(old) && spawnSync('git', ['merge-base', '--is-ancestor', old, sha]).status !== 0);

const known: HookRules = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const patterns = known.secrets.map((source) => new RegExp(source));

interface Refusal {
  readonly lines: readonly string[];
  readonly reason: string;
}

function refusalOf(old: string, sha: string, ref: string): Refusal | undefined {
  const rule = known.rules.find((one) => one.ref === ref);
  if (rule !== undefined && (!rule.forcedOnly || isForced(old, sha))) return rule;
  const found = patterns.length === 0 || !/[1-9a-f]/.test(sha) ? [] : findSecrets(patterns, old, sha);
  return found.length === 0
    ? undefined
    : { lines: secretLines(ref, found), reason: 'push declined due to repository rule violations' };
}

readPackets();
write(['version=1\0']);
const results = readPackets().flatMap((command) => {
  const [old = '', sha = '', ref = ''] = command.split(' ');
  const refused = refusalOf(old, sha, ref);
  if (refused === undefined) return [`ok ${ref}`, 'option fall-through'];
  for (const line of refused.lines) writeSync(2, `${line}\n`);
  return [`ng ${ref} ${refused.reason}`];
});
write(results);
