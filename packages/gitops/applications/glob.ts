/**
 * A pattern of `directory.include` and `directory.exclude` as an expression over the path relative to the folder. Argo CD's globs
 * (gobwas/glob without separators): `*` and `?` match `/` as well, `{a,b}` and `[a-z]` are known. Undefined for one that is none.
 */
export function globExpression(glob: string): RegExp | undefined {
  try {
    return new RegExp(`^${[...tokens(glob)].map(translate).join('')}$`, 's');
  } catch {
    return undefined;
  }
}

function* tokens(glob: string): Iterable<Token> {
  let depth = 0;
  for (const [token] of glob.matchAll(/\\.|\*+|\[!?[^\]]+\]|./gs)) {
    if (token === '{') depth++;
    yield { token, inBraces: depth > 0 };
    if (token === '}') depth = Math.max(0, depth - 1);
  }
}

interface Token {
  readonly token: string;
  readonly inBraces: boolean;
}

function translate({ token, inBraces }: Token): string {
  if (token.startsWith('*')) return '.*';
  if (token === '?') return '.';
  if (token === '{') return '(?:';
  if (token === '}' && inBraces) return ')';
  if (token === ',' && inBraces) return '|';
  if (token.length > 2 && token.startsWith('[')) {
    const negated = token.startsWith('[!');
    return `[${negated ? '^' : ''}${token.slice(negated ? 2 : 1, -1).replace(/[\\^[]/g, '\\$&')}]`;
  }
  const literal = token.length === 2 && token.startsWith('\\') ? token.slice(1) : token;
  return literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
