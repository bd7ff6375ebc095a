import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { type Json, listAt, objectAt, textAt, toJson } from '../argocd/json.ts';
import type { ApplicationOptions } from '../argocd/options.ts';

const root = fileURLToPath(new URL('repository', import.meta.url));

/** The GitOps repository of our example company, as files on disk. */
export interface FinPay {
  /** Bytes by path, for a repository to be made of. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** Its Argo CD Applications, reading from the given URL. */
  applications(repoURL: string): readonly ApplicationOptions[];
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .toSorted();
}

const texts = (value: Json) =>
  Object.fromEntries(Object.entries(objectAt(value)).map(([name, text]) => [name, String(text)]));

function application(manifest: Json, repoURL: string): ApplicationOptions {
  const source = objectAt(manifest, 'spec', 'source');
  const releaseName = textAt(source, 'helm', 'releaseName');
  const valueFiles = listAt(source, 'helm', 'valueFiles').map(String);
  const automated = objectAt(manifest, 'spec', 'syncPolicy', 'automated');
  return {
    name: textAt(manifest, 'metadata', 'name') ?? '',
    repoURL,
    path: textAt(source, 'path') ?? '',
    targetRevision: textAt(source, 'targetRevision') ?? 'HEAD',
    project: textAt(manifest, 'spec', 'project') ?? 'default',
    namespace: textAt(manifest, 'spec', 'destination', 'namespace') ?? 'default',
    labels: texts(objectAt(manifest, 'metadata', 'labels')),
    annotations: texts(objectAt(manifest, 'metadata', 'annotations')),
    ...(Object.keys(automated).length > 0
      ? { automated: { prune: automated.prune === true, selfHeal: automated.selfHeal === true } }
      : {}),
    ...(valueFiles.length > 0
      ? { helm: { valueFiles, ...(releaseName === undefined ? {} : { releaseName }) } }
      : {}),
  };
}

export function loadFinPay(): FinPay {
  const files = Object.fromEntries(
    filesBelow(root).map((file) => [file, readFileSync(path.join(root, file))]),
  );
  const manifests = toJson(loadAll(files['argocd/applications.yaml']?.toString('utf8') ?? ''));
  return {
    files,
    applications: (repoURL) =>
      listAt(manifests)
        .filter((manifest) => manifest !== null)
        .map((manifest) => application(manifest, repoURL)),
  };
}
