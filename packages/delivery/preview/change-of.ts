import type { ChangedFile } from '@sluice/gitops/change';
import type { FileContent } from '@sluice/gitops/commit/committer';
import { parseImageEntry } from '@sluice/gitops/entries';
import { planEdits } from '@sluice/gitops/find/plan-edits';
import { formatReference } from '@sluice/gitops/reference';
import type { PreviewInputs } from './inputs.ts';

/**
 * The places of the rendered files that hold the image: by these it is seen in the cluster. Places with another image of the same
 * repository are the template's own business.
 */
export function imagePlaces(
  files: readonly FileContent[],
  inputs: Pick<PreviewInputs, 'image' | 'helm-values' | 'crd-paths' | 'default-registry'>,
  folder: string,
): readonly ChangedFile[] {
  if (inputs.image === undefined) return [];
  const plan = planEdits({
    files: new Map(files.map(({ path, text }) => [path, text])),
    entries: [parseImageEntry(formatReference(inputs.image))],
    helmValues: inputs['helm-values'].map((line) => ({ ...line, file: `${folder}/${line.file}` })),
    defaultRegistry: inputs['default-registry'],
    allowDowngrade: true,
    crdPaths: inputs['crd-paths'],
  });
  return plan.files.flatMap(({ path, edits }) => {
    const held = edits.filter(({ from, to, image }) => from === to && image !== undefined);
    return held.length === 0 ? [] : [{ path, edits: held }];
  });
}
