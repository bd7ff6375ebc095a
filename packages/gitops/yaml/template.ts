import type { YamlNode } from './tree.ts';
import { follow, textAt } from './walk.ts';

/**
 * Whether a text that is valid YAML is a template all the same: `{{` outside quotes, blocks and comments.
 * `a: {{ .Values.x }}` is valid YAML, a flow mapping in a flow mapping. An ApplicationSet is no template but has them, within its
 * texts (`path: apps/{{name}}`); one that a chart makes is, and says so by the names that Helm gives. So it is with a text inside of one.
 */
export function isTemplate(text: string, documents: readonly YamlNode[], inApplicationSet = false): boolean {
  return (
    text.includes('{{') &&
    documents.some((document) =>
      templated(document, inApplicationSet || isApplicationSet(document) ? OF_HELM : ANY),
    )
  );
}

const ANY = /\{\{/;
const OF_HELM =
  /\{\{[^}]*(?:\$?\.(?:Values|Release|Chart|Capabilities|Files|Template)\b|\b(?:include|template) ["`])/;

export function isApplicationSet(document: YamlNode): boolean {
  const root = follow(document);
  return (
    textAt(root, 'kind') === 'ApplicationSet' &&
    textAt(root, 'apiVersion')?.startsWith('argoproj.io/') === true
  );
}

function templated(node: YamlNode, mark: RegExp): boolean {
  switch (node.kind) {
    case 'scalar':
      return node.style === 'plain' && mark.test(node.text);
    case 'sequence':
      return node.items.some((item) => templated(item, mark));
    case 'mapping':
      // A mapping as the key of a flow mapping is what `{{ … }}` reads as; people do not write that.
      return node.entries.some(
        ({ key, value }) => key.kind === 'mapping' || templated(key, mark) || templated(value, mark),
      );
    case 'alias':
      return false;
  }
}
