import { runs } from '@sluice/testbed/runs';
import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { expect, test } from 'vitest';
import { applySplices } from '../splice.ts';
import { type Embedded, liftSplices, readEmbedded } from './embedded.ts';
import { parseYaml } from './tree.ts';
import { child, follow, isScalar } from './walk.ts';

const word = fc.constantFrom(
  'a',
  'nginx:1.21',
  "it's",
  'say "hi"',
  'back\\slash',
  'é😀',
  '- x',
  'key: v',
  '#c',
  ' deep',
  '{"a": 1}',
);
const innerText = fc
  .tuple(
    fc.array(fc.oneof(word, fc.constant('')), { minLength: 1, maxLength: 6 }),
    fc.constantFrom('', '\n', '\n\n'),
  )
  .map(([lines, ending]) => lines.join('\n') + ending)
  .filter((text) => text !== '' && text.trim() !== '');

/** The same text in every form that YAML has for it. */
const forms: Readonly<Record<string, (text: string) => string | undefined>> = {
  literal: (text) => {
    if (/^\s/.test(text)) return undefined;
    const ending = /\n*$/.exec(text)?.[0].length ?? 0;
    const header = ending === 0 ? '|-' : ending === 1 ? '|' : '|+';
    const lines = text
      .slice(0, text.length - ending)
      .split('\n')
      .map((line) => (line === '' ? '' : `      ${line}`));
    return `${header}\n${lines.join('\n')}${'\n'.repeat(Math.max(ending, 1) - 1)}`;
  },
  folded: (text) =>
    /\n./.test(text) || /^\s/.test(text)
      ? undefined
      : `>${text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-'}\n      ${text.replace(/\n$/, '')}`,
  double: (text) => JSON.stringify(text),
  folds: (text) =>
    /^\s| $/.test(text) ? undefined : JSON.stringify(text).replace(/(\w) (\w)/g, '$1\n      $2'),
  single: (text) => (text.includes('\n') ? undefined : `'${text.replaceAll("'", "''")}'`),
};

const form = fc.constantFrom(...Object.keys(forms));
const newText = fc.oneof(word, fc.constant(''), fc.constantFrom('x\n', '\nx', 'x\ny', '\n', '\n  - y: z\n'));

function embed(one: string, text: string, eol: string): { source: string; embedded: Embedded } | undefined {
  const value = forms[one]?.(text);
  if (value === undefined) return undefined;
  const source = `before: 1\nlist:\n  - patch: ${value}\n    after: "it"\nend: [x]\n`.replaceAll('\n', eol);
  const parsed = parseYaml(source);
  const patch = parsed.ok ? child(follow(parsed.documents[0]), 'list') : undefined;
  const node = patch?.node.kind === 'sequence' ? child(follow(patch.node.items[0]), 'patch') : undefined;
  if (!isScalar(node)) throw new Error(`no patch in ${source}`);
  expect(node.node.text).toBe(text);
  // Whether the text is YAML is beside the point here.
  return { source, embedded: { scalar: node.node, text, documents: [] } };
}

test('an edit lifted out of an embedded text is that edit in the text, and every other byte stays', () => {
  let lifted = 0;
  fc.assert(
    fc.property(
      form,
      innerText,
      fc.nat(),
      fc.nat(8),
      newText,
      fc.constantFrom('\n', '\r\n'),
      (one, text, at, length, insert, eol) => {
        const held = embed(one, text, eol);
        fc.pre(held !== undefined);
        if (held === undefined) return;
        const { source, embedded } = held;
        const start = at % (text.length + 1);
        const splice = { start, end: Math.min(start + length, text.length), text: insert };
        // Half of a character is none.
        fc.pre(
          !/[\uDC00-\uDFFF]/.test(text[splice.start] ?? '') &&
            !/[\uDC00-\uDFFF]/.test(text[splice.end] ?? ''),
        );
        const result = liftSplices(source, embedded, [splice]);
        if (!result.ok) return;
        lifted += 1;
        const after = applySplices(source, result.splices);
        const [outer] = result.splices;
        expect(source.slice(outer?.start, outer?.end).length).toBeLessThanOrEqual(
          (splice.end - splice.start) * 6 + 12,
        );
        expect(load(after)).toEqual({
          before: 1,
          list: [{ patch: applySplices(text, [splice]), after: 'it' }],
          end: ['x'],
        });
      },
    ),
    { numRuns: runs(5000) },
  );
  expect(lifted).toBeGreaterThan(runs(1500));
});

test('several edits of one text are lifted as they stand beside each other', () => {
  fc.assert(
    fc.property(
      form,
      fc.array(fc.constantFrom('a: 1', 'b: 22', 'c: "3"'), { minLength: 1, maxLength: 5 }),
      (one, lines) => {
        const text = lines.join('\n');
        const held = embed(one, text, '\n');
        fc.pre(held !== undefined);
        if (held === undefined) return;
        const splices = lines.map((_, index) => {
          const start = lines.slice(0, index).join('\n').length + (index === 0 ? 0 : 1);
          return { start, end: start + 1, text: `k${index}` };
        });
        const result = liftSplices(held.source, held.embedded, splices);
        expect(result.ok).toBe(true);
        if (!result.ok) return;
        expect(load(applySplices(held.source, result.splices))).toMatchObject({
          list: [{ patch: applySplices(text, splices) }],
        });
      },
    ),
    { numRuns: runs(500) },
  );
});

test('what another library writes is followed, or refused', () => {
  fc.assert(
    fc.property(innerText, fc.constantFrom(20, 80, -1), (text, lineWidth) => {
      const source = dump({ patch: `${text}: nginx` }, { lineWidth });
      const parsed = parseYaml(source);
      const node = child(follow(parsed.ok ? parsed.documents[0] : undefined), 'patch');
      if (!isScalar(node)) throw new Error(source);
      const start = node.node.text.lastIndexOf('nginx');
      const result = liftSplices(source, { scalar: node.node, text: node.node.text, documents: [] }, [
        { start, end: start + 5, text: 'redis' },
      ]);
      if (result.ok) expect(load(applySplices(source, result.splices))).toEqual({ patch: `${text}: redis` });
    }),
    { numRuns: runs(1000) },
  );
});

test('an embedded text is read once, and its aliases are counted before they are followed', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'
      .split('')
      .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`),
  ].join('\n');
  const parsed = parseYaml(`patch: |\n${bomb.replace(/^/gm, '  ')}\n`);
  const node = child(follow(parsed.ok ? parsed.documents[0] : undefined), 'patch');
  if (!isScalar(node)) throw new Error('no scalar');
  expect(readEmbedded(node.node)).toMatchObject({ message: expect.stringContaining('aliases') });
  expect(readEmbedded(node.node)).toBe(readEmbedded(node.node));
});
