import type { ScalarNode } from './tree.ts';

/**
 * The lines of a literal block that hold `value`, with the block's own indentation and line ends; of a folded block only a single line.
 * Undefined where the block's header (`|`, `|-`, `|+`) could not hold it as it is.
 */
export function blockText(source: string, node: ScalarNode, value: string): string | undefined {
  // What follows the last line is the chomping's; the value must end as the old one did.
  const ending = /\n*$/.exec(node.text)?.[0] ?? '';
  if (node.indent < 1 || !value.endsWith(ending)) return undefined;
  const lines = value.slice(0, value.length - ending.length).split('\n');
  if (lines[0] === '' || lines.at(-1) === '' || lines.some((line) => /^\s|\p{Cc}|\ufeff/u.test(line)))
    return undefined;
  if (node.style === 'folded' && lines.length > 1) return undefined;
  const eol = /\r?\n/.exec(source)?.[0] ?? '\n';
  const trailing = /(?:\r?\n[ \t]*)*$/.exec(source.slice(node.start, node.end))?.[0] ?? '';
  return lines.map((line) => (line === '' ? '' : ' '.repeat(node.indent) + line)).join(eol) + trailing;
}
