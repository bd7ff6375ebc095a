import { posix } from 'node:path';

/** A line of the Dockerfile that a build ended at. */
export interface DockerfilePlace {
  readonly file: string;
  readonly line: number;
}

/**
 * The line of the Dockerfile at which a build failed, where the builder's log gives it: BuildKit as `Dockerfile:3` above the lines, or in the
 * error of its parser; buildah and podman as the parser's error, or by the words of the step, which must be those of one line alone.
 */
export function placeOf(
  lines: readonly string[],
  { file, text }: { readonly file: string; readonly text: string },
): DockerfilePlace | undefined {
  const last = text.split('\n').length;
  const line = buildKitLine(lines, posix.basename(file)) ?? parserLine(lines) ?? stepLine(lines, text);
  return line === undefined || line < 1 || line > last ? undefined : { file, line };
}

/** `Dockerfile:3` on a line of its own, the rule below it, then the lines of the file. */
function buildKitLine(lines: readonly string[], name: string): number | undefined {
  const found = lines.findLastIndex(
    (line, at) => line.startsWith(`${name}:`) && /^-{10,}$/.test(lines[at + 1] ?? ''),
  );
  const number = found < 0 ? undefined : /:(\d{1,6})$/.exec(lines[found] ?? '')?.[1];
  return number === undefined ? undefined : Number(number);
}

function parserLine(lines: readonly string[]): number | undefined {
  const errors = lines.filter((line) => /^(?:ERROR|Error): /.test(line)).join('\n');
  const found =
    /parse error (?:on )?line (\d{1,6}):/i.exec(errors)?.[1] ?? /\bStartLine:(\d{1,6})\b/.exec(errors)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The last `STEP 3/4: COPY a b` of buildah and podman; ` > [2/2] COPY a b:` of a BuildKit that names no line. */
function stepLine(lines: readonly string[], text: string): number | undefined {
  const step = lines.flatMap((line) => STEP.exec(line)?.[1] ?? VERTEX.exec(line)?.[1] ?? []).at(-1);
  const words = step && spaced(step);
  const same = instructionsOf(text).filter((one) => spaced(one.text) === words);
  return same.length === 1 ? same[0]?.line : undefined;
}

const VERTEX = /^ > \[(?:[\w.-]+ )?\d+\/\d+\] (.+):$/;
const STEP = /^(?:\[\d+\/\d+\] )?STEP \d+\/\d+: (.+)$/;
const spaced = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Each instruction, its lines put together. https://docs.docker.com/reference/dockerfile/#format */
function instructionsOf(text: string): readonly { readonly line: number; readonly text: string }[] {
  const found: { line: number; text: string }[] = [];
  let open: { line: number; text: string } | undefined;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*#/.test(line) || (open === undefined && line.trim() === '')) continue;
    const goesOn = /\\\s*$/.test(line);
    const part = line.replace(/\\\s*$/, ' ');
    open = open === undefined ? { line: at + 1, text: part } : { ...open, text: `${open.text}${part}` };
    if (goesOn) continue;
    found.push(open);
    open = undefined;
  }
  return found;
}
