import { expandedSize } from './expand.ts';
import { isTemplate } from './template.ts';
import { parseYaml, type YamlNode } from './tree.ts';

/** 27 MB take the parser 7 s and 1.4 GB; no manifest that people write comes near this. UTF-16 units. */
export const MAX_TEXT = 5_000_000;

export const TOO_LARGE = 'it is larger than 5 MB and is not read';

/** Of a file with aliases, once they are followed. What people write stays far below. */
const MAX_NODES = 200_000;

export type Loaded =
  | { readonly ok: true; readonly documents: readonly YamlNode[] }
  | { readonly ok: false; readonly reason: 'too-large' | 'template' | 'not-yaml'; readonly message: string };

/** Reads a file that may hold places; else says in one sentence why not. */
export function loadYaml(text: string): Loaded {
  if (text.length > MAX_TEXT) {
    return { ok: false, reason: 'too-large', message: TOO_LARGE };
  }
  const parsed = parseYaml(text);
  if (!parsed.ok && text.includes('{{')) {
    return { ok: false, reason: 'template', message: 'it is a template (`{{`), not YAML' };
  }
  if (!parsed.ok) return { ok: false, reason: 'not-yaml', message: `it is not YAML: ${parsed.message}` };
  if (isTemplate(text, parsed.documents)) {
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
