import { posix } from 'node:path';
import { formatPath, parsePath } from '../../path.ts';
import { loadYaml } from '../../yaml/load.ts';
import type { PlannedFile, PlanRequest, SkippedFile } from '../edit-plan.ts';
import { placeReader } from '../read-place.ts';
import { helmPlace } from './helm.ts';

/**
 * Values files beside one whose tag is set that hold another tag at the same place, with no repository to tell the image: `values.yaml`
 * and `values-prod.yaml`. Which of them lies over which only the deployment knows, so they are told and not edited.
 */
export function tagsBeside(planned: readonly PlannedFile[], request: PlanRequest): SkippedFile[] {
  const told = new Map<string, SkippedFile>();
  let folders: ReadonlyMap<string, readonly string[]> | undefined;
  for (const { path, edits } of planned) {
    const tags = edits.filter(({ place }) => place.type === 'helm-value' && place.holds === 'tag');
    if (tags.length === 0) continue;
    folders ??= Map.groupBy([...request.files.keys()].filter(isValues), (file) => posix.dirname(file));
    for (const other of folders.get(posix.dirname(path)) ?? []) {
      if (other === path || request.settings?.(other).byShape === false) continue;
      const set = new Set(planned.find((file) => file.path === other)?.edits.map(pathOf));
      const loaded = loadYaml(request.files.get(other) ?? '');
      const read = loaded.ok ? placeReader(loaded.documents) : () => [];
      for (const edit of tags) {
        const at = pathOf(edit);
        const isOther = read(edit.place).some((value) => value !== edit.to && value !== null);
        const named = NAMES.some((key) => read(helmPlace(beside(at, key), 'repository')).length > 0);
        if (set.has(at) || !isOther || named) continue;
        const message = `it holds another ${at}, which ${path} has of an image that is set: \`helm-values\` needs the line \`${other}: ${at}\` if it is of that image`;
        told.set(`${other} ${at}`, { path: other, reason: 'unknown-kind', message });
      }
    }
  }
  return [...told.values()];
}

/** What stands beside a tag and says of which image it is. */
const NAMES = ['repository', 'name', 'image'];

const beside = (path: string, key: string): string => formatPath([...parsePath(path).slice(0, -1), { key }]);

const pathOf = ({ place }: PlannedFile['edits'][number]): string => ('path' in place ? place.path : '');

const isValues = (path: string): boolean => /values[^/]*\.ya?ml$/i.test(path);
