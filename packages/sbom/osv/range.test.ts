import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderOf } from '../versions/orders.ts';
import { rangeTest } from './range.ts';
import type { OsvEvent } from './record.ts';

const npm = orderOf('npm');
const event = (kind: OsvEvent['kind'], version: string): OsvEvent => ({ kind, version });
const from = (version: string) => event('introduced', version);
const fixed = (version: string) => event('fixed', version);
const last = (version: string) => event('last_affected', version);
const limit = (version: string) => event('limit', version);

function holds(
  events: readonly OsvEvent[],
  version: string,
  type = 'SEMVER',
  order = npm,
): boolean | undefined {
  return rangeTest({ type, events }, order)(version);
}

describe('a version lies in a range', () => {
  const cases: readonly (readonly [string, readonly OsvEvent[], string, boolean | undefined])[] = [
    ['that is not fixed', [from('0')], '99.0.0', true],
    ['that is not fixed, also where it is no version', [from('0')], 'latest', true],
    ['before its fix', [from('0'), fixed('1.0.2')], '1.0.1', true],
    ['not with its fix', [from('0'), fixed('1.0.2')], '1.0.2', false],
    ['from where it is introduced', [from('1.0.0'), fixed('1.0.2')], '1.0.0', true],
    ['not before that', [from('1.0.0'), fixed('1.0.2')], '0.9.9', false],
    ['not before that, where it is not fixed', [from('1.0.0')], '1.0.0-rc.1', false],
    [
      'in the first of several',
      [from('1.0.0'), fixed('1.0.2'), from('3.0.0'), fixed('3.2.5')],
      '1.0.1',
      true,
    ],
    ['not between them', [from('1.0.0'), fixed('1.0.2'), from('3.0.0'), fixed('3.2.5')], '2.0.0', false],
    ['in the last of several', [from('1.0.0'), fixed('1.0.2'), from('3.0.0'), fixed('3.2.5')], '3.2.4', true],
    [
      'whatever the order of the events',
      [fixed('3.2.5'), from('3.0.0'), fixed('1.0.2'), from('0')],
      '0.0.1',
      true,
    ],
    ['at the last affected version', [from('0'), last('2.1.214')], '2.1.214', true],
    ['not after it', [from('0'), last('2.1.214')], '2.1.215', false],
    ['of one version', [from('2.0.0'), last('2.0.0')], '2.0.0', true],
    ['again after the last affected one', [from('0'), last('1.0.0'), from('2.0.0')], '2.0.0', true],
    ['before a limit', [from('0'), limit('2.0.0')], '1.9.9', true],
    ['not at a limit', [from('0'), limit('2.0.0')], '2.0.0', false],
    ['before one of several limits', [from('0'), limit('1.0.0'), limit('2.0.0')], '1.5.0', true],
    ['without end, where the limit is *', [from('1.0.0'), limit('*')], '9.0.0', true],
    ['not where 0 is fixed: it never was affected', [from('0'), fixed('0')], '1.0.0', false],
    [
      'with its fix, where it is introduced again with it',
      [from('0'), fixed('1.0.0'), from('1.0.0')],
      '1.0.0',
      true,
    ],
    ['that begins nowhere, from the first version on', [fixed('1.0.0')], '0.5.0', true],
    ['not after a fix that sorts before 0', [fixed('0.0.0-beta'), from('0')], '1.0.0', false],
    ['a range without events says nothing', [], '1.0.0', undefined],
    ['what is no version cannot be told', [from('0'), fixed('1.0.0')], 'latest', undefined],
    ['an event that is no version cannot be told', [from('0'), fixed('next')], '1.0.0', undefined],
  ];
  test.each(cases)('%s', (_, events, version, expected) => {
    expect(holds(events, version)).toBe(expected);
  });

  test('by the order of its ecosystem', () => {
    const debian = { type: 'ECOSYSTEM', events: [from('0'), fixed('1.2.1-2.2+wheezy3')] };
    expect(rangeTest(debian, orderOf('Debian:7'))('1.2.1-2.2+wheezy2')).toBe(true);
    expect(rangeTest(debian, orderOf('Debian:7'))('1.2.1-2.2+wheezy3')).toBe(false);
  });

  test('0 is before all versions only where it introduces; as an end it is the version 0', () => {
    const ask = (events: readonly OsvEvent[], version: string, ecosystem: string) =>
      holds(events, version, 'ECOSYSTEM', orderOf(ecosystem));
    expect(ask([from('0'), last('0')], '0', 'PyPI')).toBe(true);
    expect(ask([from('0'), last('0')], '0.0.0', 'PyPI')).toBe(true);
    expect(ask([from('0'), last('0')], '0.1', 'PyPI')).toBe(false);
    expect(ask([from('0'), fixed('0')], '0~rc1', 'Debian:12')).toBe(true);
    expect(ask([from('0'), fixed('0')], '0', 'Debian:12')).toBe(false);
    expect(ask([from('0'), fixed('0')], '1.0-1', 'Debian:12')).toBe(false);
    expect(ask([from('0'), fixed('1')], '0~rc1', 'Debian:12')).toBe(true);
  });

  test.each(['GIT', 'CALVER'])('a range of type %s cannot be told', (type) => {
    expect(holds([from('0')], '1.0.0', type)).toBeUndefined();
  });

  test('a range in versions of no known order cannot be told, but for the one of all versions', () => {
    expect(rangeTest({ type: 'ECOSYSTEM', events: [from('0'), fixed('2')] }, undefined)('1')).toBeUndefined();
    expect(rangeTest({ type: 'ECOSYSTEM', events: [from('0')] }, undefined)('1')).toBe(true);
  });
});

describe('for all versions', () => {
  const version = (n: number): string => `${n}.0.0`;
  const number = fc.integer({ min: 1, max: 40 });
  /** Rising boundaries: introduced, fixed, introduced… */
  const boundaries = fc
    .uniqueArray(number, { minLength: 1, maxLength: 8 })
    .map((all) => all.sort((a, b) => a - b));
  const eventsOf = (all: readonly number[], end: (version: string) => OsvEvent) =>
    all.map((at, index) => (index % 2 === 0 ? from(version(at)) : end(version(at))));

  test('affected from what introduces it up to what fixes it, and nowhere else, in whatever order events stand', () => {
    const shuffled = boundaries.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(eventsOf(all, fixed), { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, number, ([all, events], at) => {
        // Each boundary at or below it turns it over.
        const expected = all.filter((boundary) => boundary <= at).length % 2 === 1;
        expect(holds(events, version(at))).toBe(expected);
      }),
    );
  });

  test('the last affected version still is affected', () => {
    fc.assert(
      fc.property(boundaries, number, (all, at) => {
        const begun = all.filter((boundary, index) =>
          index % 2 === 0 ? boundary <= at : boundary < at,
        ).length;
        expect(holds(eventsOf(all, last), version(at))).toBe(begun % 2 === 1);
      }),
    );
  });

  test('nothing from the highest limit on, and below it as without one', () => {
    fc.assert(
      fc.property(boundaries, fc.array(number, { minLength: 1, maxLength: 3 }), number, (all, limits, at) => {
        const events = eventsOf(all, fixed);
        const within = at < Math.max(...limits);
        const limited = holds([...limits.map((one) => limit(version(one))), ...events], version(at));
        expect(limited).toBe(within && holds(events, version(at)));
      }),
    );
  });
});
