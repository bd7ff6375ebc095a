import { runs } from '@sluice/testbed/runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Match } from '../types.ts';
import { decideScan } from './decide-scan.ts';
import { advisory, allowance, aPackage, match, sbomOf, scanInput, statement, TODAY } from './testing.ts';
import type { Allowance, ScanInput, Threshold, VexStatement } from './types.ts';

const PACKAGES = ['a', 'b'].flatMap((name) => ['1.0.0', '2.0.0'].map((version) => aPackage(name, version)));
const NAMES = [
  'CVE-2026-0001',
  'CVE-2026-0002',
  'CVE-2026-0003',
  'GHSA-0001',
  'GHSA-0002',
  'GO-0001',
  'DSA-0001',
];
const WORDS: readonly string[] = ['none', 'low', 'medium', 'high', 'critical'];
const THRESHOLDS: readonly Threshold[] = ['none', 'critical', 'high', 'medium', 'low', 'any'];

const name = fc.constantFrom(...NAMES);
const severity = fc.constantFrom(...WORDS, 'unknown');
const found: fc.Arbitrary<Match> = fc
  .record({
    on: fc.constantFrom(...PACKAGES),
    id: name,
    aliases: fc.array(name, { maxLength: 3 }),
    word: severity,
    isFixed: fc.boolean(),
  })
  .map(({ on, id, aliases, word, isFixed }) =>
    match(on, advisory(id, { aliases, ratings: [{ type: 'word', value: word }] }), isFixed ? ['9.0.0'] : []),
  );
const where = fc.constantFrom('a', 'b', 'pkg:npm/a', 'pkg:npm/b@1.0.0', undefined);
const allowed: fc.Arbitrary<Allowance> = fc
  .record({
    id: name,
    where,
    expires: fc.constantFrom('2026-12-31', TODAY, '2026-11-20'),
    reason: fc.constantFrom('r', 's'),
  })
  .map(({ id, where: inPackage, expires, reason }) =>
    allowance(id, { expires, reason, ...(inPackage !== undefined && { package: inPackage }) }),
  );
const stated: fc.Arbitrary<VexStatement> = fc
  .record({
    name,
    about: fc.constantFrom('pkg:npm/a', 'pkg:npm/b@1.0.0', 'pkg:npm/shop', 'pkg:npm/other'),
    clears: fc.boolean(),
    time: fc.constantFrom(1, 2, undefined),
  })
  .map(({ name: of, about, clears, time }) =>
    statement(of, about, { clears, ...(time !== undefined && { time }) }),
  );
const settings = fc.record({ threshold: fc.constantFrom(...THRESHOLDS), onlyFixed: fc.boolean() });
const input: fc.Arbitrary<ScanInput> = fc
  .record({
    matches: fc.array(found, { maxLength: 8 }),
    allow: fc.array(allowed, { maxLength: 4 }),
    vex: fc.array(stated, { maxLength: 4 }),
    settings,
    base: fc.option(fc.subarray(PACKAGES), { nil: undefined }),
    exploited: fc.option(fc.record({ ids: fc.array(name), fails: fc.boolean() }), { nil: undefined }),
    likely: fc.option(fc.constantFrom(0.1, 0.5), { nil: undefined }),
  })
  .map(({ matches, base, exploited, likely, ...rest }) =>
    scanInput(matches, {
      ...rest,
      packages: PACKAGES,
      ...(base && { base }),
      ...(exploited && { kev: { ...exploited, ids: new Set(exploited.ids) } }),
      ...(likely !== undefined && { epss: { scores: new Map([['CVE-2026-0001', 0.3]]), failsFrom: likely } }),
    }),
  );

/** What counts, by package version and id. */
const blocking = (one: ScanInput): readonly string[] =>
  decideScan(one)
    .findings.filter((finding) => finding.blocking)
    .map(({ package: { name: on }, version, id }) => `${on}@${version} ${id}`)
    .toSorted();
const isWithin = (few: readonly string[], many: readonly string[]): boolean =>
  few.every((one) => many.includes(one));
const holds = (rule: (one: ScanInput) => boolean): void =>
  fc.assert(fc.property(input, rule), { numRuns: runs(400) });

describe('a decision', () => {
  test('does not depend on the order of what it is made from', () => {
    fc.assert(
      fc.property(input, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (one, random) => {
        const shuffled = <T>(values: readonly T[]): readonly T[] =>
          values
            .map((value) => ({ value, at: random.next().value ?? 0 }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ value }) => value);
        const { warnings: _, problems: __, ...decision } = decideScan(one);
        expect(
          decideScan({
            ...one,
            packages: shuffled(one.packages),
            sboms: shuffled(one.sboms),
            allow: shuffled(one.allow),
            vex: shuffled(one.vex),
            ...(one.base && { base: shuffled(one.base) }),
            scan: { ...one.scan, matches: shuffled(one.scan.matches) },
          }),
        ).toMatchObject(decision);
      }),
      { numRuns: runs(400) },
    );
  });

  test('is clean only where nothing counts, no entry has expired and all SBOMs had packages', () =>
    holds((one) => {
      const { verdict, findings, problems, counts } = decideScan(one);
      const isClean = findings.every((finding) => !finding.blocking) && problems.length === 0;
      return (verdict === 'clean') === isClean && counts.blocking === blocking(one).length;
    }));

  test('has each advisory in one finding of its package, and no name in two', () =>
    holds((one) => {
      const { findings } = decideScan(one);
      const names = findings.flatMap(({ id, aliases, package: { name: on }, version }) =>
        [id, ...aliases].map((of) => `${on}@${version} ${of}`),
      );
      const matched = one.scan.matches.map(
        ({ package: { name: on, version }, advisory: { id } }) => `${on}@${version} ${id}`,
      );
      return new Set(names).size === names.length && isWithin(matched, names);
    }));
});

describe('what counts', () => {
  test('is never more for an allow-list or VEX', () =>
    holds((one) => isWithin(blocking(one), blocking({ ...one, allow: [], vex: [] }))));
  test('is never more for one entry more of the allow-list', () => {
    fc.assert(
      fc.property(input, allowed, (one, entry) =>
        isWithin(blocking({ ...one, allow: [...one.allow, entry] }), blocking(one)),
      ),
    );
  });
  test('is never more for one statement more that clears', () => {
    fc.assert(
      fc.property(input, stated, (one, more) =>
        isWithin(blocking({ ...one, vex: [...one.vex, { ...more, clears: true }] }), blocking(one)),
      ),
    );
  });
  test('is never less for one statement more that says it is affected', () => {
    fc.assert(
      fc.property(input, stated, (one, more) =>
        isWithin(blocking(one), blocking({ ...one, vex: [...one.vex, { ...more, clears: false }] })),
      ),
    );
  });
  test('is never more for a base, and never less without `only-fixed`', () =>
    holds((one) => {
      const { base: _, ...whole } = one;
      const all = { ...whole, settings: { ...one.settings, onlyFixed: false } };
      return isWithin(blocking(one), blocking(whole)) && isWithin(blocking(whole), blocking(all));
    }));
  test('is never less for a lower threshold', () =>
    holds((one) => {
      const each = THRESHOLDS.map((threshold) =>
        blocking({ ...one, settings: { ...one.settings, threshold } }),
      );
      return each.every((less, index) => isWithin(less, each[index + 1] ?? less));
    }));
  test('is never less for `fail-on-kev` and `fail-on-epss`', () =>
    holds((one) => {
      const { kev: _, epss: __, ...without } = one;
      return isWithin(blocking(without), blocking(one));
    }));
  test('is never less where one rating is worse', () => {
    fc.assert(
      fc.property(input, fc.nat(), (one, at) => {
        const { matches } = one.scan;
        const worse = matches.map((each, index): Match => {
          const word = WORDS.indexOf(each.advisory.ratings[0]?.value ?? '');
          if (word < 0 || index !== at % matches.length) return each;
          const ratings = [{ type: 'word' as const, value: WORDS[word + 1] ?? 'critical' }];
          return { ...each, advisory: { ...each.advisory, ratings } };
        });
        return isWithin(blocking(one), blocking({ ...one, scan: { ...one.scan, matches: worse } }));
      }),
      { numRuns: runs(400) },
    );
  });
  test('alone counts among others too, under whatever names', () => {
    fc.assert(
      fc.property(fc.array(found, { minLength: 1, maxLength: 6 }), settings, (matches, chosen) => {
        const rest = { packages: PACKAGES, sboms: [sbomOf(PACKAGES)], settings: chosen };
        // A rating beside one that says nothing tells how bad it is.
        const known = matches.filter(({ advisory: { ratings } }) => ratings[0]?.value !== 'unknown');
        const isAlone = known.some((one) => decideScan(scanInput([one], rest)).verdict === 'vulnerable');
        return !isAlone || decideScan(scanInput(matches, rest)).verdict === 'vulnerable';
      }),
      { numRuns: runs(400) },
    );
  });
});
