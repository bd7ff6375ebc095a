/** `owner/name`, as an entry of a list. Throws an Error that says what is allowed. */
export function parseRepository(entry: string): string {
  if (/^(?!\.)[\w.-]+\/(?!\.\.?$)[\w.-]+$/.test(entry)) return entry;
  throw new Error('allowed: owner/name');
}
