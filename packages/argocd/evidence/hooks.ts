import type { ManagedResource } from '../decide/types.ts';
import { at, type Json, text } from '../json.ts';
import type { Application } from '../observation.ts';

/** Hooks that a sync runs; the others run when one fails, when the application is deleted, or never. */
const RUN_BY_SYNC: Readonly<Record<string, RegExp>> = {
  'argocd.argoproj.io/hook': /^(PreSync|Sync|PostSync)$/,
  // https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks
  'helm.sh/hook': /^(crd-install|(pre|post)-(install|upgrade))$/,
};

/** The hooks among rendered objects, also those that no sync runs. Argo CD compares none, so `managed-resources` lacks them. */
export function hooksOf(
  manifests: readonly Json[],
  { destination }: Pick<Application, 'destination'>,
): readonly ManagedResource[] {
  return manifests
    .filter((manifest) => typesOf(manifest).length > 0)
    .map((manifest) => {
      const [group, version] = (text(at(manifest, 'apiVersion')) ?? '').split('/');
      const metadata = at(manifest, 'metadata');
      return {
        group: version === undefined ? '' : (group ?? ''),
        kind: text(at(manifest, 'kind')) ?? '',
        namespace: text(at(metadata, 'namespace')) ?? destination.namespace ?? '',
        name: text(at(metadata, 'name')) ?? text(at(metadata, 'generateName')) ?? '',
        target: manifest,
        hook: true,
        ...(!typesOf(manifest).some(({ runs }) => runs) && { dormant: true }),
      };
    });
}

/** What its annotations say: each type, and whether a sync runs it. */
const typesOf = (manifest: Json): readonly { readonly runs: boolean }[] =>
  Object.entries(RUN_BY_SYNC).flatMap(([annotation, types]) =>
    (text(at(manifest, 'metadata', 'annotations', annotation)) ?? '')
      .split(',')
      .map((type) => type.trim())
      .filter((type) => type !== '')
      .map((type) => ({ runs: types.test(type) })),
  );
