import type { PlannedFile } from '../find/edit-plan.ts';
import type { Scope, TargetFiles, TargetScope } from './types.ts';

/** A source that the annotations selected, and how much of the change is in what it is made from. */
export interface SourcePlaces {
  /** `namespace/name` of the Application. */
  readonly application: string;
  /** Of the source, counted from 0. */
  readonly index: number;
  /** How many places it has, also those that held their values already. */
  readonly places: number;
}

/** Names a source in `ScopedFile.sources`. */
export const sourceId = ({ application: { namespace, name }, index }: Scope): string =>
  `${namespace === '' ? '' : `${namespace}/`}${name} ${index}`;

/** Counts the places of each source of a target. One without any runs on as it is, which nobody would see otherwise. */
export function placesBySource(
  { scopes }: TargetScope,
  { files }: TargetFiles,
  planned: readonly Pick<PlannedFile, 'path' | 'edits'>[],
): readonly SourcePlaces[] {
  const sources = new Map(files.map((file) => [file.path, file.sources]));
  const ids = [...new Set(scopes.map(sourceId))];
  return ids.map((id) => {
    const own = planned.filter(({ path }) => sources.get(path)?.includes(id));
    const [application = '', index] = id.split(' ');
    return {
      application,
      index: Number(index),
      places: own.reduce((sum, { edits }) => sum + edits.length, 0),
    };
  });
}
