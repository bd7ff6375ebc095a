import { SluiceError } from '@sluice/core/errors';
import type { ManagedResource, Observed, Unavailable, UncachedEvidence } from '../decide/types.ts';
import { at, type Json, text } from '../json.ts';
import type { Application } from '../observation.ts';
import type { Sources } from './evidence.ts';
import { hooksOf } from './hooks.ts';

/** What the revision that is compared with renders to without Argo CD's cache; its servers before 3.2 answer from that all the same. */
export async function uncachedAt(
  { application }: Observed,
  { argocd, selected }: Sources,
): Promise<UncachedEvidence | (Unavailable & { readonly revision: string })> {
  const position = application.multiSource ? selected.sourceIndex : undefined;
  const revision = application.sync.revisions[position ?? 0] ?? '';
  try {
    const manifests = await argocd.manifests(selected.application, revision, position, 'uncached');
    return { revision, items: asManaged(manifests, application) };
  } catch (error) {
    if (error instanceof SluiceError && (error.kind === 'platform' || error.code === 'argocd-permission'))
      return { revision, unavailable: error.message };
    throw error;
  }
}

/** Rendered objects in the shape in which managed ones come. */
export function asManaged(manifests: readonly Json[], application: Application): readonly ManagedResource[] {
  const hooks = hooksOf(manifests, application);
  const rest = manifests.filter((manifest) => !hooks.some(({ target }) => target === manifest));
  const plain = rest.map((manifest) => {
    const [group, version] = (text(at(manifest, 'apiVersion')) ?? '').split('/');
    return {
      group: version === undefined ? '' : (group ?? ''),
      kind: text(at(manifest, 'kind')) ?? '',
      namespace: text(at(manifest, 'metadata', 'namespace')) ?? application.destination.namespace ?? '',
      name: text(at(manifest, 'metadata', 'name')) ?? '',
      target: manifest,
    };
  });
  return [...plain, ...hooks];
}
