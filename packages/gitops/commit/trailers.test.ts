import { describe, expect, it } from 'vitest';
import { isNewerSameKey, isOfNewerSameKey, parseTrailers, withTrailers } from './trailers.ts';

const ours = { project: 'shop', environment: 'production', run: 'acme/shop/100/1' };

describe('trailers', () => {
  it('are read back as they were written', () => {
    const trailers = { ...ours, tenant: 'eu', digest: 'sha256:ab' };
    expect(parseTrailers(withTrailers('Deploy shop\n\nbody', trailers))).toEqual(trailers);
  });

  it('are found in the middle of a squash merge, with line ends of Windows, the last one of a name', () => {
    const message =
      'Deploy (#7)\r\n\r\n* one\r\n\r\nSluice-Run: a/b/1/1\r\n\r\n* two\r\n\r\nSluice-Run: a/b/2/1\r\n---------\r\n\r\nCo-authored-by: x';
    expect(parseTrailers(message)).toEqual({ run: 'a/b/2/1' });
  });

  it('of several commits are never mixed', () => {
    const message = `Both (#7)\n\n* one\n\n${withTrailers('', { ...ours, tenant: 'eu' })}\n* two\n\nSluice-Run: a/b/2/1\n`;
    expect(parseTrailers(message)).toEqual({ run: 'a/b/2/1' });
  });

  it('are not found inside a line', () => {
    expect(parseTrailers('see Sluice-Run: a/b/1/1')).toEqual({});
  });
});

describe('isNewerSameKey', () => {
  const cases = [
    ['a newer run', { ...ours, run: 'acme/shop/101/1' }, true],
    ['a newer run with more digits', { ...ours, run: 'acme/shop/1000/1' }, true],
    ['a later attempt', { ...ours, run: 'acme/shop/100/2' }, true],
    ['a later commit of the same run', ours, false],
    ['an earlier attempt', { ...ours, run: 'acme/shop/100/0' }, false],
    ['a run of another repository, whose ids do not compare', { ...ours, run: 'acme/ops/7/1' }, true],
    ['an older run', { ...ours, run: 'acme/shop/99/5' }, false],
    ['another project', { ...ours, project: 'pay', run: 'acme/shop/101/1' }, false],
    ['another environment', { ...ours, environment: 'staging', run: 'acme/shop/101/1' }, false],
    ['a tenant where we have none', { ...ours, tenant: 'eu', run: 'acme/shop/101/1' }, false],
    ['no run', { project: 'shop', environment: 'production' }, false],
    ['a run that is none', { ...ours, run: 'newest' }, false],
  ] as const;
  it.each(cases)('%s', (_, theirs, expected) => {
    expect(isNewerSameKey(ours, theirs)).toBe(expected);
  });

  it('is never true without a project and an environment: nothing says that the two belong together', () => {
    expect(isNewerSameKey({ run: 'a/b/1/1' }, { run: 'a/b/2/1' })).toBe(false);
  });
});

describe('isOfNewerSameKey: the last commit of a squash decides, where all are told', () => {
  const of = (run: number, more = {}) =>
    `* Deploy ${run}\n\n${withTrailers('text', { ...ours, run: `acme/shop/${run}/1`, ...more })}`;
  const review = '* Not this one\n\nCo-authored-by: bob <bob@example>';
  const cases = [
    ['a newer run, after ours', [of(100), of(101)], true],
    ['a newer run alone', [of(101)], true],
    ['a list in the text of a newer run', ['* one\n* two', of(101)], true],
    ['those who wrote it, below', [of(101), '---------\n\nCo-authored-by: bob <bob@example>'], true],
    ['our own squash', [of(100)], false],
    ['our own squash, with a commit of a reviewer', [of(100), review], false],
    ['ours after a newer run', [of(101), of(100)], false],
    ['a commit of a reviewer after a newer run', [of(100), of(101), review], false],
    ['a commit of a reviewer before a newer run', [of(100), review, of(101)], false],
    ['a newer run of another project last', [of(100), of(101, { project: 'pay' })], false],
    ['a newer run without a project, after ours', [of(100), '* Bump\n\nSluice-Run: acme/shop/101/1'], false],
    ['nothing of ours', [review], false],
  ] as const;
  it.each(cases)('%s', (_, commits, expected) => {
    for (const between of ['\n', '\n\n'])
      expect(isOfNewerSameKey(ours, `Deploy (#7)\n\n${commits.join(between)}`)).toBe(expected);
  });
});
