/** What a registry asks for with 401. */
export type Challenge =
  | { readonly type: 'basic' }
  | { readonly type: 'bearer'; readonly realm: string; readonly service?: string; readonly scope?: string };

/** Reads `WWW-Authenticate` (RFC 9110, 11.6.1); several challenges may stand in one header. Undefined where none is known here. */
export function parseChallenge(header: string): Challenge | undefined {
  const bearer = /(?:^|,\s*)Bearer\s+(.*)$/is.exec(header)?.[1];
  if (bearer !== undefined) {
    const parameters = new Map<string, string>();
    for (const [, name = '', quoted, bare = ''] of bearer.matchAll(
      /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi,
    )) {
      parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare);
    }
    const realm = parameters.get('realm');
    const service = parameters.get('service');
    const scope = parameters.get('scope');
    if (realm === undefined) return undefined;
    return {
      type: 'bearer',
      realm,
      ...(service === undefined ? {} : { service }),
      ...(scope === undefined ? {} : { scope }),
    };
  }
  return /(?:^|,\s*)Basic\b/i.test(header) ? { type: 'basic' } : undefined;
}
