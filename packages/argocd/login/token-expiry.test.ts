import { expect, test } from 'vitest';
import { expiryWarning } from './token-expiry.ts';

const jwt = (payload: string) => `e30.${Buffer.from(payload).toString('base64url')}.c2ln`;

test.each([
  ['expires before the end of the wait', jwt('{"exp":1000}'), true],
  ['expires after it', jwt('{"exp":3000}'), false],
  ['never expires', jwt('{"iat":1}'), false],
  ['has a date that is none', jwt('{"exp":"soon"}'), false],
  ['has a date beyond all dates', jwt('{"exp":-1e300}'), false],
  ['holds no JSON', jwt('{'), false],
  ['is no JWT', 'opaque', false],
])('a token that %s', (_, token, warns) => {
  expect(expiryWarning(token, 2_000_000) !== undefined).toBe(warns);
});

test('the warning says when', () => {
  expect(expiryWarning(jwt('{"exp":1000}'), 2_000_000)).toBe(
    'argocd-token expires at 1970-01-01T00:16:40.000Z, before the wait may be over: make a new one.',
  );
});
