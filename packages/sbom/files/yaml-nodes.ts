import type { Event } from 'js-yaml';
import type { Notes } from './parsed.ts';

/** A value of a YAML text, and the line, from 1, on which it begins. */
export type YamlNode =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'alias'; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly YamlNode[]; readonly line: number }
  /** Keys and values by turns. */
  | { readonly kind: 'mapping'; readonly items: readonly YamlNode[]; readonly line: number };

/** The documents of a YAML text; what is no YAML goes to `notes`. Without recursion: the text decides how deep it is. */
export async function readNodes(text: string, notes: Notes): Promise<readonly YamlNode[]> {
  const { EVENT_ID, getScalarValue, parseEvents, YAMLException } = await import('js-yaml');
  let events: readonly Event[];
  try {
    events = parseEvents(text, {});
  } catch (error) {
    const line = error instanceof YAMLException ? error.mark?.line : undefined;
    const reason = error instanceof YAMLException ? error.reason : 'it cannot be read';
    notes.add(`this is no YAML: ${reason}`, line === undefined ? undefined : line + 1);
    return [];
  }
  const lineAt = linesOf(text);
  const documents: YamlNode[] = [];
  const open: YamlNode[][] = [documents];
  let line = 1;
  const begin = (kind: 'list' | 'mapping', start: number): void => {
    line = lineAt(start);
    const items: YamlNode[] = [];
    open.at(-1)?.push({ kind, items, line });
    open.push(items);
  };
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        open.push(documents);
        break;
      case EVENT_ID.SCALAR:
        // An empty value stands nowhere: it is on the line of its key.
        if (event.valueStart >= 0) line = lineAt(event.valueStart);
        open.at(-1)?.push({ kind: 'text', text: getScalarValue(text, event), line });
        break;
      case EVENT_ID.ALIAS:
        line = lineAt(event.anchorStart);
        open.at(-1)?.push({ kind: 'alias', line });
        break;
      case EVENT_ID.SEQUENCE:
        begin('list', event.start);
        break;
      case EVENT_ID.MAPPING:
        begin('mapping', event.start);
        break;
      case EVENT_ID.POP:
        open.pop();
        break;
    }
  }
  return documents;
}

/** The line of an offset; asked in ascending order it goes through the text once. */
function linesOf(text: string): (offset: number) => number {
  let at = 0;
  let line = 1;
  return (offset) => {
    if (offset < at) [at, line] = [0, 1];
    for (let next = text.indexOf('\n', at); next >= 0 && next < offset; next = text.indexOf('\n', at)) {
      at = next + 1;
      line += 1;
    }
    return line;
  };
}
