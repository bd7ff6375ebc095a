import { runs } from '@sluice/testbed/runs';
import fc from 'fast-check';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { expect, test } from 'vitest';
import { evaluateChange } from '../../contains.ts';
import { plan } from '../plan-edits.testing.ts';

const tag = fc.oneof(
  fc.stringMatching(/^[0-9a-zA-Z_][0-9a-zA-Z_.-]{0,11}$/),
  fc.constantFrom('1.10', '1e3', '0755', 'yes', 'null', '0x1F', '2024-01-02', 'v1'),
);
const quotes = fc.constantFrom('', "'", '"');
const noise = fc.constantFrom('', ' # nginx:1.2 🚀', '   # it\'s "kept"');

/** Where images stand in objects, each a list of entries that may stand in any order. `TAG` is the tag, in its quotes. */
const SHAPES = {
  crd: {
    head: 'apiVersion: example.io/v1\nkind: Shop\nmetadata: {name: "é🚀"}\nspec:\n  jobs:\n',
    entries: [
      '  - name: a\n    image: REF\n',
      '  - name: b\n    image: REF\n',
      '  - name: c\n    image: redis:7\n',
    ],
  },
  references: {
    head: 'apiVersion: example.io/v1\nkind: Shop\nmetadata: {name: s}\nspec:\n  jobs:\n',
    entries: ['  - REF\n', '  - redis:7\n', '  - other/nginx:7\n'],
  },
  maps: {
    head: 'apiVersion: example.io/v1\nkind: Shop\nmetadata: {name: s}\nspec:\n  jobs:\n',
    entries: ['  - {name: a, repository: nginx, tag: TAG}\n', '  - {name: b, repository: redis, tag: TAG}\n'],
  },
  kustomize: {
    head: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: s}\nspec:\n  source:\n    kustomize:\n      images:\n',
    entries: ['      - REF\n', '      - redis:7\n', '      - web=docker.io/nginx:x\n'],
  },
  parameters: {
    head: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: s}\nspec:\n  source:\n    helm:\n      parameters:\n',
    entries: [
      '      - name: image.repository\n        value: nginx\n',
      '      - name: image.tag\n        value: TAG\n',
      '      - {name: side.image, value: REF}\n',
    ],
  },
  values: {
    head: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: s}\nspec:\n  source:\n    helm:\n      values: |\n        side:\n',
    entries: [
      '        - name: a\n          image: {repository: nginx, tag: TAG}\n',
      '        - name: b\n          image: REF\n',
      '        - name: c\n          image: redis:7\n',
    ],
  },
  release: {
    head: 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: s}\nspec:\n  values:\n    side:\n',
    entries: [
      '    - name: a\n      image: REF\n',
      '    - name: b\n      image: {repository: redis, tag: TAG}\n',
    ],
  },
} as const;

interface File {
  readonly head: string;
  readonly entries: readonly string[];
}

const file: fc.Arbitrary<File> = fc
  .record({
    shape: fc.constantFrom(...Object.values(SHAPES)),
    old: tag,
    q: quotes,
    noise,
    eol: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ shape, old, q, noise: comment, eol }) => {
    const fill = (text: string): string =>
      text
        .replaceAll('TAG', `${q}${old}${q}`)
        .replaceAll('REF', `${q}nginx:${old}${q}`)
        // A comment behind what ends its line outside of a flow collection.
        .replace(/([^}:\n])\n$/, `$1${comment}\n`)
        .replaceAll('\n', eol);
    return { head: shape.head.replaceAll('\n', eol), entries: shape.entries.map(fill) };
  });

const textOf = ({ head, entries }: File): string => head + entries.join('');
const planned = (text: string, image: string) =>
  plan({ 'a.yaml': text }, [image], {
    crd: ['example.io/v1/Shop: spec.jobs'],
    allowDowngrade: true,
  });

/** A document, also inside a text of one, without the values that may change. */
function others(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(others);
  if (typeof value === 'string') {
    return value.includes('\n')
      ? others(loadAll(value))
      : value.replace(/^((?:web=)?(?:docker\.io\/)?nginx):.*$/, '$1');
  }
  if (typeof value !== 'object' || value === null) return value;
  const isTag = 'name' in value && value.name === 'image.tag';
  const isOurs = 'repository' in value && value.repository === 'nginx';
  const kept = Object.entries(value).filter(
    ([key]) => !(isTag && key === 'value') && !(isOurs && key === 'tag'),
  );
  return Object.fromEntries(kept.map(([key, below]) => [key, others(below)]));
}

test('of an object only the wanted values change, for YAML 1.1 and 1.2 readers, and a second time nothing', () => {
  fc.assert(
    fc.property(file, tag, (one, wanted) => {
      const before = textOf(one);
      const result = planned(before, `nginx:${wanted}`);
      expect([result.problems, result.skipped]).toEqual([[], []]);
      const { after = '', splices = [] } = result.files[0] ?? {};
      for (const options of [{}, { schema: YAML11_SCHEMA }]) {
        expect(others(loadAll(after, options))).toEqual(others(loadAll(before, options)));
      }
      for (const { start, end } of splices) {
        expect(before.slice(start, end)).toMatch(/^(["']?)(?:(?:web=)?(?:docker\.io\/)?nginx:)?[\w.-]*\1$/);
      }
      const again = planned(after, `nginx:${wanted}`);
      expect([again.files[0]?.after, again.images[0]?.status]).toEqual([after, 'already']);
    }),
    { numRuns: runs(150) },
  );
});

test('a change of an object is found again after its entries have changed their order, and not before it was made', () => {
  fc.assert(
    fc.property(
      file.chain((one) =>
        fc.tuple(
          fc.constant(one),
          fc.shuffledSubarray([...one.entries.keys()], { minLength: one.entries.length }),
        ),
      ),
      tag,
      ([one, order], wanted) => {
        const result = planned(textOf(one), `nginx:${wanted}`).files[0];
        const change = { files: [{ path: 'a.yaml', edits: result?.edits ?? [] }] };
        const holds = (text: string) => evaluateChange(change, new Map([['a.yaml', text]])).contained;
        const shuffled = (from: File) =>
          textOf({ ...from, entries: order.map((at) => from.entries[at] ?? '') });
        const made = planned(shuffled(one), `nginx:${wanted}`).files[0]?.after ?? '';
        expect(holds(made)).toBe(true);
        expect(holds(shuffled(one))).toBe(change.files[0]?.edits.every(({ from, to }) => from === to));
      },
    ),
    { numRuns: runs(150) },
  );
});
