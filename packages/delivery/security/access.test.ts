import { expect, it } from 'vitest';
import { accessHint, credentialFor } from './access.ts';

const none = { token: 't', 'app-id': '', 'app-private-key': '', 'deployment-token': '' };
const refusal = { kind: 'permission', hint: 'of GitHub' } as const;

it.each([
  [
    'its own token',
    none,
    /own token reaches acme\/app .*`app-id` and `app-private-key`.* or `deployment-token`/,
  ],
  ['a token of others', { ...none, 'deployment-token': 'd' }, /^Give `deployment-token` a token/],
  [
    'an App',
    { ...none, 'app-id': '7', 'app-private-key': 'k' },
    /^Install the GitHub App of `app-id` on acme\/x/,
  ],
])('who is refused in another repository with %s is told which input reaches it', (_, inputs, hint) => {
  expect(accessHint(refusal, inputs, 'acme/x', 'acme/app')).toMatch(hint);
  expect(accessHint(refusal, inputs, 'acme/x', 'acme/app')).toContain(
    '`deployments: read` and `contents: read`',
  );
});

it('what is no refusal, and what is refused at home, keeps its own hint', () => {
  expect(accessHint({ ...refusal, kind: 'platform' }, none, 'acme/x', 'acme/app')).toBe('of GitHub');
  expect(accessHint(refusal, none, 'Acme/App', 'acme/app')).toBe('of GitHub');
});

it('the job’s own repository is read by its own token, whatever else is given', () => {
  const inputs = { ...none, 'app-id': '7', 'app-private-key': 'k', 'deployment-token': 'd' };
  expect(credentialFor(inputs, 'Acme/App', 'acme/app')).toEqual({ type: 'token', token: 't' });
  expect(credentialFor(inputs, 'acme/x', 'acme/app')).toMatchObject({ type: 'app', repository: 'x' });
});
