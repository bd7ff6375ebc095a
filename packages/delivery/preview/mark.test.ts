import { expect, it } from 'vitest';
import { formatMark, type Mark, nameOf, numberOf, parseMark } from './mark.ts';

const mark: Mark = {
  ...{ project: 'shop', repository: 'acme/app', number: 12, commit: 'a'.repeat(40), image: 'shop:1' },
  ...{ run: 'acme/app/7/1', deployed: Date.parse('2026-11-21T10:00:00.000Z') },
};

it('a mark is read as it was written', () => {
  expect(parseMark(formatMark(mark))).toEqual(mark);
  const numbered = { ...mark, repositoryId: '17' };
  expect(parseMark(formatMark(numbered))).toEqual(numbered);
});

it.each([
  [undefined],
  [''],
  ['x'],
  ['null'],
  ['[]'],
  ['{}'],
  [formatMark(mark).replace('sluice.preview.v1', 'other')],
  [formatMark(mark).replace('"number": 12', '"number": "12"')],
  [formatMark(mark).replace('2026', 'never')],
  [formatMark(mark).replace('"acme/app"', '7')],
])('%j is no mark of ours', (content) => {
  expect(parseMark(content)).toBeUndefined();
});

it.each([
  ['pr-1', 1],
  ['pr-120', 120],
  ['pr-0', undefined],
  ['pr-01', undefined],
  ['pr-1x', undefined],
  ['xpr-1', undefined],
  ['PR-1', undefined],
  ['pr-', undefined],
  ['pr-1/..', undefined],
])('the folder %s is of %s', (name, number) => {
  expect(numberOf(name)).toBe(number);
  if (number !== undefined) expect(nameOf(number)).toBe(name);
});
