export { oneLine } from '@sluice/core/one-line';

/** The address of an advisory, where it is one that a page may lead to. */
export function webAddress(url: string | undefined): string | undefined {
  const parsed = url === undefined || url.length > 1000 ? null : URL.parse(url);
  if (parsed === null || parsed.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '')
    return undefined;
  // What Markdown, HTML or a table would take for its own.
  return parsed.href.replace(
    /[()[\]<>"'`|\\*_{}]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
