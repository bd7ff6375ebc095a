import { Tokenizer } from '@streamparser/json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { startBuilder, type Taking } from './json-builder.ts';
import { KINDS } from './stream.ts';

/** What the builder makes of a text that comes in pieces of this many bytes. */
function build(content: string, taking: Partial<Taking> = {}, size = 7): Json {
  const builder = startBuilder({
    keeps: () => true,
    handsOn: () => false,
    hand: () => {},
    limits: { depth: 1000, values: 1000 },
    ...taking,
  });
  const tokenizer = new Tokenizer();
  tokenizer.onToken = ({ token, value }) => builder.take(KINDS.get(token) ?? 'other', value ?? null);
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) tokenizer.write(bytes.subarray(at, at + size));
  if (!tokenizer.isEnded) tokenizer.end();
  return builder.finish();
}

describe('a builder of values', () => {
  it('makes of any JSON what JSON.parse makes, however it is cut', () => {
    const name = fc.string().filter((text) => text !== '__proto__');
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.constantFrom(null, true, false, 1.5e-7),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    })).value;
    fc.assert(
      fc.property(
        value,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(undefined, 2),
        (any, size, indent) => {
          const content = JSON.stringify(any, null, indent);
          expect(build(content, {}, size)).toEqual(JSON.parse(content));
        },
      ),
    );
  });

  it('takes for JSON what JSON.parse takes for it, and nothing else', () => {
    const sign = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', 'null', ' ');
    const accepts = (parse: () => unknown) => {
      try {
        parse();
        return true;
      } catch {
        return false;
      }
    };
    const near = fc.constantFrom('{"a":', '[1,', '{"a":1}', '[{"a":[]}', ']', '}', ',"b":2', '');
    const text = fc.oneof(fc.array(sign, { maxLength: 8 }), fc.array(fc.oneof(near, sign), { maxLength: 5 }));
    fc.assert(
      fc.property(text, (signs) => {
        const content = signs.join('');
        expect(accepts(() => build(content))).toBe(accepts(() => JSON.parse(content)));
        // Also within what is passed over.
        const inside = `{"x":${content}}`;
        expect(accepts(() => build(inside, { keeps: () => false }))).toBe(accepts(() => JSON.parse(inside)));
      }),
      { numRuns: 2000 },
    );
  });

  it('passes over what is not kept, and hands on the entries of lists', () => {
    const handed: unknown[] = [];
    const document = build('{"no":{"list":[9]},"list":[1,{"yes":2,"no":3}],"yes":{"list":[4]},"empty":[]}', {
      keeps: (name) => ['list', 'yes', 'empty'].includes(name),
      handsOn: (path) => path.at(-1) === 'list' || path.at(-1) === 'empty',
      hand: (path, value, index) => handed.push([path.join('.'), value, index]),
    });
    expect(handed).toEqual([
      ['list', 1, 0],
      ['list', { yes: 2 }, 1],
      ['yes.list', 4, 0],
    ]);
    expect(document).toEqual({ list: [], yes: { list: [] }, empty: [] });
  });

  it.each([
    ['deeper', '['.repeat(1001), 'it is more than 1000 levels deep'],
    ['larger', `[${'1,'.repeat(1001)}1]`, 'it holds more than 1000 values at once'],
  ])('refuses what is %s than is held', (_what, content, message) => {
    expect(() => build(content)).toThrow(message);
  });

  it('counts only what is held at one time', () => {
    let count = 0;
    const hand = () => {
      count += 1;
    };
    build(`[${'[1,2,3],'.repeat(900)}1]`.replace(/^/, '{"list":').concat('}'), { handsOn: () => true, hand });
    expect(count).toBe(901);
  });
});
