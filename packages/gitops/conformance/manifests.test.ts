import { conform } from './cases.ts';
import { images, tree } from './planned.ts';

conform('octopus/plain-manifests', images('manifest.yaml'));
conform('octopus/applications-directory-kustomize', tree);
