import {
  boolCoreTag,
  boolYaml11Tag,
  floatCoreTag,
  floatYaml11Tag,
  intCoreTag,
  intYaml11Tag,
  NOT_RESOLVED,
  nullCoreTag,
  nullYaml11Tag,
} from 'js-yaml';
import type { Scalar } from '../scalar.ts';
import type { ScalarNode } from './tree.ts';

const CORE = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag];
const YAML11 = [nullYaml11Tag, boolYaml11Tag, intYaml11Tag, floatYaml11Tag];

function resolve(text: string, tags: typeof CORE | typeof YAML11): Scalar {
  for (const tag of tags) {
    const value = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return text;
}

/** What a YAML 1.2 reader and a YAML 1.1 reader (kubectl, Helm, kustomize) make of an unquoted text. */
export function readPlain(text: string): { readonly core: Scalar; readonly yaml11: Scalar } {
  return { core: resolve(text, CORE), yaml11: resolve(text, YAML11) };
}

/**
 * The value of a scalar. What either of the two kinds of readers takes for something else than text is not text:
 * `1.10` is the number 1.1, `on` is true, `0755` is 493. A plain date stays text, as in the YAML library of Kubernetes.
 */
export function readScalar(node: ScalarNode): Scalar {
  if (node.style !== 'plain' || (node.tag !== undefined && /^!(?:!str)?$/.test(node.tag))) return node.text;
  const { core, yaml11 } = readPlain(node.text);
  return typeof yaml11 === 'string' ? core : yaml11;
}
