import { parseCrdPath } from '../crd-paths.ts';
import { parseAssignment, parseHelmValues, parseImageEntry } from '../entries.ts';
import { parseImageTemplate } from '../image-replace-paths.ts';
import type { EditPlan, PlanRequest } from './edit-plan.ts';
import { planEdits } from './plan-edits.ts';

/** A plan from lines as a user writes them. */
export function plan(
  files: Readonly<Record<string, string>>,
  images: readonly string[],
  more: Omit<PlanRequest, 'files' | 'entries' | 'assignments' | 'helmValues'> & {
    readonly set?: readonly string[];
    readonly helm?: readonly string[];
    readonly crd?: readonly string[];
    readonly templates?: readonly string[];
  } = {},
): EditPlan {
  const { set = [], helm = [], crd = [], templates = [], ...rest } = more;
  const imageReplacePaths = templates.map(parseImageTemplate);
  return planEdits({
    files: new Map(Object.entries(files)),
    entries: images.map(parseImageEntry),
    assignments: set.map(parseAssignment),
    helmValues: helm.map(parseHelmValues),
    crdPaths: crd.map(parseCrdPath),
    settings: () => ({ imageReplacePaths }),
    ...rest,
  });
}
