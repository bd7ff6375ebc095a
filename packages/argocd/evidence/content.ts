import { SluiceError } from '@sluice/core/errors';
import type { Change } from '@sluice/gitops/change';
import type { Repository } from '@sluice/gitops/git/repository';
import { unavailableBecause } from '../api/client-errors.ts';
import type { ContentEvidence, Expectation, Unavailable } from '../decide/types.ts';
import { heldIn, holdsFolder } from './held.ts';
import { findOverwrites } from './overwrites.ts';

export interface ContentQuestion {
  readonly repository: Repository;
  readonly expectation: Expectation;
  /** As Argo CD shows it: a commit, or a name. */
  readonly revision: string;
  /** Where the application's source reads: a place that is gone from its file may have moved below it. */
  readonly path: string | undefined;
  /** The branch that the application follows. */
  readonly branch: string;
}

/** Clause 2: whether a revision holds what is expected, has not got there yet, or holds it no longer. */
export async function contentAt(question: ContentQuestion): Promise<ContentEvidence | Unavailable> {
  try {
    const commit = await question.repository.resolve(question.revision);
    if (commit === undefined)
      return { unavailable: `${question.revision} is no branch or tag of ${question.repository.url}` };
    return question.expectation.type === 'revision'
      ? await ofRevision(question, question.expectation.revision, commit)
      : await ofChange(question, question.expectation, commit);
  } catch (error) {
    if (error instanceof SluiceError && error.kind === 'platform') return unavailableBecause(error);
    throw error;
  }
}

async function ofRevision(
  { repository, branch, expectation: { folder } }: ContentQuestion,
  wanted: string,
  commit: string,
): Promise<ContentEvidence> {
  const holds = async (other: string) =>
    ['same', 'ancestor'].includes(await repository.relation(wanted, other)) &&
    (folder === undefined || (await holdsFolder(folder, await repository.snapshot(other))));
  if (await holds(commit)) return { state: 'contained' };
  if ((await repository.relation(commit, wanted)) === 'ancestor') return { state: 'behind' };
  const head = await repository.resolve(branch);
  return head !== undefined && (await holds(head)) ? { state: 'behind' } : { state: 'overwritten', by: [] };
}

async function ofChange(
  question: ContentQuestion,
  { change, edits, folder }: Extract<Expectation, { type: 'change' }>,
  commit: string,
): Promise<ContentEvidence> {
  const { repository, path, branch } = question;
  const part = partOf(change, edits);
  const holds = async (other: string) => {
    const snapshot = await repository.snapshot(other);
    if (!(await heldIn(part, snapshot, () => path))) return false;
    return folder === undefined || (await holdsFolder(folder, snapshot));
  };
  if (await holds(commit)) return { state: 'contained' };
  if ((await repository.relation(commit, change.commit)) === 'ancestor') return { state: 'behind' };
  // It descends from our commit, or stands beside it: Argo CD will come to the head, if that holds the change.
  const head = await repository.resolve(branch);
  if (head !== undefined && head !== commit && (await holds(head))) return { state: 'behind' };
  const { by, unexplained } = await findOverwrites(repository, part, commit);
  return { state: 'overwritten', by, ...(unexplained.length > 0 && { unexplained }) };
}

/** The change, cut down to the edits that matter here. */
export function partOf(change: Change, edits: Extract<Expectation, { type: 'change' }>['edits']): Change {
  const paths = [...new Set(edits.map(({ path }) => path))];
  const files = paths.map((path) => ({
    path,
    edits: edits.filter((one) => one.path === path).map(({ edit }) => edit),
  }));
  return { ...change, files };
}
