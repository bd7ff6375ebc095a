import { describe, expect, it } from 'vitest';
import { isNewerSameKey, parseTrailers, withTrailers } from './trailers.ts';

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

  it('are not found inside a line', () => {
    expect(parseTrailers('see Sluice-Run: a/b/1/1')).toEqual({});
  });
});

describe('isNewerSameKey', () => {
  const cases = [
    ['a newer run', { ...ours, run: 'acme/shop/101/1' }, true],
    ['a newer run with more digits', { ...ours, run: 'acme/shop/1000/1' }, true],
    ['a later attempt', { ...ours, run: 'acme/shop/100/2' }, true],
    ['a later commit of the same run', ours, true],
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
