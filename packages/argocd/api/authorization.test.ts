import { SluiceError } from '@sluice/core/errors';
import { expect, describe as group, it } from 'vitest';
import { fixedToken, givenToken, renewedToken, type Session } from './authorization.ts';

const away = new SluiceError('platform', 'argocd-unreachable', 'Dex is away.');
const refused = new SluiceError('permission', 'argocd-login', 'Dex says no.');

/** Logs in by what is in the list, the last of it from then on; `pass` moves the clock. */
function loginBy(...answers: readonly (Session | SluiceError)[]) {
  let now = 0;
  let logins = 0;
  const authorization = renewedToken({
    async logIn() {
      const answer = answers[Math.min(logins++, answers.length - 1)];
      await Promise.resolve();
      if (answer === undefined || answer instanceof Error) throw answer;
      return answer;
    },
    clock: { now: () => now, sleep: async () => undefined },
    headers: {},
    words: givenToken,
  });
  return {
    authorization,
    logins: () => logins,
    async pass(ms: number) {
      now += ms;
    },
    /** Until what goes on beside the requests has happened. */
    settled: () => new Promise((resolve) => setTimeout(resolve)),
  };
}

const minute = 60_000;
const session = (token: string, lifetimeMs?: number): Session => ({
  token,
  ...(lifetimeMs !== undefined && { lifetimeMs }),
});

group('a token that is got by a login', () => {
  it('is asked for when the first request needs it, and no request asks for it again', async () => {
    const { authorization, logins, pass } = loginBy(session('one', 100 * minute));
    expect(logins()).toBe(0);
    expect(await authorization.token()).toBe('one');
    await pass(98 * minute);
    expect(await authorization.token()).toBe('one');
    expect(logins()).toBe(1);
  });

  it('costs one login, however many requests wait for it', async () => {
    const { authorization, logins } = loginBy(session('one'), session('two'));
    const tokens = await Promise.all(Array.from({ length: 500 }, () => authorization.token()));
    expect(new Set(tokens)).toEqual(new Set(['one']));
    expect(logins()).toBe(1);
  });

  it('costs one more login, however many requests were refused with it', async () => {
    const { authorization, logins } = loginBy(session('one'), session('two'));
    const old = await authorization.token();
    const renewed = await Promise.all(Array.from({ length: 500 }, () => authorization.renew(old)));
    expect(new Set(renewed)).toEqual(new Set([true]));
    expect(await authorization.renew(old)).toBe(true);
    expect(await authorization.token()).toBe('two');
    expect(logins()).toBe(2);
  });

  it('is renewed a minute before its end, and requests go on with the old one meanwhile', async () => {
    const { authorization, logins, pass, settled } = loginBy(session('one', 10 * minute), session('two'));
    await authorization.token();
    await pass(9 * minute);
    expect(await authorization.token()).toBe('one');
    await settled();
    expect(await authorization.token()).toBe('two');
    expect(logins()).toBe(2);
  });

  it('with a short life is renewed when a fifth of it is left', async () => {
    const { authorization, pass, settled } = loginBy(session('one', 10_000), session('two'));
    await authorization.token();
    await pass(7_999);
    await authorization.token();
    await settled();
    expect(await authorization.token()).toBe('one');
    await pass(1);
    await authorization.token();
    await settled();
    expect(await authorization.token()).toBe('two');
  });

  it('is used to its end where the next one cannot be had yet, which is tried every ten seconds', async () => {
    const { authorization, logins, pass, settled } = loginBy(
      session('one', 10 * minute),
      away,
      away,
      session('two'),
    );
    await authorization.token();
    await pass(9 * minute);
    for (const expected of [2, 2, 3, 3, 4]) {
      expect(await authorization.token()).toBe('one');
      await settled();
      expect(logins()).toBe(expected);
      await pass(5_000);
    }
    expect(await authorization.token()).toBe('two');
  });

  it('is not used past its end: who asks then waits for the next one', async () => {
    const { authorization, pass } = loginBy(session('one', 10 * minute), session('two'));
    await authorization.token();
    await pass(10 * minute);
    expect(await authorization.token()).toBe('two');
  });

  it('without a word on its end is used until it is refused', async () => {
    const { authorization, pass } = loginBy(session('one'), session('two'));
    await authorization.token();
    await pass(1_000_000 * minute);
    expect(await authorization.token()).toBe('one');
  });

  it('that is refused as soon as it is there is asked for once more in ten seconds, and not again and again', async () => {
    const { authorization, logins, pass } = loginBy(session('one'), session('two'), session('three'));
    expect(await authorization.renew(await authorization.token())).toBe(true);
    expect(await authorization.renew('two')).toBe(false);
    expect(logins()).toBe(2);
    await pass(10_000);
    expect(await authorization.renew('two')).toBe(true);
    expect(logins()).toBe(3);
  });

  it('that was refused is not used again, although no other can be had yet', async () => {
    const { authorization } = loginBy(session('one'), away, session('two'));
    const old = await authorization.token();
    await expect(authorization.renew(old)).rejects.toBe(away);
    expect(await authorization.token()).toBe('two');
  });

  it('is asked for again after a failure that may pass', async () => {
    const { authorization } = loginBy(away, session('one'));
    await expect(authorization.token()).rejects.toBe(away);
    expect(await authorization.token()).toBe('one');
  });

  it('is not asked for again after a refusal', async () => {
    const { authorization, logins } = loginBy(refused, session('one'));
    await expect(authorization.token()).rejects.toBe(refused);
    await expect(authorization.token()).rejects.toBe(refused);
    expect(logins()).toBe(1);
  });

  it('is waited for no longer than the request has time, and comes all the same for others', async () => {
    const { authorization } = loginBy(session('one'));
    const reason = new DOMException('too late', 'TimeoutError');
    await expect(authorization.token(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(await authorization.token(new AbortController().signal)).toBe('one');
  });
});

it('a token that was given is never renewed', async () => {
  const authorization = fixedToken('given');
  expect(await authorization.token()).toBe('given');
  expect(await authorization.renew('given')).toBe(false);
});
