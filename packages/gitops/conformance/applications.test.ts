import { isDeepStrictEqual } from 'node:util';
import { silentLog } from '@sluice/core/log';
import { parseApplication } from '../applications/application.ts';
import { filesOfTarget } from '../applications/files.ts';
import { findScopes, invalid, unqualifiedWarning } from '../applications/find-scopes.ts';
import type { ApplicationLister } from '../applications/port.ts';
import { snapshotOf } from '../applications/snapshot.testing.ts';
import { statusTypes } from '../applications/source-type.ts';
import type { FoundScopes, ScopedFile } from '../applications/types.ts';
import { parseHelmValues, parseImageEntry } from '../entries.ts';
import { planEdits } from '../find/plan-edits.ts';
import { canonicalReference, parseReference } from '../reference.ts';
import { type Case, conform, list, record, text } from './cases.ts';
import { registryOf } from './planned.ts';

conform('octopus/applications-helm', application);
conform('octopus/applications-directory-kustomize', application);
conform('octopus/kustomize-multi-file', (one) => application({ ...kustomization(one), ...one }));
conform('octopus/scoping-and-validation', validation);

const server = 'https://github.example';

/** A case's Application as Argo CD would list it. */
function lister(one: Case): ApplicationLister {
  const object = JSON.parse(
    JSON.stringify(one.application).replaceAll('"repoURL":"REPO"', `"repoURL":"${server}/acme/gitops"`),
  );
  return {
    server: 'Argo CD',
    list: async () => [object],
    get: async () => object,
    clusterAnnotations: async () => undefined,
  };
}

const scopesOf = (one: Case): Promise<FoundScopes> =>
  findScopes({
    key: {
      project: text(record(one.scope).project),
      environment: text(record(one.scope).environment),
      tenant: text(record(one.scope).tenant),
    },
    from: { type: 'argocd', lister: lister(one) },
    serverUrl: server,
    defaultRegistry: registryOf(one),
    log: silentLog,
  });

/** The case of a kustomization's folder as one of an Application that is made from it. */
function kustomization(one: Case): Case {
  const key = { project: 'shop', environment: 'production' };
  const annotations = Object.entries(key).map(([name, value]) => [`argo.octopus.com/${name}`, value]);
  return {
    scope: key,
    expectedMatchingSources: 1,
    application: {
      metadata: { name: 'shop', annotations: Object.fromEntries(annotations) },
      spec: { source: { repoURL: 'REPO', path: one.sourcePath } },
      status: { sourceType: 'Kustomize' },
    },
  };
}

/** From an Application's annotations to the texts of the files: the sources found, the images reported and every file count. */
async function application(one: Case): Promise<string | undefined> {
  const found = await scopesOf(one);
  const sources = found.applications.flatMap((reported) => reported.sources);
  const before = Object.fromEntries(
    Object.entries(record(one.files)).map(([path, content]) => [path, text(content)]),
  );
  const [target] = found.targets;
  const { files } = target === undefined ? { files: [] } : await filesOfTarget(target, snapshotOf(before));
  const planned = plan(one, files, before);
  const after = { ...before, ...Object.fromEntries(planned.files.map((file) => [file.path, file.after])) };
  const updated = planned.images.filter(({ status }) => status === 'updated').map(({ image }) => image);
  const canonical = (images: readonly unknown[]) =>
    images.map((image) => canonicalReference(parseReference(text(image)), registryOf(one))).toSorted();
  const failures = [
    ...(sources.length === one.expectedMatchingSources ? [] : [`${sources.length} sources match`]),
    ...(isDeepStrictEqual(canonical(updated), canonical(list(one.expectedUpdated)))
      ? []
      : [`updated ${updated}`]),
    ...(isDeepStrictEqual(after, one.expectedFiles) ? [] : [JSON.stringify(after)]),
  ];
  return failures.length === 0 ? undefined : failures.join('; ');
}

function plan(one: Case, scoped: readonly ScopedFile[], before: Readonly<Record<string, string>>) {
  const settings = new Map(scoped.map((file) => [file.path, file]));
  const paths = Object.values(record(record(one.options).helmPaths));
  const helmValues = scoped.flatMap(({ path }) => paths.map((value) => parseHelmValues(`${path}: ${value}`)));
  return planEdits({
    files: new Map(scoped.map(({ path }) => [path, before[path] ?? ''])),
    entries: list(one.images).map((image) => parseImageEntry(text(image))),
    helmValues,
    allowDowngrade: true,
    settings: (path) => {
      const { imageReplacePaths, templatesOnly, defaultRegistry } = settings.get(path) ?? {};
      return {
        ...(imageReplacePaths && { imageReplacePaths }),
        ...(templatesOnly && { templatesOnly }),
        ...(defaultRegistry && { defaultRegistry }),
      };
    },
  });
}

/** What an Application is told to lack: the words are ours, what they say is the same. */
function validation(one: Case): string | undefined {
  const parsed = parseApplication(one.application);
  const expected = record(one.expected);
  const names = (sentences: readonly unknown[]) =>
    sentences.map((sentence) =>
      [...text(sentence).matchAll(/(['"`])([\w./-]+)\1|[\w./]+\/\w+/g)].map(([all]) => all),
    );
  const differences = [
    ...('errors' in expected && invalid(parsed).length !== list(expected.errors).length
      ? [`errors ${JSON.stringify(invalid(parsed))}`]
      : []),
    ...('warnings' in expected &&
    (unqualifiedWarning(parsed) === undefined) !== (list(expected.warnings).length === 0)
      ? [`warning ${unqualifiedWarning(parsed)} for ${names(list(expected.warnings))}`]
      : []),
    ...('sourceTypes' in expected &&
    !isDeepStrictEqual(
      statusTypes(parsed).map((type) => type ?? null),
      expected.sourceTypes,
    )
      ? [`types ${statusTypes(parsed)}`]
      : []),
  ];
  return differences.length === 0 ? undefined : differences.join('; ');
}
