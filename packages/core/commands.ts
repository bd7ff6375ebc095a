import { appendFileSync, existsSync, writeSync } from 'node:fs';

/**
 * What GitHub's runner reads of an action: commands in its log, and files that it names. Not by `@actions/core`: it loads
 * Node's crypto for a delimiter, its streams for a line and its processes for nothing, together 25 ms beside the 40 that Node takes to start. A test
 * holds what is written here to what that library writes.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function command(
  name: string,
  text: string,
  properties: Readonly<Record<string, string | number | undefined>> = {},
): void {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${escapeProperty(String(value))}`],
  );
  writeLine(`::${name}${given.length === 0 ? '' : ` ${given.join(',')}`}::${escapeText(text)}`);
}

const escapeText = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
  escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

let isFallenBack = false;

/** A line of the log. It is out when this returns, except where the reader of a pipe is slow and the pipe does not wait for it. */
export function writeLine(line: string): void {
  let rest: Buffer = Buffer.from(`${line}\n`);
  try {
    while (!isFallenBack && rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch {
    isFallenBack = true;
  }
  if (rest.length > 0) process.stdout.write(rest);
}

/** Calls `then` when every line is out. */
export function whenWritten(then: () => void): void {
  if (isFallenBack) process.stdout.write('', then);
  else then();
}

/** Adds outputs to the file GITHUB_OUTPUT. Throws where it is not there. */
export function writeOutputs(outputs: Readonly<Record<string, string>>): void {
  const file = process.env.GITHUB_OUTPUT;
  if (!file) throw new Error('there is no GITHUB_OUTPUT in the environment');
  // The runner makes it; a file that it does not know would be read by nobody.
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  const entries = Object.entries(outputs).map(([name, value]) => {
    const delimiter = delimiterFor(value);
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
  });
  appendFileSync(file, entries.join(''));
}

/** No line of the value: what is known whole needs no random one. */
function delimiterFor(value: string): string {
  let delimiter = 'sluice_end';
  while (value.includes(delimiter)) delimiter += '_';
  return delimiter;
}
