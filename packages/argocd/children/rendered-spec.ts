import type { RenderedEvidence } from '../decide/types.ts';
import type { Sources } from '../evidence/evidence.ts';
import { differingObjects } from '../evidence/rendered.ts';
import { ofImages } from '../evidence/rendered-evidence.ts';
import type { Application } from '../observation.ts';
import type { Generated, Want } from './types.ts';
import { describeAt, shortValue } from './values.ts';

/** `manifests` renders the spec as it is now, at any revision: of an older spec only the revision can be asked for. */
const isRevision = ({ at, was }: Want): boolean =>
  at?.within === undefined &&
  /^spec\.(source|sources\[[^\]]*\])\.targetRevision$/.test(at?.path ?? '') &&
  (was === undefined || typeof was === 'string');

const others = ({ wants }: Generated): readonly Want[] => wants.filter(({ image }) => image === undefined);

/** Edits of no image whose effect cannot be seen, each as `path: value`. */
export const unrenderable = (generated: Generated): readonly string[] =>
  revisionBefore(generated) !== undefined
    ? []
    : others(generated)
        .filter((want) => !isRevision(want))
        .map(({ at, to }) => `${at === undefined ? 'the change' : describeAt(at)}: ${shortValue(to)}`);

/** The revision that the Application followed before the change, where that is all that the edits of no image have altered. */
export function revisionBefore(generated: Generated): string | undefined {
  const [first, ...more] = others(generated);
  if (first === undefined || more.length > 0 || !isRevision(first) || first.was === first.to)
    return undefined;
  return typeof first.was === 'string' && first.was !== '' ? first.was : 'HEAD';
}

/** What another revision has made of the rendered objects of an Application. */
export async function renderedOfSpec(
  revision: string,
  before: string,
  application: Application,
  { argocd, selected, expectation }: Sources,
): Promise<RenderedEvidence> {
  const position = application.multiSource ? selected.sourceIndex : undefined;
  const at = (one: string) => argocd.manifests(selected.application, one, position);
  const [was, is] = await Promise.all([at(before), at(revision)]);
  return { revision, differing: differingObjects(was, is, application, ofImages(expectation)) };
}
