/**
 * The words of a smoke command: separated by spaces and tabs; single or double quotes keep what is between them together, and nothing
 * in it has a meaning; everywhere else a backslash takes the next character as it is. No variable, no pattern, no pipe: there is no
 * shell. Throws an Error that says what is allowed.
 */
export function wordsOf(command: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  // A quoted part, an escaped character, a run of plain ones, white space; else a quote or a backslash that has no end.
  const parts = /'([^']*)'|"([^"]*)"|\\(.)|([^\s'"\\]+)|(\s+)|(['"\\])/gsu;
  for (const [, single, double, escaped, plain, space, loose] of command.matchAll(parts)) {
    if (loose !== undefined)
      throw new Error(`allowed: words; this has a ${JSON.stringify(loose)} without its end`);
    if (space === undefined) word = (word ?? '') + (single ?? double ?? escaped ?? plain ?? '');
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  const [program = ''] = words;
  if (program === '') throw new Error('allowed: a program of the image and its arguments');
  if (program.startsWith('-')) throw new Error('allowed: a program of the image first; an option is none');
  if (command.includes('\0')) throw new Error('allowed: text without the character 0');
  return words;
}
