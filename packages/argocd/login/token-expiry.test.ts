import { expect, test } from 'vitest';
import { expiryWarning } from './token-expiry.ts';

const jwt = (payload: string) => `e30.${Buffer.from(payload).toString('base64url')}.c2ln`;
const day = 86_400;
const times = { now: 0, until: 2_000_000 };

test.each([
  ['expires before the end of the wait', jwt('{"exp":1000}'), true],
  ['expires within a week', jwt(`{"exp":${7 * day}}`), true],
  ['expires after a week', jwt(`{"exp":${7 * day + 1}}`), false],
  ['never expires', jwt('{"iat":1}'), false],
  ['has a date that is none', jwt('{"exp":"soon"}'), false],
  ['has a date beyond all dates', jwt('{"exp":-1e300}'), false],
  ['holds no JSON', jwt('{'), false],
  ['is no JWT', 'opaque', false],
])('a token that %s', (_, token, warns) => {
  expect(expiryWarning(token, times) !== undefined).toBe(warns);
});

test('a wait that is longer than a week is warned of its end', () => {
  const until = 9 * day * 1000;
  expect(expiryWarning(jwt(`{"exp":${8 * day}}`), { now: 0, until })).toContain(
    'before the wait may be over',
  );
});

test.each([
  [1000, 'argocd-token expires at 1970-01-01T00:16:40.000Z, before the wait may be over: make a new one.'],
  [day / 2, 'argocd-token expires at 1970-01-01T12:00:00.000Z, in less than a day: make a new one.'],
  [1.5 * day, 'argocd-token expires at 1970-01-02T12:00:00.000Z, in 1 day: make a new one.'],
  [6 * day, 'argocd-token expires at 1970-01-07T00:00:00.000Z, in 6 days: make a new one.'],
  [-5, 'argocd-token has expired at 1969-12-31T23:59:55.000Z: make a new one.'],
])('the warning says when: %d', (exp, warning) => {
  expect(expiryWarning(jwt(`{"exp":${exp}}`), times)).toBe(warning);
});

test('the warning names the server where there are several, and the command where it is the token of a role', () => {
  const token = jwt(`{"exp":${6 * day},"sub":"proj:shop:deployer"}`);
  expect(expiryWarning(token, times, 'eu')).toBe(
    'argocd-token of eu expires at 1970-01-07T00:00:00.000Z, in 6 days: make a new one (argocd proj role create-token shop deployer --expires-in 720h).',
  );
});

test('a subject that is no role of a project becomes no command', () => {
  const token = jwt(`{"exp":1000,"sub":"proj:shop; rm -rf /:x"}`);
  expect(expiryWarning(token, times)).not.toContain('rm');
});
