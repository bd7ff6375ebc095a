import { describe, expect, test } from 'vitest';
import { annotationsOf, defaultRegistryIn, duplicateNames, unqualifiedAnnotations } from './annotations.ts';
import { parseApplication } from './application.ts';
import { sourcesInScope } from './scope-of.ts';

type Names = readonly (string | undefined)[];

/** An Application with sources of these names; one alone stands in `spec.source`. */
function application(names: Names, annotations: Record<string, string>) {
  const sources = names.map((name) => ({
    repoURL: 'https://x.example/a/b',
    path: '.',
    ...(name !== undefined && { name }),
  }));
  const spec = sources.length === 1 ? { source: sources[0] } : { sources };
  return parseApplication({ metadata: { name: 'shop', annotations }, spec });
}

const octopus = (suffix: string, project = 'shop', environment = 'production', tenant?: string) => ({
  [`argo.octopus.com/project${suffix}`]: project,
  [`argo.octopus.com/environment${suffix}`]: environment,
  ...(tenant === undefined ? {} : { [`argo.octopus.com/tenant${suffix}`]: tenant }),
});
const ours = (suffix: string, project = 'shop', environment = 'production') => ({
  [`sluice.dev/project${suffix}`]: project,
  [`sluice.dev/environment${suffix}`]: environment,
});
const key = { project: 'shop', environment: 'production', tenant: '' };
const ofAcme = { ...key, tenant: 'acme' };

describe('a source belongs to a deployment', () => {
  test.each<[string, Names, Record<string, string>, typeof key, readonly number[]]>([
    ['by plain annotations when it is the only one and has no name', [undefined], octopus(''), key, [0]],
    ['by the same keys of Sluice', [undefined], ours(''), key, [0]],
    ['an empty name is no name', [''], octopus(''), key, [0]],
    ['a name of white space is no name', ['  '], octopus(''), key, [0]],
    ['not by plain annotations when it has a name', ['web'], octopus(''), key, []],
    ['by annotations that end with its name', ['web'], octopus('.web'), key, [0]],
    ['a single source without a name has none with a suffix', [undefined], octopus('.web'), key, []],
    ['of several each by its own', ['a', 'b'], { ...octopus('.a'), ...octopus('.b', 'other') }, key, [0]],
    ['several may be of one deployment', ['a', 'b'], { ...octopus('.a'), ...octopus('.b') }, key, [0, 1]],
    ['of several not by plain annotations', ['a', 'b'], octopus(''), key, []],
    ['of several never one without a name', [undefined, 'b'], octopus(''), key, []],
    ['names of sources are case-sensitive', ['Web'], octopus('.web'), key, []],
    [
      'white space around slugs and their case do not count',
      [undefined],
      octopus('', ' SHOP', 'Production '),
      key,
      [0],
    ],
    ['not without its environment', [undefined], { 'argo.octopus.com/project': 'shop' }, key, []],
    ['not of another environment', [undefined], octopus('', 'shop', 'staging'), key, []],
    ['of a tenant by that tenant', [undefined], octopus('', 'shop', 'production', 'Acme'), ofAcme, [0]],
    [
      'a deployment of no tenant leaves a tenant alone',
      [undefined],
      octopus('', 'shop', 'production', 'acme'),
      key,
      [],
    ],
    ['a deployment of a tenant leaves what has none alone', [undefined], octopus(''), ofAcme, []],
    ['one annotation is one slug, not a list', [undefined], octopus('', 'shop,other'), key, []],
    ['there are no wildcards', [undefined], octopus('', '*'), key, []],
    [
      'where both are there, those of Sluice decide',
      [undefined],
      { ...octopus(''), ...ours('', 'other') },
      key,
      [],
    ],
    [
      'and the tenant of the others does not count',
      [undefined],
      { ...ours(''), ...octopus('', 'x', 'y', 'acme') },
      key,
      [0],
    ],
  ])('%s', (_, names, annotations, wanted, indexes) => {
    expect(sourcesInScope(application(names, annotations), wanted)).toEqual(indexes);
  });
});

describe('the templates of a source', () => {
  const templates = (name: string | undefined, ...more: Record<string, string>[]) =>
    annotationsOf(application([name], Object.assign({}, ...more)), 0).imageReplacePaths;

  test('stand in the annotation with its name, or in the plain one', () => {
    expect(templates('web', { 'argo.octopus.com/image-replace-paths.web': 'a' })).toBe('a');
    expect(templates(undefined, { 'argo.octopus.com/image-replace-paths': 'a' })).toBe('a');
    expect(templates('web', { 'argo.octopus.com/image-replace-paths.api': 'a' })).toBeUndefined();
  });
  test('those of Sluice come first', () => {
    const both = {
      'sluice.dev/image-replace-paths': 'ours',
      'argo.octopus.com/image-replace-paths': 'theirs',
    };
    expect(templates(undefined, both)).toBe('ours');
  });
});

test('annotations that name none of several sources are told', () => {
  const annotations = { ...octopus('', 'a', 'b', 'c'), ...octopus('.x'), 'sluice.dev/tenant': 't' };
  expect(unqualifiedAnnotations(application(['x', 'y'], annotations))).toEqual([
    'sluice.dev/tenant',
    'argo.octopus.com/project',
    'argo.octopus.com/environment',
    'argo.octopus.com/tenant',
  ]);
  expect(unqualifiedAnnotations(application([undefined], annotations))).toEqual([]);
});

test.each<[Names, readonly string[]]>([
  [['a', 'b', 'a', 'a'], ['a']],
  [[undefined, '', undefined], []],
  [['a', 'A'], []],
])('the names %j are there several times: %j', (names, duplicates) => {
  expect(duplicateNames(application(names, {}))).toEqual(duplicates);
});

test('the default registry of a cluster is that of Sluice, or that of Octopus', () => {
  const theirs = { 'argo.octopus.com/default-container-registry': ' mirror.example ' };
  expect(defaultRegistryIn(theirs)).toBe('mirror.example');
  expect(defaultRegistryIn({ ...theirs, 'sluice.dev/default-container-registry': 'ours.example' })).toBe(
    'ours.example',
  );
  expect(defaultRegistryIn({})).toBeUndefined();
});
