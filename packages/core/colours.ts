/** The text without what a terminal takes for colours. */
export function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ECMA-48's sequences begin with one.
  return text.replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '');
}
