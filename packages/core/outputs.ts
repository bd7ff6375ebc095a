import { appendFileSync, existsSync } from 'node:fs';

/**
 * Appends outputs to the file that the runner gave for them. Not by `@actions/core`: its delimiters are drawn at random, for which Node's
 * cryptography takes 5 ms to load. Throws where there is no such file.
 */
export function appendOutputs(file: string, outputs: Readonly<Record<string, string>>): void {
  // As `@actions/core` does: a file that the runner did not make is none that it reads.
  if (!existsSync(file)) throw new Error(`Missing file at path: ${file}`);
  appendFileSync(file, Object.entries(outputs).map(outputText).join(''));
}

/** `name<<delimiter`, the value, the delimiter: one that the value does not hold, so that no line of the value ends it. */
function outputText([name, value]: readonly [string, string]): string {
  let delimiter = 'ghadelimiter';
  while (value.includes(delimiter)) delimiter += '_';
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
