/** What of a pattern means something; the rest stands for itself. */
const PARTS = /\\.|\*+|\?|\[[!^]?[^\]]+\]|[{},]|[^\\*?[{},]+|./gs;

/**
 * Whether a text fits a pattern of `directory.include` or `exclude`, as Argo CD reads it (github.com/gobwas/glob without separators): `*` and
 * `**` stand for anything, slashes too; `?` for one character; `[ab]`, `[!a]` and `{a,b}` as in a shell. A pattern that is none fits nothing.
 */
export function fitsGlob(pattern: string, text: string): boolean {
  let depth = 0;
  const parts = [...pattern.matchAll(PARTS)].map(([part]) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.startsWith('[') && part.length > 2) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    if (part === '{') {
      depth++;
      return '(?:';
    }
    if (part === '}' && depth > 0) {
      depth--;
      return ')';
    }
    if (part === ',' && depth > 0) return '|';
    return RegExp.escape(part.length === 2 && part.startsWith('\\') ? part.slice(1) : part);
  });
  try {
    return new RegExp(`^${parts.join('')}$`, 'su').test(text);
  } catch {
    return false;
  }
}
