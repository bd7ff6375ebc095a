import { runs } from '@sluice/testbed/runs';
import fc from 'fast-check';
import { loadAll, YAML11_SCHEMA } from 'js-yaml';
import { expect, test } from 'vitest';
import { evaluateChange } from '../contains.ts';
import type { EditPlan } from './edit-plan.ts';
import { plan } from './plan-edits.testing.ts';

/** Tags that registries accept, those that YAML readers misread among them. */
const tag = fc.oneof(
  fc.stringMatching(/^[0-9a-zA-Z_][0-9a-zA-Z_.-]{0,11}$/),
  fc.constantFrom(
    '1.10',
    '1e3',
    '0755',
    'yes',
    'on',
    'null',
    '0x1F',
    '1_000',
    '2024-01-02',
    'n',
    '08',
    '1234e5',
    '_1',
    'v1',
    'latest',
  ),
);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const wanted = fc.tuple(tag, fc.option(digest)).map(([name, sum]) => ({ tag: name, digest: sum }));
const quotes = fc.constantFrom('', "'", '"');
const noise = fc.constantFrom('', ' # nginx:1.2 🚀', '   # it\'s "kept"');

/** A file with one image in one of the shapes that we know, in block or flow style, whatever stands around it. */
const file = fc
  .record({
    shape: fc.constantFrom('manifest', 'flow', 'kustomize', 'helm', 'string'),
    old: wanted,
    q: quotes,
    noise,
    eol: fc.constantFrom('\n', '\r\n'),
    bom: fc.constantFrom('', '\ufeff'),
    end: fc.boolean(),
  })
  .map(({ shape, old, q, noise, eol, bom, end }) => {
    const reference = `nginx:${old.tag}${old.digest === null ? '' : `@${old.digest}`}`;
    const sum = old.digest === null ? [] : [`digest: ${q}${old.digest}${q}`];
    const pod = ['apiVersion: v1', 'kind: Pod', 'metadata: {name: "é🚀"}'];
    const lines = {
      manifest: [
        ...pod,
        'spec:',
        '  containers:',
        '  - name: c',
        `    image:  ${q}${reference}${q}${noise}`,
        '  - {name: d, image: redis:7}',
      ],
      flow: [
        ...pod,
        `spec: {containers: [{name: c, image: ${q}${reference}${q}}, {name: d, image: redis:7}]}${noise}`,
      ],
      kustomize: [
        'images:',
        '- name: redis',
        '  newTag: "7"',
        `- name: nginx${noise}`,
        `  newTag: ${q}${old.tag}${q}${noise}`,
        ...sum.map((line) => `  ${line}`),
      ],
      helm: [
        'image:',
        '  repository: docker.io/nginx',
        `  tag: ${q}${old.tag}${q}${noise}`,
        `  ${sum[0] ?? 'digest: ""'}`,
        'other: {repository: redis, tag: 7}',
      ],
      string: [`image: ${q}${reference}${q}${noise}`, 'sidecarImage: redis:7'],
    }[shape];
    const path = shape === 'kustomize' ? 'kustomization.yaml' : 'f.yaml';
    return { path, text: `${bom}${lines.join(eol)}${end ? eol : ''}` };
  });

function image({ tag: name, digest: sum }: { tag: string; digest: string | null }): string {
  return `nginx:${name}${sum === null ? '' : `@${sum}`}`;
}

function planned(one: { path: string; text: string }, line: string): EditPlan {
  const result = plan({ [one.path]: one.text }, [line], { allowDowngrade: true });
  expect([result.problems, result.skipped, result.images[0]?.status === 'not-found']).toEqual([
    [],
    [],
    false,
  ]);
  return result;
}

/** A document without the values that may change. */
function others(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(others);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !['image', 'tag', 'newTag', 'digest'].includes(key));
  return Object.fromEntries(kept.map(([key, below]) => [key, others(below)]));
}

const both = fc.tuple(file, wanted);

test('a plan applied twice changes nothing the second time, and says so', () => {
  fc.assert(
    fc.property(both, ([one, want]) => {
      const after = planned(one, image(want)).files[0]?.after ?? '';
      const again = planned({ ...one, text: after }, image(want));
      expect([again.files[0]?.after, again.images[0]?.status]).toEqual([after, 'already']);
    }),
    { numRuns: runs(300) },
  );
});

test('only the bytes of the values change', () => {
  fc.assert(
    fc.property(both, ([one, want]) => {
      const { before = '', after = '', splices = [] } = planned(one, image(want)).files[0] ?? {};
      let [from, to] = [0, 0];
      for (const splice of splices.toSorted((a, b) => a.start - b.start)) {
        const kept = before.slice(from, splice.start);
        expect(after.slice(to, to + kept.length)).toBe(kept);
        // What goes is a value: a tag, a digest or a reference, in its quotes, and nothing around it.
        const gone = before.slice(splice.start, splice.end);
        // Or the whole line of a tag or digest that nothing is wanted of.
        if (splice.text !== '' || !/^[\s,]*(?:newTag|digest)\b/.test(gone))
          expect(gone).toMatch(/^(?:(["']?)[\w.:@/-]*\1)$/);
        from = splice.end;
        to += kept.length + splice.text.length;
      }
      expect(after.slice(to)).toBe(before.slice(from));
    }),
    { numRuns: runs(300) },
  );
});

test('YAML 1.2 and YAML 1.1 readers see the wanted strings, and everything else as before', () => {
  fc.assert(
    fc.property(both, ([one, want]) => {
      const { after = '', edits = [] } = planned(one, image(want)).files[0] ?? {};
      for (const options of [{}, { schema: YAML11_SCHEMA }]) {
        const strings = JSON.stringify(loadAll(after, options));
        for (const { to } of edits.filter(({ from, to }) => from !== to && to !== ''))
          expect(strings).toContain(JSON.stringify(to));
        expect(others(loadAll(after, options))).toEqual(others(loadAll(one.text, options)));
      }
    }),
    { numRuns: runs(300) },
  );
});

test('a change is contained after it was applied, and not before unless there was nothing to do', () => {
  fc.assert(
    fc.property(both, ([one, want]) => {
      const [result] = planned(one, image(want)).files;
      const change = { files: [{ path: one.path, edits: result?.edits ?? [] }] };
      expect(evaluateChange(change, new Map([[one.path, result?.after ?? '']])).contained).toBe(true);
      const before = evaluateChange(change, new Map([[one.path, one.text]]));
      expect(before.contained).toBe(change.files[0]?.edits.every(({ from, to }) => from === to));
    }),
    { numRuns: runs(300) },
  );
});
