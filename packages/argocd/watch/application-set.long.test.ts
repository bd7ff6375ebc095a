import { describe, expect, it } from 'vitest';
import { chart, IMAGE, startFamily } from './test-family.ts';

const ELEMENTS = `
    - list:
        elements:
          - {env: dev, tag: a}
          - {env: prod, tag: a}`;

interface SetParts {
  readonly generators?: string;
  /** Of each source. */
  readonly helm?: string;
  /** Lines of `spec`. */
  readonly more?: string;
  readonly project?: string;
}

const set = (url: string, parts: SetParts = {}): string => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: shops, namespace: argocd}
spec:
  goTemplate: true
${parts.more ?? ''}  generators:${parts.generators ?? ELEMENTS}
  template:
    metadata:
      name: 'shop-{{ .env }}'
      labels: {env: '{{ .env }}'}
    spec:
      project: ${parts.project ?? 'default'}
      destination: {server: https://kubernetes.default.svc, namespace: 'shop-{{ .env }}'}
      syncPolicy: {automated: {}}
      source:
        repoURL: ${url}
        targetRevision: main
        path: chart
        helm: ${parts.helm ?? `{valuesObject: {image: {repository: ${IMAGE}, tag: a}}}`}
`;

const start = (parts: SetParts = {}) =>
  startFamily((url) => ({ ...chart('chart'), 'root/shops.yaml': set(url, parts) }));

const FROM_ELEMENT = `{valuesObject: {image: {repository: ${IMAGE}, tag: '{{ .tag }}'}}}`;
const ELEMENT_OF = (env: string) => `root/shops.yaml spec.generators[0].list.elements[env=${env}].tag`;

describe.concurrent('an ApplicationSet that the change is in', { timeout: 60_000 }, () => {
  it('is live when all that it generates is', async () => {
    await using bench = await start();
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(verdicts).toEqual(['root: live proven', 'shop-dev: live proven', 'shop-prod: live proven']);
    expect(bench.argocd.liveImages('shop-prod')).toEqual([`${IMAGE}:b`]);
  });

  it('is live without the right to see it, by what its parent shows', async () => {
    await using bench = await start();
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]), { token: { applicationSets: false } });
    expect(verdicts).toEqual(['root: live proven', 'shop-dev: live proven', 'shop-prod: live proven']);
  });

  it('an edit of one element judges the Application of that element alone', async () => {
    const elements = `
    - list:
        elements:
          - {env: dev, image: {repository: ${IMAGE}, tag: a}}
          - {env: prod, image: {repository: ${IMAGE}, tag: c}}`;
    const helm = "{valuesObject: {image: {repository: '{{ .image.repository }}', tag: '{{ .image.tag }}'}}}";
    await using bench = await start({ generators: elements, helm });
    const change = bench.bump([`${IMAGE}:b`]);
    // Only what the bump set in the element of dev.
    const [file] = change.files;
    const edits = (file?.edits ?? []).filter(({ place }) => JSON.stringify(place).includes('env=dev'));
    const { verdicts } = await bench.wait({ ...change, files: [{ path: 'root/shops.yaml', edits }] });
    expect(verdicts).toEqual(['root: live proven', 'shop-dev: live proven']);
  });

  it.each([
    [
      'templatePatch',
      '  templatePatch: |\n    spec: {source: {helm: {valuesObject: {image: {tag: c}}}}}\n',
      /templatePatch.* sets it to c/,
    ],
    [
      'ignoreApplicationDifferences',
      '  ignoreApplicationDifferences: [{jsonPointers: [/spec/source/helm]}]\n',
      /ignoreApplicationDifferences.*\/spec\/source\/helm/,
    ],
    ['applicationsSync', '  syncPolicy: {applicationsSync: create-only}\n', /applicationsSync: create-only/],
  ])('is not effective where %s keeps its Applications as they are', async (_, more, words) => {
    await using bench = await start({ more });
    const family = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(family.verdicts).toEqual([
      'root: live proven',
      'shop-dev: not-effective overridden',
      'shop-prod: not-effective overridden',
    ]);
    expect(family.sentence('shop-dev')).toMatch(words);
  });

  it('with RollingSync is waited for, step by step, and nothing is synced by us', async () => {
    const steps = ['dev', 'prod']
      .map((env) => `{matchExpressions: [{key: env, operator: In, values: [${env}]}]}`)
      .join(', ');
    await using bench = await start({
      more: `  strategy: {type: RollingSync, rollingSync: {steps: [${steps}]}}\n`,
    });
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]), { settings: { sync: 'always' } });
    expect(verdicts.slice(1)).toEqual(['shop-dev: live proven', 'shop-prod: live proven']);
    const synced = bench.argocd.requests.filter(
      ({ method, path }) => method === 'POST' && path.includes('shop-'),
    );
    expect(synced).toEqual([]);
  });

  it('that reports an error has failed, in its own words', async () => {
    await using bench = await start({ generators: `${ELEMENTS}\n          - {env: dev, tag: a}` });
    const change = bench.bump([`${IMAGE}:b`]);
    const before = bench.argocd.requests.length;
    const family = await bench.wait(change, { settings: { degradedGraceMs: 3000 } });
    expect(family.verdicts[0]).toBe('root: failed not-generated');
    expect(bench.argocd.requests.length - before).toBeLessThan(60);
    expect(family.sentence('root')).toContain('contains applications with duplicate name: shop-dev');
  });

  it('whose controller is away is not live', async () => {
    await using bench = await start();
    bench.argocd.holdApplicationSets(true);
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]), { timeoutMs: 9000 });
    expect(verdicts.slice(1)).toEqual(['shop-dev: timed-out timed-out', 'shop-prod: timed-out timed-out']);
  });

  it('that generates late is waited for', async () => {
    await using bench = await start();
    bench.argocd.holdApplicationSets(true);
    const change = bench.bump([`${IMAGE}:b`]);
    setTimeout(() => bench.argocd.holdApplicationSets(false), 6000);
    const { verdicts } = await bench.wait(change);
    expect(verdicts).toEqual(['root: live proven', 'shop-dev: live proven', 'shop-prod: live proven']);
  });

  it('an element that no part of the template says in so many words is proven by the images', async () => {
    await using bench = await start({
      generators: `
    - list:
        elements:
          - {env: dev, image: '${IMAGE}:a'}`,
      helm: `{valuesObject: {image: {repository: ${IMAGE}, tag: none}}}`,
      more: `  templatePatch: |
    spec: {source: {helm: {valuesObject: {image: {tag: '{{ .image | trunc 200 }}'}}}}}
`,
    });
    const change = bench.bump([`${IMAGE}:b`]);
    const family = await bench.wait(change, { timeoutMs: 12_000 });
    // The tag is no tag: nothing runs it, so nothing is proven.
    expect(family.verdicts[1]).toMatch(/^shop-dev: (not-effective|timed-out|unknown)/);
  });

  it('an edit of no image in an element is not taken for proven', async () => {
    await using bench = await start({ helm: FROM_ELEMENT });
    const { verdicts } = await bench.wait(bench.bump([], [`${ELEMENT_OF('dev')}=b`]));
    expect(verdicts).toEqual(['root: live proven', 'shop-dev: unknown no-rendered-difference']);
  });

  it('whose status does not name all of its Applications is not live by those that it names', async () => {
    await using bench = await start();
    await bench.argocd.idle('shop-prod');
    const url = `${bench.argocd.url}/api/v1/applicationsets/shops?appsetNamespace=argocd`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${bench.argocd.token()}` } });
    const shown: { status: { resources: { name: string }[]; resourcesCount?: number } } = JSON.parse(
      (await answer.text()).replace('"tag":"a"', '"tag":"b"'),
    );
    shown.status.resourcesCount = shown.status.resources.length;
    shown.status.resources = shown.status.resources.filter(({ name }) => name === 'shop-dev');
    bench.argocd.faults.neverSync('shop-prod');
    const change = bench.bump([`${IMAGE}:b`]);
    const reply = { status: 200, contentType: 'application/json', body: JSON.stringify(shown) };
    bench.argocd.faults.http('/api/v1/applicationsets/', { type: 'reply', ...reply }, 10_000);
    const family = await bench.wait(change);
    expect(family.verdicts).toEqual(['root: unknown could-not-ask', 'shop-dev: live proven']);
    expect(family.sentence('root')).toContain('names 1 of the 2 Applications');
    expect(bench.argocd.liveImages('shop-prod')).toEqual([`${IMAGE}:a`]);
  });

  const namedBy = (url: string, name: string): string =>
    set(url, {
      generators: `
    - list:
        elements:
          - {env: dev, image: {repository: ${IMAGE}, tag: a}}
          - {env: prod, image: {repository: ${IMAGE}, tag: a}}`,
      helm: "{valuesObject: {image: {repository: '{{ .image.repository }}', tag: '{{ .image.tag }}'}}}",
    }).replace("name: 'shop-{{ .env }}'", `name: '${name}'`);

  it('an edit of one element is not known at once where a function makes the names', async () => {
    const name = 'shop-{{ .env | trunc 3 }}';
    await using bench = await startFamily((url) => ({
      ...chart('chart'),
      'root/shops.yaml': namedBy(url, name),
    }));
    const change = bench.bump([`${IMAGE}:b`]);
    const [file] = change.files;
    const edits = (file?.edits ?? []).filter(({ place }) => JSON.stringify(place).includes('env=dev'));
    bench.commit({ 'root/shops.yaml': namedBy(bench.url, name).replace('tag: a', 'tag: b') });
    const begun = Date.now();
    const family = await bench.wait(
      { ...change, files: [{ path: 'root/shops.yaml', edits }] },
      { timeoutMs: 40_000 },
    );
    expect(family.verdicts).toEqual(['root: unknown could-not-ask']);
    expect(family.sentence('root')).toContain('Nothing tells whether Application shop-');
    expect(Date.now() - begun).toBeLessThan(30_000);
  });

  it.each([
    ['another one is through', 'prod', 'a'],
    ['the controller has seen the change', 'test', 'z'],
  ])('an Application that seems to come from elsewhere is asked for again when %s', async (_, env, tag) => {
    const pinned = (pin: string, now: string) => ({
      helm: `{valuesObject: {image: {repository: ${IMAGE}, tag: ${now}}}}`,
      more: `  templatePatch: |
    {{ if eq .env "${pin}" }}
    spec: {source: {helm: {valuesObject: {image: {tag: z}}}}}
    {{ end }}
`,
    });
    await using bench = await start(pinned(env, tag));
    await bench.argocd.idle('shop-prod');
    bench.argocd.holdApplicationSets(true);
    bench.commit({ 'root/shops.yaml': set(bench.url, pinned('test', 'a')) });
    await bench.argocd.poll('root');
    await bench.argocd.idle('root');
    const change = bench.bump([`${IMAGE}:b`]);
    setTimeout(() => bench.argocd.holdApplicationSets(false), 6000);
    const { verdicts } = await bench.wait(change);
    expect(verdicts.toSorted()).toEqual([
      'root: live proven',
      'shop-dev: live proven',
      'shop-prod: live proven',
    ]);
  });
});
