import { type Case, conform, text } from './cases.ts';
import { images } from './planned.ts';

conform('octopus/kustomize-images', images('kustomization.yaml'));
conform('octopus/format-invariance', (one) => images(fileOf(one))(one));
conform('octopus/kustomize-inline-patches', (one) => images(fileOf(one))(one));
conform('octopus/kustomize-json-patch-files', (one) => images(fileOf(one))(one));
conform('octopus/kustomize-json6902-and-strategic', (one) => images(fileOf(one))(one));

/** Where a case's text stands, by the way in which its patch is written. */
function fileOf(one: Case): string {
  if (one.variant === 'json-patch-file') return 'patch.json';
  return text(one.variant) === 'json6902-yaml-patch' ? 'patch.yaml' : 'kustomization.yaml';
}
