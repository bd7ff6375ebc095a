import { parseHelmValues } from '../entries.ts';
import { valuesFile } from '../find/helm/helm.ts';
import { templateSites } from '../find/helm/helm-template.ts';
import { placeReader } from '../find/read-place.ts';
import type { ImageSite } from '../find/site.ts';
import { parseImageTemplate } from '../image-replace-paths.ts';
import { formatPath } from '../path.ts';
import { parseYaml, type YamlNode } from '../yaml/tree.ts';
import { type Case, conform, list, record, text } from './cases.ts';
import { assignments, images } from './planned.ts';

conform('octopus/helm-values-editor', (one) => {
  if (one.function === 'setValueAtPath')
    return assignments('values.yaml', [[text(one.path), text(one.value)]])(one);
  const parsed = parseYaml(text(one.input));
  const read = placeReader(parsed.ok ? parsed.documents : []);
  const at = (path: string): string => String(read({ type: 'value', document: 0, path })[0]);
  // What is listed must be there by its path; what else is there may be reached as well.
  if (one.function === 'listPaths')
    return list(one.expected)
      .map(text)
      .find((path) => at(path) === 'undefined');
  if (one.function === 'flatten')
    return Object.entries(record(one.expected)).find(([path, value]) => at(path) !== text(value))?.[0];
  const found = at(text(one.path));
  return found === one.expected ? undefined : String(found);
});

conform('octopus/helm-step-paths', images('values.yaml', stepPaths));

function stepPaths(one: Case) {
  const paths = Object.values(record(record(one.options).helmPaths));
  return { helmValues: paths.map((path) => parseHelmValues(`values.yaml: ${path}`)) };
}

conform(
  'octopus/helm-annotation-replacer',
  images('values.yaml', (one) => {
    const imageReplacePaths = list(record(one.options).imageReplacePaths).map((line) =>
      parseImageTemplate(text(line)),
    );
    return { settings: () => ({ imageReplacePaths }) };
  }),
);

conform('octopus/image-references', template, (one) => one.kind === 'helm-template');

/** Where the tag stands is told by the last value of a template; of values that are there, by the image that they make. */
function template(one: Case): string | undefined {
  const line = text(one.function === 'toOctostache' ? one.input : one.template);
  const parsed = attempt(() => parseImageTemplate(line));
  const tree = valuesFile(parsed && documentOf(JSON.stringify(one.values ?? {})));
  const [site] = parsed === undefined || tree === undefined ? [] : templateSites(tree, parsed);
  if ('expectedError' in one) return site === undefined ? undefined : 'an image is found';
  if (one.function === 'toOctostache') {
    const parts = parsed?.parts.map((part) =>
      part.type === 'text' ? part.text : `#{${formatPath(part.steps)}}`,
    );
    return parts?.join('') === one.expected ? undefined : String(parts?.join(''));
  }
  const expected = record(one.expected);
  const [before, last] = parsed?.parts.slice(-2) ?? [];
  const end = last ?? before;
  const found: Case = {
    TagPath: end?.type === 'value' ? formatPath(end.steps) : undefined,
    TagIsTemplateToken: last !== undefined && before?.type === 'text' && before.text === ':',
    ...(site !== undefined && 'reference' in site && partsOf(site)),
  };
  return Object.keys(expected).every((key) => found[key] === expected[key])
    ? undefined
    : JSON.stringify(found);
}

function partsOf(site: Exclude<ImageSite, { type: 'left-alone' }>): Case {
  const { registry, repository, tag } = site.reference;
  const own = site.type === 'helm' ? site.tag?.value.node.text : tag;
  return { Registry: registry, ImageName: repository, Tag: own };
}

function documentOf(json: string): YamlNode | undefined {
  const parsed = parseYaml(json);
  return parsed.ok ? parsed.documents[0] : undefined;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
