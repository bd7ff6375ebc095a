import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { readEvents } from './events.ts';

/** Offsets are in UTF-16 units of the original text. */
export interface ScalarNode {
  readonly kind: 'scalar';
  /** The decoded text, before any type is read into it. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** Quotes included; of a block scalar only its lines; where an empty value has no text, the place to write it, or -1. */
  readonly start: number;
  readonly end: number;
  /** Columns of a block scalar's lines, else -1. */
  readonly indent: number;
  readonly flow: boolean;
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
  readonly parent: CollectionNode | undefined;
}
export interface MappingNode {
  readonly kind: 'mapping';
  readonly entries: { readonly key: YamlNode; readonly value: YamlNode }[];
  readonly flow: boolean;
  readonly anchor: string | undefined;
  readonly parent: CollectionNode | undefined;
}
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: YamlNode[];
  readonly flow: boolean;
  readonly anchor: string | undefined;
  readonly parent: CollectionNode | undefined;
}
export interface AliasNode {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: ValueNode | undefined;
  readonly parent: CollectionNode | undefined;
}
export type CollectionNode = MappingNode | SequenceNode;
export type ValueNode = ScalarNode | CollectionNode;
export type YamlNode = ValueNode | AliasNode;

export type ParsedYaml =
  | { readonly ok: true; readonly documents: readonly YamlNode[] }
  | { readonly ok: false; readonly message: string };

interface Cursor {
  readonly text: string;
  readonly events: readonly Event[];
  next: number;
  readonly anchors: Map<string, ValueNode>;
}

const STYLES = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
} as const;

/**
 * Reads YAML or JSON text into a tree that knows where each scalar stands in the text.
 * One node per document; text that is not YAML gives the parser's sentence instead. Types are not read here (`value.ts`).
 */
export function parseYaml(text: string): ParsedYaml {
  try {
    const cursor: Cursor = { text, events: readEvents(text), next: 0, anchors: new Map() };
    const documents: YamlNode[] = [];
    while (cursor.next < cursor.events.length) {
      cursor.next += 1; // the document's own event
      cursor.anchors.clear();
      documents.push(readNode(cursor, undefined, -1));
      cursor.next += 1; // its end
    }
    return { ok: true, documents };
  } catch (error) {
    return {
      ok: false,
      message: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    };
  }
}

function readNode(cursor: Cursor, parent: CollectionNode | undefined, keyEnd: number): YamlNode {
  const event = cursor.events[cursor.next];
  cursor.next += 1;
  switch (event?.type) {
    case EVENT_ID.SCALAR: {
      const scalar = scalarNode(cursor.text, event, parent, keyEnd);
      if (scalar.anchor !== undefined) cursor.anchors.set(scalar.anchor, scalar);
      return scalar;
    }
    case EVENT_ID.ALIAS: {
      const name = cursor.text.slice(event.anchorStart, event.anchorEnd);
      return { kind: 'alias', name, target: cursor.anchors.get(name), parent };
    }
    case EVENT_ID.SEQUENCE: {
      const anchor = named(cursor.text, event.anchorStart, event.anchorEnd);
      const flow = event.style === COLLECTION_STYLE.FLOW;
      const node: SequenceNode = { kind: 'sequence', items: [], flow, anchor, parent };
      if (anchor !== undefined) cursor.anchors.set(anchor, node);
      while (!closes(cursor)) node.items.push(readNode(cursor, node, -1));
      return node;
    }
    case EVENT_ID.MAPPING: {
      const anchor = named(cursor.text, event.anchorStart, event.anchorEnd);
      const flow = event.style === COLLECTION_STYLE.FLOW;
      const node: MappingNode = { kind: 'mapping', entries: [], flow, anchor, parent };
      if (anchor !== undefined) cursor.anchors.set(anchor, node);
      while (!closes(cursor)) {
        const key = readNode(cursor, node, -1);
        const value = readNode(cursor, node, key.kind === 'scalar' ? key.end : -1);
        node.entries.push({ key, value });
      }
      return node;
    }
    default:
      throw new Error('the parser gave events out of order');
  }
}

/** Steps over the end of a collection, if that is what comes next. */
function closes(cursor: Cursor): boolean {
  if (cursor.events[cursor.next]?.type !== EVENT_ID.POP) return false;
  cursor.next += 1;
  return true;
}

function scalarNode(
  text: string,
  event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>,
  parent: CollectionNode | undefined,
  keyEnd: number,
): ScalarNode {
  const style = STYLES[event.style];
  const quote = style === 'single' || style === 'double' ? 1 : 0;
  const empty = event.valueStart < 0;
  const at = empty ? emptyValueAt(text, keyEnd, Math.max(event.anchorEnd, event.tagEnd)) : -1;
  return {
    kind: 'scalar',
    text: getScalarValue(text, event),
    style,
    start: empty ? at : event.valueStart - quote,
    end: empty ? at : event.valueEnd + quote,
    indent: event.indent,
    flow: parent?.flow ?? false,
    anchor: named(text, event.anchorStart, event.anchorEnd),
    tag: named(text, event.tagStart, event.tagEnd),
    parent,
  };
}

/** The parser gives an empty value no offsets: it would stand behind its key's colon, or behind its own anchor or tag. */
function emptyValueAt(text: string, keyEnd: number, propertiesEnd: number): number {
  if (propertiesEnd >= 0) return propertiesEnd;
  if (keyEnd < 0) return -1;
  const colon = /[ \t]*:/y;
  colon.lastIndex = keyEnd;
  return colon.test(text) ? colon.lastIndex : -1;
}

function named(text: string, start: number, end: number): string | undefined {
  return start < 0 ? undefined : text.slice(start, end);
}
