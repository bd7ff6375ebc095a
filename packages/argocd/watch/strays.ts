import { SluiceError } from '@sluice/core/errors';
import type { Change } from '@sluice/gitops/change';
import type { ApplicationName } from '../api/port.ts';
import { differingObjects } from '../evidence/rendered.ts';
import { at, type Json } from '../json.ts';
import type { Watched } from './wait.ts';

/** Why the change is not for a child, by its name. */
interface Strays {
  readonly kept: readonly Watched[];
  readonly leftOut: readonly string[];
}

/**
 * What becomes of children that have a version of the change in their spec and nothing of its image among what they render, where it
 * is proven elsewhere: it may be another image's version, or the same one from another repository. Only what the parent renders alike
 * without the change is left out.
 * @param own whether the parent is rendered from the very repository of the change, by a spec that is not of the change itself
 */
export async function sortStrays(
  strays: readonly Watched[],
  parent: Watched,
  change: Change,
  own: boolean,
): Promise<Strays> {
  if (strays.length === 0) return { kept: [], leftOut: [] };
  const isUntouched = own ? await untouchedOf(parent, change) : () => false;
  const out = strays.filter((one) => isUntouched(one.selected.application));
  return {
    kept: strays.filter((one) => !out.includes(one)).map(unsure),
    leftOut: out.map(
      ({ selected }) =>
        `Application ${selected.application.name} has such a version with and without the change: nothing of it was waited for.`,
    ),
  };
}

function unsure(watched: Watched): Watched {
  const { verdict, selected, stray: _, ...rest } = watched;
  const sentence = `Application ${selected.application.name} has the version in its spec and renders nothing of the image: it may take it for an image of another name (a mirror), so nothing shows whether the change is live there.`;
  const messages = [verdict.sentence, ...verdict.messages];
  return {
    ...rest,
    selected,
    verdict: { ...verdict, verdict: 'unknown', reason: 'generated', sentence, messages },
  };
}

/** Tells the Applications that the parent renders alike before the change and now; none where that cannot be asked. */
async function untouchedOf(
  { selected, verdict }: Watched,
  change: Change,
): Promise<(child: ApplicationName) => boolean> {
  const { argocd, sourceIndex } = selected;
  const edits = change.files.flatMap((file) => file.edits);
  const isNew = change.base !== change.commit && edits.every(({ from, to }) => from !== to);
  if (!isNew) return () => false;
  try {
    const { application } = await argocd.get(selected.application);
    // A dry commit renders nothing by itself.
    if (application.hydrated !== undefined) return () => false;
    const position = application.multiSource ? sourceIndex : undefined;
    const [before, now] = await Promise.all([
      argocd.manifests(application, change.base, position),
      argocd.manifests(application, verdict.revision ?? change.commit, position),
    ]);
    const differing = differingObjects(before, now, application);
    return ({ name }) =>
      now.some((one) => isApplication(one, name)) &&
      !differing.some((one) => one.kind === 'Application' && one.name === name);
  } catch (error) {
    if (error instanceof SluiceError && error.kind !== 'internal') return () => false;
    throw error;
  }
}

const isApplication = (object: Json, name: string): boolean =>
  at(object, 'kind') === 'Application' && at(object, 'metadata', 'name') === name;
