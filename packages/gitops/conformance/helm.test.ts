import { parseHelmValues } from '../entries.ts';
import { placeReader } from '../find/read-place.ts';
import { parseYaml } from '../yaml/tree.ts';
import { type Case, conform, record, text } from './cases.ts';
import { assignments, images } from './planned.ts';

conform('octopus/helm-values-editor', (one) => {
  if (one.function === 'setValueAtPath')
    return assignments('values.yaml', [[text(one.path), text(one.value)]])(one);
  const parsed = parseYaml(text(one.input));
  const found = parsed.ok
    ? placeReader(parsed.documents)({ type: 'value', document: 0, path: text(one.path) })[0]
    : undefined;
  return String(found) === one.expected ? undefined : String(found);
});

conform('octopus/helm-step-paths', images('values.yaml', stepPaths));

function stepPaths(one: Case) {
  const paths = Object.values(record(record(one.options).helmPaths));
  return { helmValues: paths.map((path) => parseHelmValues(`values.yaml: ${path}`)) };
}
