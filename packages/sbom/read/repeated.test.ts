import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refuseRepeated, watch } from './repeated.ts';

const watched = watch(['a', 'b', 'long-name']);
const key = fc.oneof(fc.constantFrom('a', 'b', 'long-name', 'x', '"', '\\', ',', '{'), fc.string());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constantFrom(null, true, '"', '\\', '{"a":1,"a":2}'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

it('refuses no JSON in which each name is there once', () => {
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (any, indent) => {
      refuseRepeated(Buffer.from(JSON.stringify(any, null, indent)), watched);
    }),
  );
});

it('refuses a name that is there twice, whatever the two hold and whatever stands around', () => {
  fc.assert(
    fc.property(value, value, value, (one, two, three) => {
      const [first, second, third] = [one, two, three].map((any) => JSON.stringify(any));
      const text = `{"b":[${third},{"a":${first},"x":${third},"\\u0061":${second}}]}`;
      expect(() => refuseRepeated(Buffer.from(text), watched)).toThrow('it has `a` twice');
    }),
  );
});
