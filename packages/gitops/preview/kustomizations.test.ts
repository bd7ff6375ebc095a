import { describe, expect, it } from 'vitest';
import { affectedBuilds } from './kustomizations.ts';

const tree = {
  'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'base/deployment.yaml': '',
  'overlays/eu/kustomization.yaml': 'resources: [../../base]\ncomponents: [../../components/tls]\n',
  'overlays/us/kustomization.yml':
    'resources:\n  - ../../base/\npatches:\n  - path: patch.yaml\nconfigMapGenerator:\n  - name: c\n    files: [app.conf=conf/app.conf]\n',
  'overlays/us/patch.yaml': '',
  'overlays/us/conf/app.conf': '',
  'components/tls/kustomization.yaml': 'kind: Component\nresources: [cert.yaml]\n',
  'components/tls/cert.yaml': '',
  'other/Kustomization': 'resources:\n  - https://example.com/a.yaml\n  - ../base\n',
  'broken/kustomization.yaml': 'resources: [',
};

function builds(changed: readonly string[], isInPath = (_: string) => true) {
  const texts = Object.entries(tree).filter(([path]) => /kustomization/i.test(path));
  const found = affectedBuilds(new Map(texts), new Set(Object.keys(tree)), new Set(changed), isInPath);
  return found.map(({ folder, remote }) => (remote === undefined ? folder : `${folder} <- ${remote}`));
}

describe('what is built', () => {
  it.each([
    [
      'every folder that takes a changed base in, and not the base',
      ['base/deployment.yaml'],
      ['overlays/eu', 'overlays/us', 'other <- https://example.com/a.yaml'],
    ],
    ['a folder whose own file changed', ['overlays/eu/kustomization.yaml'], ['overlays/eu']],
    ['a folder that names it as a patch', ['overlays/us/patch.yaml'], ['overlays/us']],
    ['a folder that makes a ConfigMap of it', ['overlays/us/conf/app.conf'], ['overlays/us']],
    ['what uses a component, not the component', ['components/tls/cert.yaml'], ['overlays/eu']],
    ['a file that is broken as it is: kustomize says why', ['broken/kustomization.yaml'], ['broken']],
    ['nothing for a file that none names', ['base/unused.yaml'], []],
  ])('is %s', (_, changed, expected) => {
    expect(builds(changed)).toEqual(expected);
  });

  it('lies in the path of the run', () => {
    expect(builds(['base/deployment.yaml'], (folder) => folder.startsWith('overlays/eu'))).toEqual([
      'overlays/eu',
    ]);
  });

  it('ends, whatever takes in whatever', () => {
    const loop = {
      'a/kustomization.yaml': 'resources: [../b, ../a]',
      'b/kustomization.yaml': 'resources: [../a, x.yaml]',
      'b/x.yaml': '',
    };
    const bomb = `a: &a [x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(9)}]`)
      .join('\n')}\n`;
    const texts = new Map([...Object.entries(loop).slice(0, 2), ['c/kustomization.yaml', bomb] as const]);
    const found = affectedBuilds(
      texts,
      new Set([...Object.keys(loop), 'c/kustomization.yaml']),
      new Set(['b/x.yaml', 'c/kustomization.yaml']),
      () => true,
    );
    expect(found.map(({ folder }) => folder)).toEqual(['c']);
  });
});
