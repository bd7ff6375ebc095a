import { expandedSize } from './expand.ts';
import { isTemplate } from './template.ts';
import { parseYaml, type YamlNode } from './tree.ts';

/** 27 MB take the parser 7 s and 1.4 GB; no manifest that people write comes near this. UTF-16 units. */
export const MAX_TEXT = 5_000_000;

export const TOO_LARGE = 'it is larger than 5 MB and is not read';

/** Lines and elements: the parser takes up to 2 kB for each. The largest file of manifests that we know, 80 CRDs, has half as many. */
const MAX_ELEMENTS = 150_000;

/** Of a file with aliases, once they are followed. What people write stays far below. */
const MAX_NODES = 200_000;

export type Loaded =
  | { readonly ok: true; readonly documents: readonly YamlNode[] }
  | { readonly ok: false; readonly reason: 'too-large' | 'template' | 'not-yaml'; readonly message: string };

/** Reads a file that may hold places, or a text inside of one; else says in one sentence why not. */
export function loadYaml(text: string, inApplicationSet = false): Loaded {
  if (text.length > MAX_TEXT) {
    return { ok: false, reason: 'too-large', message: TOO_LARGE };
  }
  if (countElements(text) > MAX_ELEMENTS) {
    const message = 'it has more than 150,000 lines and elements, and is not read';
    return { ok: false, reason: 'too-large', message };
  }
  const parsed = parseYaml(text);
  if (!parsed.ok && text.includes('{{')) {
    return { ok: false, reason: 'template', message: 'it is a template (`{{`), not YAML' };
  }
  if (!parsed.ok) return { ok: false, reason: 'not-yaml', message: `it is not YAML: ${parsed.message}` };
  if (isTemplate(text, parsed.documents, inApplicationSet)) {
    return { ok: false, reason: 'template', message: 'it is a template: `{{` stands outside quotes' };
  }
  if (text.includes('*') && expandedSize(parsed.documents) > Math.max(MAX_NODES, text.length)) {
    return {
      ok: false,
      reason: 'too-large',
      message: 'its aliases multiply without end, and it is not read',
    };
  }
  return { ok: true, documents: parsed.documents };
}

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

/** About how many values a text holds, without parsing it. */
function countElements(text: string): number {
  if (text.length < MAX_ELEMENTS) return text.length;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === LINE_FEED || unit === COMMA) count++;
  }
  return count;
}
