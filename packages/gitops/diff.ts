/** Lines of context around a change, as `diff -u` shows. */
const CONTEXT = 3;

/**
 * The unified diff of one file, as `git diff` writes it; '' where the texts are equal. Edits replace values inside lines,
 * so that lines are compared one by one; where their number differs, everything between the first and the last
 * difference is one hunk.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  const old = splitLines(before);
  const now = splitLines(after);
  const hunks = old.length === now.length ? hunksByLine(old, now) : [hunkBetween(old, now)];
  if (before === after || hunks.length === 0) return '';
  return [
    `--- ${named('a', path)}`,
    `+++ ${named('b', path)}`,
    ...hunks.map((hunk) => formatHunk(hunk, old, now)),
  ].join('\n');
}

/** Quoted as Git does where a line break or another control character would make more of the name than one. */
function named(side: string, path: string): string {
  const name = `${side}/${path}`;
  return /\p{Cc}/u.test(name) ? JSON.stringify(name) : name;
}

type SignedLine = readonly [sign: ' ' | '-' | '+', line: string];

/** Half-open ranges of lines that are replaced. */
interface Hunk {
  readonly from: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

function splitLines(text: string): readonly string[] {
  const lines = text.split(/(?<=\n)/);
  return text === '' ? [] : lines;
}

function hunksByLine(old: readonly string[], now: readonly string[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  for (let line = 0; line < old.length; line++) {
    if (old[line] === now[line]) continue;
    const last = hunks.at(-1);
    // Hunks whose context would touch are one.
    if (last !== undefined && line - last.oldEnd <= 2 * CONTEXT) hunks.pop();
    const from = last !== undefined && line - last.oldEnd <= 2 * CONTEXT ? last.from : line;
    hunks.push({ from, oldEnd: line + 1, newEnd: line + 1 });
  }
  return hunks;
}

function hunkBetween(old: readonly string[], now: readonly string[]): Hunk {
  const shorter = Math.min(old.length, now.length);
  let from = 0;
  while (from < shorter && old[from] === now[from]) from++;
  let tail = 0;
  while (tail < shorter - from && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return { from, oldEnd: old.length - tail, newEnd: now.length - tail };
}

function formatHunk(hunk: Hunk, old: readonly string[], now: readonly string[]): string {
  const start = Math.max(0, hunk.from - CONTEXT);
  const after = old.slice(hunk.oldEnd, hunk.oldEnd + CONTEXT);
  const before = old.slice(start, hunk.from);
  const oldCount = hunk.oldEnd - start + after.length;
  const newCount = hunk.newEnd - start + after.length;
  const lines = [...signed(' ', before), ...changedLines(hunk, old, now), ...signed(' ', after)];
  const body = lines.map(([sign, line]) => sign + formatLine(line));
  return [`@@ -${start + 1},${oldCount} +${start + 1},${newCount} @@`, ...body].join('\n');
}

/** Inside a hunk of equal length, lines that did not change stay context. */
function changedLines(hunk: Hunk, old: readonly string[], now: readonly string[]): readonly SignedLine[] {
  const removed = old.slice(hunk.from, hunk.oldEnd);
  const added = now.slice(hunk.from, hunk.newEnd);
  if (removed.length !== added.length) return [...signed('-', removed), ...signed('+', added)];
  return removed.flatMap((line, index) => {
    const next = added[index] ?? '';
    return line === next ? signed(' ', [line]) : [...signed('-', [line]), ...signed('+', [next])];
  });
}

function signed(sign: SignedLine[0], lines: readonly string[]): readonly SignedLine[] {
  return lines.map((line) => [sign, line]);
}

function formatLine(line: string): string {
  const text = line.replace(/\r?\n$/, '');
  return line.endsWith('\n') ? text : `${text}\n\\ No newline at end of file`;
}
