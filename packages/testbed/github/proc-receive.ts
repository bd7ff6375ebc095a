/**
 * Git's `proc-receive` hook of the stand-in's repositories: refuses every ref that it is given, with the lines and the reason
 * that the rules file (first argument) holds. The protocol: https://git-scm.com/docs/githooks#proc-receive
 */
import { readFileSync, readSync, writeSync } from 'node:fs';

interface Rule {
  readonly ref: string;
  readonly lines: readonly string[];
  readonly reason: string;
}

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

const rules: readonly Rule[] = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
readPackets();
write(['version=1\0']);
const refs = readPackets().map((command) => command.split(' ')[2] ?? '');
const results = refs.map((ref) => {
  const rule = rules.find((one) => one.ref === ref);
  if (rule === undefined) return `ng ${ref} pre-receive hook declined`;
  for (const line of rule.lines) writeSync(2, `${line}\n`);
  return `ng ${ref} ${rule.reason}`;
});
write(results);
