import type { ChangedFile, Edit } from '../change.ts';
import { describePlace } from '../describe.ts';
import type { ImageEntry } from '../entries.ts';
import type { Scalar } from '../scalar.ts';

/** What a commit and a pull request tell about. */
export interface Subject {
  readonly images: readonly Pick<ImageEntry, 'reference'>[];
  readonly files: readonly ChangedFile[];
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
  readonly tenant?: string | undefined;
  /** Where it goes: `owner/name`, its address for people, the branch. */
  readonly target?: { readonly repository: string; readonly url: string; readonly branch: string };
  /** The address of the run that makes it. */
  readonly runUrl?: string | undefined;
  /** Who started that run. */
  readonly actor?: string | undefined;
  /** GitHub's words where a direct commit was tried first, and refused. */
  readonly refusal?: string | undefined;
}

// GitHub cuts a headline there in lists of commits.
const HEADLINE = 72;
const LISTED_EDITS = 100;

/** `Deploy payments-api 1.4.2 to production`. */
export function headline(subject: Subject): string {
  const { environment, tenant } = subject;
  const to = `${environment === undefined ? '' : ` to ${environment}`}${tenant === undefined ? '' : ` for ${tenant}`}`;
  return shorten(`${environment === undefined ? 'Set' : 'Deploy'} ${whatOf(subject)}`, to);
}

/** `payments-api 1.4.2`, `shop: web 1, worker 2`, `web 1`, `3 values`. */
export function whatOf(subject: Subject): string {
  const { project, images } = subject;
  const [only, ...more] = images;
  const versions = listOf(images);
  if (only === undefined) return valuesOf(subject);
  if (project === undefined) return versions;
  return more.length > 0 ? `${project}: ${versions}` : `${project} ${versionOf(only)}`;
}

/** Only the edits that change something. */
export function realEdits(files: readonly ChangedFile[]): readonly { path: string; edit: Edit }[] {
  return files.flatMap(({ path, edits }) =>
    edits.filter((edit) => edit.from !== edit.to).map((edit) => ({ path, edit })),
  );
}

/** A value as a person reads it: text bare, anything else as JSON. */
export function showScalar(value: Scalar): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** One line for each edit: `path: place: from -> to`; of very many the first hundred. */
export function describeEdits(edits: ReturnType<typeof realEdits>): readonly string[] {
  const lines = edits
    .slice(0, LISTED_EDITS)
    .map(
      ({ path, edit }) =>
        `${path}: ${describePlace(edit.place)}: ${showScalar(edit.from)} -> ${showScalar(edit.to)}`,
    );
  const left = edits.length - lines.length;
  return [...lines, ...(left > 0 ? [`and ${left} more`] : [])].map(oneLine);
}

/** A line of a body must not pass for a trailer, nor a value for a line. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}

/** More than these nobody reads in one sentence. */
const NAMED_IMAGES = 4;

function listOf(images: Subject['images']): string {
  const named = images.slice(0, images.length > NAMED_IMAGES ? NAMED_IMAGES - 1 : NAMED_IMAGES);
  const left = images.length - named.length;
  return `${named.map(nameAndVersion).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

/** `web 1.4.2` */
export function nameAndVersion(entry: Pick<ImageEntry, 'reference'>): string {
  return `${nameOf(entry)} ${versionOf(entry)}`;
}

/** `web` of `registry.example/shop/web:1.4.2`. */
export function nameOf({ reference }: Pick<ImageEntry, 'reference'>): string {
  return reference.repository.split('/').at(-1) ?? '';
}

/** `1.4.2`, `sha256:0123456789ab`. */
export function versionOf({ reference }: Pick<ImageEntry, 'reference'>): string {
  // Twelve digits of a digest tell images apart, as in `docker images`.
  return reference.tag ?? reference.digest?.replace(/^([^:]+:.{12}).*/, '$1') ?? '';
}

function valuesOf({ project, files }: Subject): string {
  const count = realEdits(files).length;
  const values = count === 1 ? '1 value' : `${count} values`;
  return project === undefined ? values : `${project}: ${values}`;
}

function shorten(what: string, to: string): string {
  const room = Math.max(20, HEADLINE - to.length);
  return oneLine(what.length <= room ? what + to : `${what.slice(0, room - 1)}…${to}`);
}
