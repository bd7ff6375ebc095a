import { at, isRecord, text } from '@sluice/core/json';

/**
 * The file by which a folder is known as ours. Argo CD renders `.yaml`, `.yml`, `.json` and `.jsonnet` of a plain folder
 * (util/git and reposerver of Argo CD), so this is none of them.
 */
export const MARK_FILE = '.sluice-preview';

/** Whose environment a folder holds, and which run wrote it. */
export interface Mark {
  readonly project: string;
  /** `owner/name` of the repository that the pull request is in. */
  readonly repository: string;
  /** Its number at GitHub, which stays when it is renamed or transferred; absent in marks that are older than that. */
  readonly repositoryId?: string;
  readonly number: number;
  readonly commit: string;
  /** Empty where none was given. */
  readonly image: string;
  /** `owner/name/run id/attempt`. */
  readonly run: string;
  /** When it was written, milliseconds since the epoch. */
  readonly deployed: number;
}

const schema = 'sluice.preview.v1';

export function formatMark({ deployed, ...mark }: Mark): string {
  return `${JSON.stringify({ schema, ...mark, deployed: new Date(deployed).toISOString() }, undefined, 2)}\n`;
}

/** Undefined for what is no mark of ours. */
export function parseMark(content: string | undefined): Mark | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content ?? '');
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.schema !== schema) return undefined;
  const number = at(value, 'number');
  const deployed = Date.parse(text(value.deployed) ?? '');
  const [project, repository] = [text(value.project), text(value.repository)];
  if (project === undefined || repository === undefined) return undefined;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || Number.isNaN(deployed)) return undefined;
  const [commit, image, run] = [text(value.commit) ?? '', text(value.image) ?? '', text(value.run) ?? ''];
  const id = text(value.repositoryId);
  return {
    ...{ project, repository, number, commit, image, run, deployed },
    ...(id !== undefined && id !== '' && { repositoryId: id }),
  };
}

/** How a folder is called. */
export const nameOf = (number: number): string => `pr-${number}`;

/** The number behind the name of a folder; undefined where it is no name of ours. */
export function numberOf(name: string): number | undefined {
  const number = Number(/^pr-([1-9]\d{0,9})$/.exec(name)?.[1]);
  return Number.isNaN(number) ? undefined : number;
}
