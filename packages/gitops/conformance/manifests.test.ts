import { conform } from './cases.ts';
import { images } from './planned.ts';

conform('octopus/plain-manifests', images('manifest.yaml'));
