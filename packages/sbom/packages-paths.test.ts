import { describe, expect, it } from 'vitest';
import { packagesOf } from './packages.ts';
import { packages, sbomOf } from './test-sbom.ts';

describe('duplicates and paths', () => {
  it('lists a package once for all components and SBOMs that have it, with each file', () => {
    const purls = ['pkg:npm/qs@6.7.0', 'pkg:npm/qs@6.7.0?x=y', 'pkg:npm/qs@6.7.1'];
    const components = purls.map((purl) => ({ purl }));
    const { packages } = packagesOf([
      sbomOf(components, { file: 'a.json' }),
      sbomOf(components.slice(0, 1), { file: 'b.json' }),
    ]);
    expect(packages.map(({ purl, files }) => [purl, files])).toEqual([
      ['pkg:npm/qs@6.7.0', ['a.json', 'b.json']],
      ['pkg:npm/qs@6.7.1', ['a.json']],
    ]);
  });

  it('takes a Go version with and without its `v` for one', () => {
    expect(packages({ purl: 'pkg:golang/a.b/c@v1.0.0' }, { purl: 'pkg:golang/a.b/c@1.0.0' })).toHaveLength(1);
  });

  const graph = (edges: Readonly<Record<string, readonly string[]>>, roots: readonly string[]) => {
    const refs = [...new Set([...Object.keys(edges), ...Object.values(edges).flat()])];
    const components = refs.map((ref) => ({ ref, name: ref, purl: `pkg:npm/${ref}@1.0.0` }));
    const { packages } = packagesOf([
      sbomOf(components, { roots, dependsOn: new Map(Object.entries(edges)) }),
    ]);
    return (name: string) =>
      packages.find((found) => found.name === name)?.paths.map((path) => path.join(' '));
  };

  it('tells the shortest paths from a root, a few, and none that goes round', () => {
    const paths = graph(
      { r: ['a', 'b', 'c', 'd'], a: ['x'], b: ['x'], c: ['x', 'a'], d: ['x'], x: ['r', 'a', 'y'] },
      ['r'],
    );
    expect(paths('x')).toEqual(['r a x', 'r b x', 'r c x']);
    expect(paths('y')).toEqual(['r a x y']);
    expect(paths('a')).toEqual(['r a']);
    expect(paths('r')).toEqual([]);
  });

  it('tells a path once, however often the SBOM says it', () => {
    expect(graph({ r: ['a', 'a'], a: ['b', 'b'] }, ['r'])('b')).toEqual(['r a b']);
  });

  it('tells none where the SBOM does not', () => {
    expect(graph({ r: ['a'], lone: ['b'] }, ['r'])('b')).toEqual([]);
    expect(graph({ r: ['a'] }, [])('a')).toEqual([]);
  });

  it('shows the first and the last steps of a long one', () => {
    const chain = Array.from({ length: 40 }, (_, index) => [`n${index}`, [`n${index + 1}`]] as const);
    const paths = graph(Object.fromEntries(chain), ['n0']);
    expect(paths('n11')).toEqual(['n0 n1 n2 n3 n4 n5 n6 n7 n8 n9 n10 n11']);
    expect(paths('n40')).toEqual(['n0 n1 n2 n3 n4 n5 … n35 n36 n37 n38 n39 n40']);
  });
});
