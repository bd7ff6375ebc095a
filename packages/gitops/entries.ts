import { SluiceError } from '@sluice/core/errors';
import { type Policy, parsePolicy } from './images/policy.ts';
import { parsePath, readPath, type Step } from './path.ts';
import { canonicalReference, canonicalRepository, type ImageReference, parseReference } from './reference.ts';
import type { Scalar } from './scalar.ts';

/** A line of `images`. */
export interface ImageEntry {
  /** The line as given. */
  readonly text: string;
  /** The `name` of the kustomize entry that takes this image; given as `name=reference`. */
  readonly name?: string;
  readonly reference: ImageReference;
  /** `docker.io/library/nginx` */
  readonly repository: string;
  /** `docker.io/library/nginx:1.27` */
  readonly image: string;
  /** How the tag is to be chosen, where the line names none: it must be asked for before anything is planned. */
  readonly policy?: Policy;
  /** What the registry made of the line: `nginx:1.27.3@sha256:…`. */
  readonly resolved?: string;
}

/** A line of `set`. */
export interface Assignment {
  readonly text: string;
  readonly file: string;
  readonly document: number;
  readonly path: readonly Step[];
  /** `=` writes text, `:=` a JSON value. */
  readonly value:
    | { readonly type: 'text'; readonly text: string }
    | { readonly type: 'json'; readonly value: Scalar };
}

/** A line of `helm-values`: where a file holds an image whose shape does not tell. */
export interface HelmValuesPath {
  readonly text: string;
  readonly file: string;
  /** Absent where the value at `path` is a tag alone or a whole reference. */
  readonly repositoryPath?: readonly Step[];
  readonly path: readonly Step[];
}

/**
 * Reads `[name=]repository:tag[@digest]`, `[name=]repository@digest` or `[name=]repository policy`. An image without tag, digest and
 * policy is an error.
 */
export function parseImageEntry(line: string): ImageEntry {
  const [, image = line, choice] = /^(\S+)\s+(\S.*)$/.exec(line) ?? [];
  const equals = image.indexOf('=');
  const name = equals < 0 ? undefined : image.slice(0, equals);
  const reference = parseReference(image.slice(equals + 1));
  if (name === '') throw bad(`${quote(line)} has no name before "="`, 'Write name=repository:tag.');
  if (reference.repository !== reference.repository.toLowerCase()) {
    throw bad(`${quote(line)} has capitals in the repository`, 'Registries take lower case only.');
  }
  const isVersioned = reference.tag !== undefined || reference.digest !== undefined;
  if (choice === undefined && !isVersioned) {
    throw bad(`${quote(line)} names no tag and no digest`, 'Write repository:tag or repository@sha256:….');
  }
  if (choice !== undefined && isVersioned) {
    throw bad(
      `${quote(line)} names a version and a policy`,
      'Write repository:tag, or repository semver:^1.27.',
    );
  }
  return {
    text: line,
    ...(name !== undefined && { name }),
    reference,
    repository: canonicalRepository(reference),
    image: canonicalReference(reference),
    ...(choice !== undefined && { policy: parsePolicy(choice) }),
  };
}

/** What two lines of `images` have in common that ask for the same, however the image is spelled. */
export function imageEntryIdentity(entry: ImageEntry): string {
  return `${entry.name ?? ''}=${wantedOf(entry)}`;
}

function wantedOf({ image, policy }: ImageEntry): string {
  return policy === undefined ? image : `${image} ${policy.text}`;
}

/** Refuses two entries that want different tags or digests of one repository. */
export function checkImageEntries(entries: readonly ImageEntry[]): void {
  const wanted = new Map<string, ImageEntry>();
  for (const entry of entries) {
    const other = wanted.get(entry.repository);
    if (other !== undefined && wantedOf(other) !== wantedOf(entry)) {
      const why = `${quote(other.text)} and ${quote(entry.text)} want different versions of ${entry.repository}`;
      throw bad(why, 'Give each repository once.');
    }
    wanted.set(entry.repository, entry);
  }
}

/** Reads `file[#document] path=text` or `file[#document] path:=json`. */
export function parseAssignment(line: string): Assignment {
  const { file, rest } = readFile(line);
  const document = /^#(\d+)/.exec(rest);
  const afterFile = rest.slice(document?.[0].length ?? 0);
  if (!afterFile.startsWith(' ')) throw badAssignment(line, 'a space must follow the file');
  const { steps, rest: value } = readPath(afterFile.trimStart());
  if (value === '') throw badAssignment(line, 'it has no "=" or ":="');
  const parsed = value.startsWith(':=')
    ? ({ type: 'json', value: jsonScalar(line, value.slice(2)) } as const)
    : ({ type: 'text', text: value.slice(1) } as const);
  return { text: line, file, document: Number(document?.[1] ?? 0), path: steps, value: parsed };
}

/** Reads `file: path` or `file: repository path / tag path`. */
export function parseHelmValues(line: string): HelmValuesPath {
  const { file, rest } = readFile(line, /:(?=\s|$)/);
  const paths = /^:\s+(.+)$/.exec(rest)?.[1]?.split(/\s+\/\s+/);
  const [first, second, ...more] = paths ?? [];
  if (first === undefined || more.length > 0) {
    throw bad(
      `${quote(line)} is not \`file: path\``,
      'Write values.yaml: image.tag, or values.yaml: image.repository / image.tag.',
    );
  }
  if (second === undefined) return { text: line, file, path: parsePath(first.trim()) };
  return { text: line, file, repositoryPath: parsePath(first.trim()), path: parsePath(second.trim()) };
}

/** A file is a path without spaces, or a JSON string; `#` and what `end` matches end a bare one. */
function readFile(line: string, end = /\s|#\d+(?=\s)/): { file: string; rest: string } {
  if (!line.startsWith('"')) {
    const at = line.search(end);
    const length = at < 0 ? line.length : at;
    if (length === 0)
      throw bad(`${quote(line)} begins with no file`, 'Begin the line with the path of a file.');
    return { file: normal(line.slice(0, length)), rest: line.slice(length) };
  }
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(line)?.[0] ?? '';
  const file = parseJson(quoted);
  if (typeof file !== 'string' || file === '') {
    throw bad(`${quote(line)} begins with a broken JSON string`, 'Close the quotes around the file.');
  }
  return { file: normal(file), rest: line.slice(quoted.length) };
}

/** `./a.yaml` is `a.yaml`: as Git names it. */
function normal(file: string): string {
  return file.replace(/^(?:\.\/+)+/, '');
}

function jsonScalar(line: string, text: string): Scalar {
  const value = parseJson(text);
  if (value === undefined) throw badAssignment(line, `${quote(text)} is not JSON`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw badAssignment(line, 'only a string, a number, true, false or null can be written');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function badAssignment(line: string, why: string): SluiceError {
  return bad(`${quote(line)} is not an assignment: ${why}`, 'Write file path=text or file path:=json.');
}

function bad(message: string, hint: string): SluiceError {
  return new SluiceError('input', 'invalid-input', message, { hint });
}

function quote(text: string): string {
  return JSON.stringify(text);
}
