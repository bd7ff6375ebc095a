import { expect, test } from 'vitest';
import { identitiesOf } from './identity.ts';
import { LODASH, sbomOf } from './testing.ts';
import type { VexSubject } from './types.ts';

const SERIAL = '3e671687-395b-41f5-a30f-a58921a69b79/1';

/** A subject that counts how often somebody looks at it. */
function counted(more: Partial<VexSubject> = {}) {
  const looks = { count: 0 };
  const subject: VexSubject = {
    ...{ id: LODASH.purl, ...more },
    get within() {
      looks.count += 1;
      return [];
    },
  };
  return { looks, subject };
}

test('a package that an SBOM lists a thousand times is looked at once, and for equal subjects once', () => {
  const identities = identitiesOf([sbomOf(Array.from({ length: 1000 }, () => LODASH))]);
  const one = counted();
  const two = counted();
  expect(identities.concerns([one.subject], LODASH)).toBe(true);
  expect(identities.concerns([two.subject], LODASH)).toBe(true);
  expect(one.looks.count + two.looks.count).toBeLessThan(10);
});

test('by a BOM-Link, which names one of several equal components, each is looked at', () => {
  const identities = identitiesOf([sbomOf([LODASH, LODASH], { serial: SERIAL })]);
  const link = (id: string) => counted({ id, serial: SERIAL }).subject;
  expect(identities.concerns([link('ref-0')], LODASH)).toBe(false);
  expect(identities.concerns([link('ref-0'), link('ref-1')], LODASH)).toBe(true);
});
