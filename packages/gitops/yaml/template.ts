import type { YamlNode } from './tree.ts';

/**
 * Whether a text that is valid YAML is a template all the same: `{{` outside quotes, blocks and comments.
 * `a: {{ .Values.x }}` is valid YAML, a flow mapping in a flow mapping.
 */
export function isTemplate(text: string, documents: readonly YamlNode[]): boolean {
  return text.includes('{{') && documents.some(templated);
}

function templated(node: YamlNode): boolean {
  switch (node.kind) {
    case 'scalar':
      return node.style === 'plain' && node.text.includes('{{');
    case 'sequence':
      return node.items.some(templated);
    case 'mapping':
      // A mapping as the key of a flow mapping is what `{{ … }}` reads as; people do not write that.
      return node.entries.some(
        ({ key, value }) => key.kind === 'mapping' || templated(key) || templated(value),
      );
    case 'alias':
      return false;
  }
}
