import type { YamlNode } from './tree.ts';

/**
 * How many nodes the documents have once their aliases are followed; infinite where an alias stands inside of what it stands for.
 * A few hundred bytes can come to billions, so this must be known before anything walks through aliases.
 */
export function expandedSize(documents: readonly YamlNode[]): number {
  const sizes = new Map<YamlNode, number>();
  const sizeOf = (node: YamlNode | undefined): number => {
    if (node === undefined || node.kind === 'scalar') return 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    sizes.set(node, Number.POSITIVE_INFINITY);
    let size = 1;
    for (const below of childrenOf(node)) size += sizeOf(below);
    sizes.set(node, size);
    return size;
  };
  return documents.reduce((sum, document) => sum + sizeOf(document), 0);
}

function childrenOf(node: Exclude<YamlNode, { kind: 'scalar' }>): (YamlNode | undefined)[] {
  if (node.kind === 'alias') return [node.target];
  return node.kind === 'sequence' ? node.items : node.entries.flatMap(({ key, value }) => [key, value]);
}
