import { deployment } from '@sluice/testbed/argocd/scratch-repository';
import { describe, expect, it } from 'vitest';
import { chart, IMAGE, startFamily } from './test-family.ts';

const child = (
  url: string,
  name: string,
  helm: string,
  more: Record<string, string> = {},
): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: ${more.project ?? 'default'}
  destination: {server: https://kubernetes.default.svc, namespace: ${name}}
  syncPolicy: {automated: {}}
  source:
    repoURL: ${url}
    targetRevision: ${more.revision ?? 'main'}
    path: ${more.path ?? 'chart'}
    helm: ${helm}
`;

const MIRROR = 'mirror.us.example.com/shop';
const VALUES = `{valuesObject: {image: {repository: ${IMAGE}, tag: a}}}`;
const one = (url: string, more: Record<string, string> = {}) => ({
  ...chart('chart'),
  'root/shop.yaml': child(url, 'shop', VALUES, more),
});

/** A chart that deploys Applications with the tag of its values. */
const apps = (
  folder: string,
  url: string,
  names: readonly string[],
  path = 'chart',
): Record<string, string> => ({
  [`${folder}/Chart.yaml`]: 'apiVersion: v2\nname: apps\nversion: 0.1.0\n',
  [`${folder}/values.yaml`]: `image:\n  repository: ${IMAGE}\n  tag: a\n`,
  ...Object.fromEntries(
    names.map((name) => [
      `${folder}/templates/${name}.yaml`,
      child(url, name, '{valuesObject: {image: {tag: {{ .Values.image.tag | quote }}}}}', { path }),
    ]),
  ),
});

describe.concurrent('an Application that the change is in', { timeout: 60_000 }, () => {
  it.each([
    ['helm.values', `{values: "image:\\n  repository: ${IMAGE}\\n  tag: a\\n"}`],
    [
      'helm.parameters',
      `{parameters: [{name: image.repository, value: ${IMAGE}}, {name: image.tag, value: a}]}`,
    ],
  ])('is live when its %s hold the change and what it deploys runs it', async (_, helm) => {
    await using bench = await startFamily((url) => ({
      ...chart('chart'),
      'root/shop.yaml': child(url, 'shop', helm),
    }));
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(verdicts).toEqual(['root: live proven', 'shop: live proven']);
    expect(bench.argocd.liveImages('shop')).toEqual([`${IMAGE}:b`]);
  });

  it('is live when its kustomize.images hold the change, also at a single look once all is done', async () => {
    await using bench = await startFamily((url) => ({
      'web/kustomization.yaml': `resources: [deployment.yaml]\n`,
      'web/deployment.yaml': deployment('web', `${IMAGE}:none`),
      'root/web.yaml': child(url, 'web', 'null', { path: 'web' }).replace(
        'helm: null',
        `kustomize: {images: ['${IMAGE}:a']}`,
      ),
    }));
    const change = bench.bump([`${IMAGE}:b`]);
    const live = ['root: live proven', 'web: live proven'];
    expect((await bench.wait(change)).verdicts).toEqual(live);
    expect((await bench.wait(change, { mode: 'once' })).verdicts).toEqual(live);
  });

  it('that is not done is not live at a single look', async () => {
    await using bench = await startFamily(one);
    await bench.argocd.idle('shop');
    const change = bench.bump([`${IMAGE}:b`]);
    bench.argocd.faults.neverSync('shop');
    await bench.argocd.poll('root');
    await bench.argocd.idle('root');
    const { verdicts } = await bench.wait(change, { mode: 'once' });
    expect(verdicts[1]).toMatch(/^shop: (unknown not-yet|failed)/);
  });

  it('is not live while its status is one of an older spec, however Synced and Healthy that is', async () => {
    await using bench = await startFamily(one);
    await bench.argocd.idle('shop');
    const change = bench.bump([`${IMAGE}:b`]);
    bench.argocd.faults.staleStatus('shop', 30_000);
    const { verdicts } = await bench.wait(change, { timeoutMs: 9000 });
    expect(verdicts).toEqual(['root: live proven', 'shop: timed-out timed-out']);
  });

  it('is not live when it is Degraded, whatever its parent is', async () => {
    await using bench = await startFamily(one, { badImages: [`${IMAGE}:b`] });
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(verdicts).toEqual(['root: live proven', 'shop: failed degraded']);
  });

  it('is not live when auto-sync is off and nobody syncs it', async () => {
    await using bench = await startFamily((url) => ({
      ...one(url),
      'root/shop.yaml': child(url, 'shop', VALUES).replace('{automated: {}}', '{}'),
    }));
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(verdicts).toEqual(['root: live proven', 'shop: failed needs-sync']);
  });

  it('is not taken for the Application of that name of another Argo CD', async () => {
    await using bench = await startFamily(() => ({ ...chart('chart'), 'root/note.txt': 'x' }));
    await bench.argocd.createApplication({
      ...{ name: 'shop', repoURL: bench.url, path: 'chart', targetRevision: 'main', deployed: true },
      helm: { valuesObject: { image: { repository: IMAGE, tag: 'b' } } },
    });
    bench.commit({ 'root/shop.yaml': child(bench.url, 'shop', VALUES) });
    const family = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(family.verdicts).toEqual(['root: unknown could-not-ask']);
    expect(family.sentence('root')).toContain('Application argocd/shop');
  });

  it('of a project that the token may not see is told by its name', async () => {
    await using bench = await startFamily((url) => one(url, { project: 'other' }));
    const family = await bench.wait(bench.bump([`${IMAGE}:b`]), { token: { project: 'default' } });
    expect(family.verdicts).toEqual(['root: unknown could-not-ask']);
    expect(family.sentence('root')).toContain('other/shop');
  });

  it('an edit of no image is not taken for proven where nothing shows what it does', async () => {
    const helm = `{valuesObject: {image: {repository: ${IMAGE}, tag: a}, replicas: 1}}`;
    await using bench = await startFamily((url) => ({
      ...chart('chart'),
      'root/shop.yaml': child(url, 'shop', helm),
    }));
    const change = bench.bump([], ['root/shop.yaml spec.source.helm.valuesObject.replicas=3']);
    expect((await bench.wait(change)).verdicts).toEqual([
      'root: live proven',
      'shop: unknown no-rendered-difference',
    ]);
  });

  it('another revision is live by what it has changed in the rendered objects', async () => {
    await using bench = await startFamily((url) => one(url));
    const revision = bench.commit({
      'chart/values.yaml': `image: {repository: ${IMAGE}, tag: none}\nreplicas: 3\n`,
    });
    await bench.argocd.idle('shop');
    const old = bench.commit({ 'root/shop.yaml': child(bench.url, 'shop', VALUES, { revision: 'main~1' }) });
    expect(old).not.toBe(revision);
    const before = bench.commit({
      'chart/values.yaml': `image: {repository: ${IMAGE}, tag: none}\nreplicas: 5\n`,
    });
    bench.commit({ 'root/shop.yaml': child(bench.url, 'shop', VALUES, { revision }) });
    await bench.argocd.poll('root');
    const change = bench.bump([], [`root/shop.yaml spec.source.targetRevision=${before}`]);
    const { verdicts } = await bench.wait(change);
    expect(verdicts).toEqual(['root: live proven', 'shop: live proven']);
    expect(bench.argocd.live('shop').get('Deployment/shop')?.spec).toMatchObject({ replicas: 5 });
  });

  it('another revision that renders the same is not taken for proven', async () => {
    await using bench = await startFamily(one);
    const first = bench.commit({ 'README.md': '1\n' });
    const second = bench.commit({ 'README.md': '2\n' });
    bench.commit({ 'root/shop.yaml': child(bench.url, 'shop', VALUES, { revision: first }) });
    await bench.argocd.poll('root');
    const change = bench.bump([], [`root/shop.yaml spec.source.targetRevision=${second}`]);
    expect((await bench.wait(change)).verdicts).toEqual([
      'root: live proven',
      'shop: unknown no-rendered-difference',
    ]);
  });

  it('that comes of a chart is found by the version which the chart gives it', async () => {
    await using bench = await startFamily((url) => ({
      ...chart('chart'),
      ...apps('root', url, ['shop', 'cart']),
    }));
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(verdicts).toEqual(['root: live proven', 'cart: live proven', 'shop: live proven']);
  });

  it('that has the same version and nothing of the image is left out', async () => {
    await using bench = await startFamily((url) => ({
      ...chart('chart'),
      ...Object.fromEntries(
        Object.entries(chart('cart')).map(([path, text]) => [
          path,
          text.replace(IMAGE, 'registry.example.com/cart'),
        ]),
      ),
      ...apps('root', url, ['shop']),
      'root/templates/cart.yaml': child(url, 'cart', '{valuesObject: {image: {tag: b}}}', { path: 'cart' }),
    }));
    const { verdicts, all } = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(verdicts).toEqual(['root: live proven', 'shop: live proven']);
    expect(all[0]?.verdict.messages).toEqual([
      expect.stringContaining('Application cart has such a version'),
    ]);
  });

  it.each([
    ['whose image is bad', { badImages: [`${MIRROR}:b`] }],
    ['whose image is good', {}],
  ])('that takes the version for a mirror of the image, %s, is not left out', async (_, options) => {
    await using bench = await startFamily(
      (url) => ({
        ...chart('chart'),
        ...Object.fromEntries(
          Object.entries(chart('mirrored')).map(([path, text]) => [path, text.replace(IMAGE, MIRROR)]),
        ),
        ...apps('root', url, ['eu']),
        'root/templates/us.yaml': child(
          url,
          'us',
          '{valuesObject: {image: {tag: {{ .Values.image.tag | quote }}}}}',
          { path: 'mirrored' },
        ),
      }),
      options,
    );
    const family = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(family.verdicts).toEqual(['root: live proven', 'eu: live proven', 'us: unknown generated']);
    expect(family.sentence('us')).toContain('an image of another name');
  });

  it('may deploy another one itself: the last of them is the proof', async () => {
    await using bench = await startFamily((url) => ({
      ...chart('chart'),
      ...apps('middle', url, ['shop']),
      'root/middle.yaml': child(url, 'middle', VALUES, { path: 'middle' }),
    }));
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]));
    expect(verdicts).toEqual(['root: live proven', 'middle: live proven', 'shop: live proven']);
  });

  it('may not deploy itself', async () => {
    await using bench = await startFamily((url) => ({
      ...apps('middle', url, ['middle'], 'middle'),
      'root/other.yaml': child(url, 'middle', VALUES, { path: 'middle' }),
    }));
    const { verdicts } = await bench.wait(bench.bump([`${IMAGE}:b`]), { timeoutMs: 12_000 });
    expect(verdicts.some((one) => one.startsWith('middle: live'))).toBe(false);
  });
});
