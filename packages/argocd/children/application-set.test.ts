import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { childrenOf, faultOf, unnamedOf, wantsOf } from './application-set.ts';
import type { ObjectEdit } from './types.ts';

const EDIT = { was: 'a', to: 'b', image: 'shop:b' };

const set = (spec: Record<string, Json> = {}, name = 'shop-{{.env}}'): Json => ({
  metadata: { name: 'shops', namespace: 'argocd', uid: 'u' },
  spec: {
    goTemplate: true,
    template: {
      metadata: { name },
      spec: { source: { path: 'chart', helm: { parameters: [{ name: 'tag', value: '{{ .tag }}' }] } } },
    },
    ...spec,
  },
});

const elements = (...list: readonly Json[]) => ({ generators: [{ list: { elements: list } }] });
const editAt = (path: string, within?: string): ObjectEdit => ({
  at: { path, ...(within !== undefined && { within }) },
  ...EDIT,
});
const of = (object: Json, edit: ObjectEdit, name = 'shop-dev', spec: Json = {}) =>
  wantsOf(object, [edit], { name, spec });

describe('what an Application must hold of an edit of its ApplicationSet', () => {
  test.each([
    ['the template', 'spec.template.spec.source.helm.parameters[name=tag].value', undefined],
    ['a text of YAML in the template', 'spec.template.spec.source.helm.values', 'image.tag'],
    ['the template of a generator', 'spec.generators[0].list.template.spec.source.targetRevision', undefined],
  ])('of %s: the same value at the same place', (_, path, within) => {
    const [, rest = ''] = path.split('template.');
    expect(of(set(), editAt(path, within))).toEqual([
      { at: { path: rest, ...(within !== undefined && { within }) }, ...EDIT },
    ]);
  });

  test('nothing of what stands beside the spec of the template', () => {
    expect(of(set(), editAt('spec.template.metadata.labels.tag'))).toEqual([]);
  });

  describe('an element of a list', () => {
    const edit = editAt('spec.generators[0].list.elements[env=dev].tag');
    const all = elements({ env: 'dev', tag: 'b' }, { env: 'prod', tag: 'a' });

    test('is wanted where the template uses it, of the Application of its name alone', () => {
      expect(of(set(all), edit)).toEqual([{ at: { path: 'spec.source.helm.parameters[0].value' }, ...EDIT }]);
      expect(of(set(all), edit, 'shop-prod')).toEqual([]);
    });

    test('beside parameters that are not known it is wanted as far as it is', () => {
      const spec = { source: { kustomize: { images: ['web=reg/{{ .name }}:{{ .tag }}'] } } };
      const object = set({ ...all, template: { metadata: { name: '{{.env}}-{{.cluster}}' }, spec } });
      const [want] = of(object, edit, 'dev-east');
      expect(want).toMatchObject({
        at: { path: 'spec.source.kustomize.images[0]' },
      });
      expect(new RegExp(want?.like ?? '').test('web=reg/shop:b')).toBe(true);
      expect(new RegExp(want?.like ?? '').test('web=reg/shop:a')).toBe(false);
      expect(of(object, edit, 'prod-east')).toEqual([]);
    });

    describe('whose Applications have names that a function makes', () => {
      const name = 'shop-{{ .env | sha1sum }}';
      const condition = 'shop-{{ if .env }}x{{ end }}';

      test.each([name, condition])('is not known where another element has another value: %s', (one) => {
        const [want, ...more] = of(set(all, one), edit, 'shop-x');
        expect(more).toEqual([]);
        expect(want?.unsure).toContain('Application shop-x is of the element that has tag b');
      });

      test('is wanted of all where every element has that value', () => {
        const same = elements({ env: 'dev', tag: 'b' }, { env: 'prod', tag: 'b' });
        expect(of(set(same, name), edit, 'shop-x')).toMatchObject([{ to: 'b' }]);
        expect(of(set(same, name), edit, 'shop-x')[0]?.unsure).toBeUndefined();
      });

      test('is wanted of that which is of no other element by the rest of its name', () => {
        const [want] = of(set(all, '{{ .env }}-{{ .env | sha1sum }}'), edit, 'dev-x');
        expect(want).toMatchObject({ to: 'b' });
        expect(want?.unsure).toBeUndefined();
      });

      test('is not known where the values of another generator are others', () => {
        const generators = [{ clusters: { values: { tag: 'b' } } }, { clusters: { values: { tag: 'a' } } }];
        const path = 'spec.generators[0].clusters.values.tag';
        const [want] = of(set({ generators }, 'shop-{{.name}}'), editAt(path), 'shop-x');
        expect(want?.unsure).toContain('values.tag');
      });
    });

    test('as fasttemplate writes it, with the old value where that can be told', () => {
      const template = {
        metadata: { name: 'shop-{{env}}' },
        spec: { source: { targetRevision: 'v{{tag}}' } },
      };
      expect(of(set({ ...all, goTemplate: false, template }), edit)).toEqual([
        { at: { path: 'spec.source.targetRevision' }, was: 'va', to: 'vb', image: 'shop:b' },
      ]);
    });

    test.each([
      ['only a templatePatch uses it', {}],
      ['a function stands before it', { source: { path: '{{ index .tag 0 }}' } }],
      ['a condition stands about it', { source: { path: '{{ if .x }}{{ .tag }}{{ end }}' } }],
    ])('where %s, its version is looked for in the whole spec', (_, spec) => {
      const template = { metadata: { name: 'shop-{{.env}}' }, spec };
      expect(of(set({ ...all, template }), edit)).toEqual([EDIT]);
    });

    test('values of a generator are called by their name', () => {
      const generators = [{ clusters: { values: { tag: 'b' } } }];
      const template = {
        metadata: { name: 'shop-{{.name}}' },
        spec: { source: { path: '{{ .values.tag }}' } },
      };
      const path = 'spec.generators[0].clusters.values.tag';
      expect(of(set({ generators, template }), editAt(path), 'shop-east')).toEqual([
        { at: { path: 'spec.source.path' }, ...EDIT },
      ]);
    });
  });

  describe('that comes from elsewhere', () => {
    const edit = editAt('spec.template.spec.source.targetRevision');
    const revision = (targetRevision: string) => ({ source: { targetRevision } });
    const conditional = '{{ if eq .env "dev" }}spec: {source: {targetRevision: c}}{{ end }}';

    test('is not asked of an Application which a templatePatch gives another value than the old and the new one', () => {
      const object = set({ templatePatch: conditional });
      expect(of(object, edit, 'shop-dev', revision('c'))).toEqual([]);
      expect(of(object, edit, 'shop-dev', revision('older'))).toHaveLength(1);
      expect(of(object, edit, 'shop-dev', revision('a'))).toHaveLength(1);
      expect(of(object, edit, 'shop-dev', revision('b'))).toHaveLength(1);
    });

    const patched = (source: string) => ({ templatePatch: `spec: {source: {${source}}}` });
    const ofRevision = (targetRevision: string) => [
      { list: { elements: [{ env: 'dev' }], template: { spec: { source: { targetRevision } } } } },
    ];
    test.each<[string, Record<string, Json>]>([
      ['the template of its generator', { generators: ofRevision('c') }],
      [
        'a patch with a parameter of an element',
        { ...patched('targetRevision: "{{ .pin }}"'), ...elements({ env: 'dev', pin: 'c' }) },
      ],
      ['one side of a condition', patched('targetRevision: {{ if .x }}c{{ else }}d{{ end }}')],
    ])('is not asked where %s sets it', (_, spec) => {
      expect(of(set(spec), edit, 'shop-dev', revision('c'))).toEqual([]);
      expect(of(set(spec), edit, 'shop-dev', revision('x'))).toHaveLength(1);
    });

    test.each<[string, Record<string, Json>]>([
      [
        'in an element, with a patch of something else',
        { ...patched('x: {{ .y }}'), ...elements({ env: 'c' }) },
      ],
      ['in another field of a patch', patched('path: c, x: {{ .y }}')],
      [
        'in another field of a generator',
        { generators: [{ list: { template: { spec: { project: 'c' } } } }] },
      ],
    ])('is asked where the value that it has stands only %s: it may be older than the old one', (_, spec) => {
      expect(of(set(spec), edit, 'shop-dev', revision('c'))).toHaveLength(1);
    });

    test('is asked where nothing but the template says it: somebody has edited the Application', () => {
      expect(of(set(), edit, 'shop-dev', revision('c'))).toHaveLength(1);
    });
  });

  test.each([
    ['applicationsSync: create-only', { syncPolicy: { applicationsSync: 'create-only' } }, 'create-only'],
    [
      'applicationsSync: create-delete',
      { syncPolicy: { applicationsSync: 'create-delete' } },
      'create-delete',
    ],
    ['applicationsSync: create-update', { syncPolicy: { applicationsSync: 'create-update' } }, undefined],
    [
      'a pointer',
      { ignoreApplicationDifferences: [{ jsonPointers: ['/spec/source/targetRevision'] }] },
      '/spec/source/targetRevision',
    ],
    [
      'a pointer above it',
      { ignoreApplicationDifferences: [{ jsonPointers: ['/spec/source'] }] },
      '/spec/source',
    ],
    [
      'a pointer beside it',
      { ignoreApplicationDifferences: [{ jsonPointers: ['/spec/source/path'] }] },
      undefined,
    ],
    [
      'a pointer below it',
      { ignoreApplicationDifferences: [{ jsonPointers: ['/spec/source/targetRevision/x'] }] },
      undefined,
    ],
    [
      'a path of jq',
      { ignoreApplicationDifferences: [{ jqPathExpressions: ['.spec.source.targetRevision'] }] },
      'targetRevision',
    ],
    [
      'a rule for this Application',
      { ignoreApplicationDifferences: [{ name: 'shop-dev', jsonPointers: ['/spec/source'] }] },
      '/spec/source',
    ],
    [
      'a rule for another one',
      { ignoreApplicationDifferences: [{ name: 'shop-prod', jsonPointers: ['/spec/source'] }] },
      undefined,
    ],
    [
      'a templatePatch without expressions',
      { templatePatch: 'spec: {source: {targetRevision: c}}' },
      'sets it to c',
    ],
    [
      'a templatePatch with the same value',
      { templatePatch: 'spec: {source: {targetRevision: b}}' },
      undefined,
    ],
    [
      'a templatePatch with expressions',
      { templatePatch: 'spec: {source: {targetRevision: "{{.x}}"}}' },
      undefined,
    ],
  ])('%s keeps it from the change or not', (_, spec, words) => {
    const [want] = of(set(spec), editAt('spec.template.spec.source.targetRevision'));
    if (words === undefined) expect(want?.kept).toBeUndefined();
    else expect(want?.kept).toContain(words);
  });

  test('an element of `sources` is covered by a rule with a select', () => {
    const rule = '.spec.sources[] | select(.repoURL == "x").targetRevision';
    const object = set({ ignoreApplicationDifferences: [{ jqPathExpressions: [rule] }] });
    expect(of(object, editAt('spec.template.spec.sources[ref=values].targetRevision'))[0]?.kept).toContain(
      rule,
    );
    expect(of(object, editAt('spec.template.spec.sources[ref=values].path'))[0]?.kept).toBeUndefined();
  });
});

describe('what an ApplicationSet says of itself', () => {
  const status = (conditions: readonly Json[], resources: readonly Json[] = []) => ({
    metadata: { namespace: 'argocd' },
    status: { conditions, resources },
  });

  test.each([
    [[{ type: 'ErrorOccurred', status: 'True', message: 'no such project' }], 'no such project'],
    [[{ type: 'ParametersGenerated', status: 'False', message: 'no parameters' }], 'no parameters'],
    [[{ type: 'ResourcesUpToDate', status: 'False', message: 'not written' }], 'not written'],
    [
      [
        { type: 'ResourcesUpToDate', status: 'False', message: 'second' },
        { type: 'ErrorOccurred', status: 'True', message: 'first' },
      ],
      'first',
    ],
    [
      [
        { type: 'ErrorOccurred', status: 'False', message: 'fine' },
        { type: 'ResourcesUpToDate', status: 'True' },
      ],
      undefined,
    ],
    [[], undefined],
  ])('its fault, by the conditions %j', (conditions, fault) => {
    expect(faultOf(status(conditions))).toBe(fault);
  });

  test.each([
    ['a list that is cut', 3, 'names 1 of the 3 Applications'],
    ['a whole list', 1, undefined],
    ['no number beside it, of an older controller', undefined, undefined],
  ])('that some of its Applications are not named: %s', (_, resourcesCount, words) => {
    const set = { status: { resources: [{ kind: 'Application', name: 'one' }], resourcesCount } };
    if (words === undefined) expect(unnamedOf(set)).toBeUndefined();
    else expect(unnamedOf(set)).toContain(words);
  });

  test('its Applications, and no other resources', () => {
    const resources = [
      { kind: 'Application', name: 'one' },
      { kind: 'Application', name: 'two', namespace: 'team' },
      { kind: 'ConfigMap', name: 'three' },
    ];
    expect(childrenOf(status([], resources))).toEqual([
      { name: 'one', namespace: 'argocd' },
      { name: 'two', namespace: 'team' },
    ]);
  });
});
