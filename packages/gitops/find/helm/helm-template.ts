import type { ImageTemplate } from '../../image-replace-paths.ts';
import { formatPath, resolveDotted, type Step } from '../../path.ts';
import { type ImageReference, readReference } from '../../reference.ts';
import { isScalar, textOf } from '../../yaml/walk.ts';
import type { HelmField, ImageSite } from '../site.ts';
import type { ValuesTree } from './helm.ts';

/** A part of a template with the text that it stands for, and where that begins in the whole. */
interface Filled {
  readonly text: string;
  readonly start: number;
  /** Absent for the template's own text. */
  readonly field?: HelmField;
}

/**
 * The image that a template of `image-replace-paths` puts together from Helm values; none where one of its values is not there or the
 * whole is no image. The tag is looked for in the whole: a port of the registry is none, and it may stand in a value of its own, at the
 * end of a value, or with the digest in one.
 */
export function templateSites(tree: ValuesTree, template: ImageTemplate): ImageSite[] {
  const parts = fill(tree, template);
  const whole = parts?.map(({ text }) => text).join('') ?? '';
  const version = readVersion(whole);
  if (parts === undefined || version === undefined) return [];
  const { reference, nameEnd } = version;
  const separate = separateFields(behind(parts, nameEnd));
  if (separate !== undefined) {
    return [{ type: 'helm', reference: nameOf(reference), ...separate, place: tree.place }];
  }
  const last = parts.at(-1);
  // One value holds the version, and the end of the name or the separator before it.
  if (last?.field === undefined || last.start > nameEnd) return [];
  const place = tree.place(last.field.path, 'reference');
  return [{ type: 'reference', place, value: last.field.value, reference, elsewhere: last.start }];
}

function nameOf({ registry, repository }: ImageReference): ImageReference {
  return { ...(registry !== undefined && { registry }), repository };
}

/** The image, and where its name ends. A tag may still be empty: it is to be set. */
function readVersion(whole: string): { reference: ImageReference; nameEnd: number } | undefined {
  const text = whole.replace(/:?@?$/, '').replace(/:@/, '@');
  const reference = readReference(text);
  if (reference === undefined) return undefined;
  const { registry, repository } = reference;
  const nameEnd = repository.length + (registry === undefined ? 0 : registry.length + 1);
  return { reference, nameEnd };
}

/** The parts behind the name; the text of the template that the name ends in is cut. */
function behind(parts: readonly Filled[], nameEnd: number): readonly Filled[] {
  return parts
    .filter(({ start, text }) => start >= nameEnd || start + text.length > nameEnd)
    .map((part) =>
      part.field === undefined ? { ...part, text: part.text.slice(Math.max(nameEnd - part.start, 0)) } : part,
    );
}

/** `:` and a value, `@` and a value, or both; undefined where the version stands otherwise. */
function separateFields(
  parts: readonly Filled[],
): { tag: HelmField | undefined; digest: HelmField | undefined } | undefined {
  const shape = parts.map(({ text, field }) => (field === undefined ? text : '*')).join('');
  const fields = parts.flatMap(({ field }) => field ?? []);
  if (shape === ':*') return { tag: fields[0], digest: undefined };
  if (shape === '@*') return { tag: undefined, digest: fields[0] };
  return shape === ':*@*' ? { tag: fields[0], digest: fields[1] } : undefined;
}

function fill(tree: ValuesTree, { parts }: ImageTemplate): readonly Filled[] | undefined {
  const filled: Filled[] = [];
  let start = 0;
  for (const part of parts) {
    const field = part.type === 'value' ? fieldAt(tree, part.steps) : undefined;
    if (part.type === 'value' && field === undefined) return undefined;
    const text = part.type === 'text' ? part.text : (textOf(field?.value) ?? '');
    filled.push({ text, start, ...(field !== undefined && { field }) });
    start += text.length;
  }
  return filled;
}

function fieldAt(tree: ValuesTree, steps: readonly Step[]): HelmField | undefined {
  const found = resolveDotted(tree.root, steps);
  if (found.type !== 'found' || !isScalar(found.value)) return undefined;
  return { path: formatPath([...tree.steps, ...found.steps]), value: found.value };
}
