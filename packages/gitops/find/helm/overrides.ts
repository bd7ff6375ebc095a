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
  const tagged = planned.map((file) => ({ ...file, edits: file.edits.filter(isTag) }));
  const setting = tagged.filter(({ edits }) => edits.length > 0);
  if (setting.length === 0) return [];
  const isAsked = (path: string) => isValuesFile(path) && request.settings?.(path).byShape !== false;
  const folders = Map.groupBy([...request.files.keys()].filter(isAsked), (path) => posix.dirname(path));
  const told = setting.flatMap((file) =>
    (folders.get(posix.dirname(file.path)) ?? [])
      .filter((other) => other !== file.path)
      .flatMap((other) => {
        const set = new Set(planned.find(({ path }) => path === other)?.edits.map(pathOf));
        const open = file.edits.filter((edit) => !set.has(pathOf(edit)));
        return othersIn(request.files.get(other) ?? '', open).map((at) => tell(other, at, file.path));
      }),
  );
  return [...new Map(told.map((one) => [one.message, one])).values()];
}

/** Whether a file has the name of Helm values; charts take files of any name. */
export const isValuesFile = (path: string): boolean => /values[^/]*\.ya?ml$/i.test(path);

type Edit = PlannedFile['edits'][number];

const isTag = ({ place }: Edit): boolean => place.type === 'helm-value' && place.holds === 'tag';
const pathOf = ({ place }: Edit): string => ('path' in place ? place.path : '');

/** What stands beside a tag and says of which image it is. */
const NAMES = ['repository', 'name', 'image'];

/** The paths at which a file holds another tag, and nothing that says of which image. */
function othersIn(text: string, edits: readonly Edit[]): string[] {
  const loaded = loadYaml(text);
  if (!loaded.ok) return [];
  const read = placeReader(loaded.documents);
  return edits.flatMap((edit) => {
    const at = pathOf(edit);
    const isOther = read(edit.place).some((value) => value !== edit.to && value !== null);
    const isNamed = NAMES.some((key) => read(helmPlace(beside(at, key), 'repository')).length > 0);
    return isOther && !isNamed ? [at] : [];
  });
}

const beside = (path: string, key: string): string => formatPath([...parsePath(path).slice(0, -1), { key }]);

function tell(path: string, at: string, from: string): SkippedFile {
  const message = `it holds another ${at}, which ${from} has of an image that is set: \`helm-values\` needs the line \`${path}: ${at}\` if it is of that image`;
  return { path, reason: 'unknown-kind', message };
}
