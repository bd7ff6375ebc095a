import { isManifestPath } from '../find/files.ts';
import type { Snapshot } from '../git/repository.ts';
import { readValues } from '../yaml/events.ts';
import { loadYaml } from '../yaml/load.ts';
import type { ApplicationObject } from './port.ts';

export interface ManifestsRead {
  readonly applications: readonly ApplicationObject[];
  readonly applicationSets: readonly { readonly path: string; readonly template: ApplicationObject }[];
  /** Files that may hold Applications and could not be read: one sentence each. */
  readonly warnings: readonly string[];
}

/** Only a file with an annotation of a deployment in it is worth decoding. */
const isOurs = (bytes: Buffer | 'too-large'): boolean =>
  bytes !== 'too-large' && ['sluice.dev/', 'argo.octopus.com/'].some((prefix) => bytes.includes(prefix));

/** The Applications and ApplicationSets with annotations of a deployment in manifests below the given paths. */
export async function readApplications(snapshot: Snapshot, paths: readonly string[]): Promise<ManifestsRead> {
  const files = new Set<string>();
  for (const path of paths) {
    for (const file of await snapshot.list(path)) if (isManifestPath(file.path, path)) files.add(file.path);
  }
  const applications: ApplicationObject[] = [];
  const applicationSets: ManifestsRead['applicationSets'][number][] = [];
  const warnings: string[] = [];
  for (const [path, text] of await snapshot.read([...files], (_, bytes) => isOurs(bytes))) {
    const loaded = loadYaml(text);
    if (!loaded.ok) {
      warnings.push(`${path} was left out: ${loaded.message}.`);
      continue;
    }
    for (const object of readValues(text).flatMap(objectsIn)) {
      if (isOfKind(object, 'Application')) applications.push(object);
      if (isOfKind(object, 'ApplicationSet')) applicationSets.push({ path, template: templateOf(object) });
    }
  }
  return { applications, applicationSets, warnings };
}

/** A document, or the items of a `kind: List`. */
function objectsIn(document: unknown): readonly unknown[] {
  const items = field(document, 'items');
  return Array.isArray(items) && /List$/.test(String(field(document, 'kind'))) ? items : [document];
}

function isOfKind(object: unknown, kind: string): boolean {
  return field(object, 'kind') === kind && /^argoproj\.io\//.test(String(field(object, 'apiVersion')));
}

/** The Application that a set would make, with the set's own name where the template has an expression. */
function templateOf(set: unknown): ApplicationObject {
  const template = field(field(set, 'spec'), 'template');
  const { name, namespace } = {
    name: field(field(set, 'metadata'), 'name'),
    namespace: field(field(set, 'metadata'), 'namespace'),
  };
  return {
    metadata: { name, namespace, annotations: field(field(template, 'metadata'), 'annotations') },
    spec: field(template, 'spec'),
  };
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
