/**
 * A key that an object of this JSON text, which is valid, has twice: `JSON.parse` keeps the last and is silent. GitHub writes
 * none; a text that was put together by hand may.
 */
export function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') last = token;
    else {
      const key = String(JSON.parse(last));
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}
