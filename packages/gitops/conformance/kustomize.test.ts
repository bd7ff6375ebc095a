import { conform } from './cases.ts';
import { images, tree } from './planned.ts';

conform('octopus/kustomize-images', images('kustomization.yaml'));
conform('octopus/format-invariance', images('kustomization.yaml'));
conform('octopus/kustomize-multi-file', tree);
