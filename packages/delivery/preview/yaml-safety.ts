import { parseYaml, type ScalarNode, type YamlNode } from '@sluice/gitops/yaml/tree';
import { readScalar } from '@sluice/gitops/yaml/value';
import { fill, type Variables } from './placeholder.ts';

/** What no reader of YAML, no template and no shell takes for anything else than itself. */
const HARMLESS = /^[A-Za-z0-9][\w./:@+-]*$/;

/**
 * What the values make of a YAML file beside what its template says: a value that ends its text, adds a line, or is read as something
 * else than text. The same file with harmless words in their places tells what is meant. A sentence each.
 */
export function yamlProblems(template: string, variables: Variables): readonly string[] {
  const words = new Map([...variables.keys()].map((name, index) => [`sluice${index}x`, name]));
  const wordOf = new Map([...words].map(([word, name]) => [name, word]));
  const meant = parseYaml(fill(template, variables, (name) => wordOf.get(name) ?? '').text);
  const filled = fill(template, variables);
  if (!meant.ok) {
    // A template of Helm is no YAML yet: what it becomes is not known here.
    return [...filled.used]
      .filter((name) => !HARMLESS.test(variables.get(name)?.value ?? ''))
      .map((name) => `the file is no YAML by itself, and the value of ${name} may break what it becomes`);
  }
  const found = parseYaml(filled.text);
  if (!found.ok) return [`the values of ${listed(filled.used)} break the YAML: ${found.message}`];
  const comparing: Comparing = { words, variables, problems: [] };
  if (meant.documents.length !== found.documents.length) return [broken(filled.used)];
  for (const [index, document] of meant.documents.entries())
    compare(document, found.documents[index], comparing, '');
  return comparing.problems;
}

interface Comparing {
  /** The variable behind each harmless word. */
  readonly words: ReadonlyMap<string, string>;
  readonly variables: Variables;
  readonly problems: string[];
}

const listed = (names: Iterable<string>): string => [...names].join(', ');
const broken = (names: Iterable<string>): string =>
  `the values of ${listed(names)} change the structure of the YAML`;

function compare(meant: YamlNode, found: YamlNode | undefined, comparing: Comparing, at: string): void {
  const { problems } = comparing;
  const here = at === '' ? 'the document' : at;
  if (found === undefined || meant.kind !== found.kind || markOf(meant) !== markOf(found)) {
    problems.push(`${here}: a value changes the structure of the YAML`);
    return;
  }
  if (meant.kind === 'scalar' && found.kind === 'scalar') {
    problems.push(...scalarProblems(meant, found, comparing).map((why) => `${here}: ${why}`));
    return;
  }
  const [left, right] = [childrenOf(meant), childrenOf(found)];
  if (left.length !== right.length) {
    problems.push(`${here}: a value changes the structure of the YAML`);
    return;
  }
  for (const [index, [name, child]] of left.entries())
    compare(child, right[index]?.[1], comparing, at === '' ? name : `${at}.${name}`);
}

/** Anchor and tag, or the name of an alias: none of them may come from a value. */
function markOf(node: YamlNode): string {
  if (node.kind === 'alias') return `*${node.name}`;
  return `&${node.anchor ?? ''} !${node.kind === 'scalar' ? (node.tag ?? '') : ''}`;
}

/** Keys are compared as well: a placeholder may stand in one. */
function childrenOf(node: YamlNode): readonly (readonly [string, YamlNode])[] {
  switch (node.kind) {
    case 'mapping':
      return node.entries.flatMap(({ key, value }) => {
        const name = key.kind === 'scalar' ? key.text : '?';
        return [
          [name, key],
          [name, value],
        ] as const;
      });
    case 'sequence':
      return node.items.map((item, index) => [`[${index}]`, item]);
    default:
      return [];
  }
}

function scalarProblems(meant: ScalarNode, found: ScalarNode, comparing: Comparing): readonly string[] {
  const { words, variables } = comparing;
  const names = new Set<string>();
  const wanted = meant.text.replace(/sluice\d+x/g, (word) => {
    const name = words.get(word);
    if (name === undefined) return word;
    names.add(name);
    return variables.get(name)?.value ?? '';
  });
  if (names.size === 0) return [];
  if (found.style !== meant.style || found.text !== wanted)
    return [`the value of ${listed(names)} is read as something else: put the placeholder in quotes`];
  const isWhole = words.has(meant.text);
  const mayBeTyped = wanted !== '' && isWhole && [...names].every((name) => !variables.get(name)?.isText);
  const isText = typeof readScalar(found) === 'string';
  if (isText || mayBeTyped) return [];
  return [`the value of ${listed(names)} would not be read as text: put the placeholder in quotes`];
}
