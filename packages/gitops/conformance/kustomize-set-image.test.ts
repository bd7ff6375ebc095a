import { isDeepStrictEqual } from 'node:util';
import { load } from 'js-yaml';
import { parseImageEntry } from '../entries.ts';
import { compare, conform, list, record, text } from './cases.ts';
import { plan } from './planned.ts';

conform('gitops/kustomize-set-image', (one) => {
  try {
    const entries = list(one.updates).map((update) => parseImageEntry(text(record(update).arg)));
    const { after, failed } = plan('kustomization.yaml', one, { entries, kustomizeImages: 'set' });
    if (one.compare !== 'contains') return compare(one, after, failed);
    // The file's own indentation is kept, which is not always that of kustomize.
    const [is, wanted] = [load(after), load(text(one.expected))].map((value) => record(value).images);
    return after.startsWith(text(one.input)) && isDeepStrictEqual(is, wanted) ? undefined : after;
  } catch (error) {
    return String(error);
  }
});
