/** Lines of context around a change, as `diff -u` shows. */
const CONTEXT = 3;

/** Cells of the table of common lines: above it, what lies between the first and the last difference counts as replaced. */
const MOST_CELLS = 4_000_000;

/** The unified diff of one file, as `git diff` writes it; '' where the texts are equal. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = compare(splitLines(before), splitLines(after));
  return [`--- ${named('a', path)}`, `+++ ${named('b', path)}`, ...hunksOf(lines)].join('\n');
}

/** Quoted as Git does where a line break or another control character would make more of the name than one. */
function named(side: string, path: string): string {
  const name = `${side}/${path}`;
  return /\p{Cc}/u.test(name) ? JSON.stringify(name) : name;
}

type SignedLine = readonly [sign: ' ' | '-' | '+', line: string];

function splitLines(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** Both texts as one sequence of lines. What they begin and end with is passed over first: an edit is small. */
function compare(old: readonly string[], now: readonly string[]): readonly SignedLine[] {
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return [
    ...signed(' ', old.slice(0, head)),
    ...compareMiddle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...signed(' ', old.slice(old.length - tail)),
  ];
}

// An edit replaces values inside lines: then the same number of lines is left, and they are compared one by one.
function compareMiddle(old: readonly string[], now: readonly string[]): readonly SignedLine[] {
  if (old.length === now.length) {
    return old.flatMap((line, index): readonly SignedLine[] => {
      const other = now[index] ?? '';
      return line === other
        ? [[' ', line]]
        : [
            ['-', line],
            ['+', other],
          ];
    });
  }
  if (old.length * now.length > MOST_CELLS) return [...signed('-', old), ...signed('+', now)];
  return compareByTable(old, now);
}

/** The longest common sequence of lines, by the usual table: `common[i][j]` for what follows line i of one and j of the other. */
function compareByTable(old: readonly string[], now: readonly string[]): readonly SignedLine[] {
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: SignedLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [one, other] = [old[i], now[j]];
    if (one !== undefined && one === other) {
      lines.push([' ', one]);
      i++;
      j++;
    } else if (one !== undefined && (other === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(['-', one]);
      i++;
    } else if (other !== undefined) {
      lines.push(['+', other]);
      j++;
    }
  }
  return lines;
}

/** The changed lines with their context; hunks whose context would touch are one. */
function hunksOf(lines: readonly SignedLine[]): readonly string[] {
  const changed = lines.flatMap(([sign], index) => (sign === ' ' ? [] : [index]));
  const ranges: { from: number; to: number }[] = [];
  for (const index of changed) {
    const last = ranges.at(-1);
    if (last !== undefined && index - last.to <= 2 * CONTEXT) last.to = index + 1;
    else ranges.push({ from: index, to: index + 1 });
  }
  let [oldLine, newLine, seen] = [1, 1, 0];
  return ranges.map(({ from, to }) => {
    const start = Math.max(0, from - CONTEXT);
    oldLine += count(lines, seen, start, '-');
    newLine += count(lines, seen, start, '+');
    seen = start;
    return formatHunk(lines.slice(start, to + CONTEXT), oldLine, newLine);
  });
}

/** How many lines of one side there are: those of its own sign, and those of both. */
function count(lines: readonly SignedLine[], from: number, to: number, side: '-' | '+'): number {
  return lines.slice(from, to).filter(([sign]) => sign === ' ' || sign === side).length;
}

function formatHunk(lines: readonly SignedLine[], oldLine: number, newLine: number): string {
  const range = (start: number, side: '-' | '+') => {
    const size = count(lines, 0, lines.length, side);
    // Of no line, the one before it.
    return `${size === 0 ? start - 1 : start},${size}`;
  };
  const body = lines.map(([sign, line]) => sign + formatLine(line));
  return [`@@ -${range(oldLine, '-')} +${range(newLine, '+')} @@`, ...body].join('\n');
}

function signed(sign: SignedLine[0], lines: readonly string[]): readonly SignedLine[] {
  return lines.map((line) => [sign, line]);
}

function formatLine(line: string): string {
  const text = line.replace(/\r?\n$/, '');
  return line.endsWith('\n') ? text : `${text}\n\\ No newline at end of file`;
}
