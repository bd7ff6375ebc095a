import { generateKeyPairSync } from 'node:crypto';
import { expect, describe as group, it } from 'vitest';
import { textAt, toJson } from '../argocd/json.ts';
import { answerDex, type DexOptions, type DexRequest } from './dex.ts';
import { signJwt } from './jwt.ts';
import { startRunIdentity } from './run-identity.ts';

const { privateKey, publicKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const issuer = 'https://token.actions.githubusercontent.com';
const trusts = { issuer, key };
const soon = Math.floor(Date.now() / 1000) + 300;
const identity = signJwt({ iss: issuer, aud: 'https://argocd', sub: 'repo:acme/app', exp: soon }, privateKey);

const right = {
  connector_id: 'github-actions',
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  scope: 'openid email profile federated:id',
  requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  subject_token: identity,
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
};

/** What Dex answers to this form, and what of it no client may send. */
function ask(
  form: Record<string, string>,
  request: Partial<DexRequest> = {},
  options: Partial<DexOptions> = {},
) {
  const violations: string[] = [];
  const whole: DexRequest = {
    method: 'POST',
    authorization: `Basic ${Buffer.from('argo-cd-cli:').toString('base64')}`,
    contentType: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(form).toString(),
    ...request,
  };
  const { status, body } = answerDex(
    whole,
    { trusts, ...options },
    ({ name }) => `token of ${name}`,
    violations,
  );
  return { status, body, violations };
}

it('an exchange as it should be gives a token for the subject, and how long it is good', () => {
  expect(ask(right)).toEqual({
    status: 200,
    body: {
      access_token: 'token of repo:acme/app',
      issued_token_type: right.requested_token_type,
      token_type: 'bearer',
      expires_in: 86_400,
    },
    violations: [],
  });
});

group('what no client may send is a violation', () => {
  const { scope: _, ...withoutScope } = right;
  it.each([
    ['no scope', withoutScope, {}, /no parameter scope/],
    ['a scope without the subject', { ...right, scope: 'openid email profile' }, {}, /no scope federated:id/],
    [
      'an ID token wanted',
      { ...right, requested_token_type: 'id_token' },
      {},
      /requested_token_type=id_token/,
    ],
    ['one parameter more', { ...right, audience: 'argo-cd' }, {}, /an unknown parameter audience/],
    ['JSON', right, { contentType: 'application/json' }, /the content type application\/json/],
    ['no client', right, { authorization: undefined }, /no Basic authorization/],
  ])('%s', (_, form, request, violation) => {
    expect(ask(form, request).violations).toContainEqual(expect.stringMatching(violation));
  });
});

group('Dex refuses in its own words', () => {
  const expired = signJwt({ iss: issuer, sub: 'repo:acme/app', exp: soon - 1000 }, privateKey);
  const strange = signJwt({ iss: 'https://other', sub: 'repo:acme/app', exp: soon }, privateKey);
  it.each([
    ['another connector', { ...right, connector_id: 'x' }, {}, 400, 'invalid_request'],
    ['a grant that is off', right, { grantTypes: [] }, 400, 'unsupported_grant_type'],
    ['another audience', right, { audience: 'https://other' }, 401, 'access_denied'],
    ['another issuer', { ...right, subject_token: strange }, {}, 401, 'access_denied'],
    ['an identity that has expired', { ...right, subject_token: expired }, {}, 401, 'access_denied'],
    ['a signature that is none', { ...right, subject_token: `${identity}x` }, {}, 401, 'access_denied'],
    ['no identity', { ...right, subject_token: '' }, {}, 400, 'invalid_request'],
    ['no such client', right, { withoutClient: true }, 401, 'invalid_client'],
  ])('%s', (_, form, options, status, error) => {
    expect(ask(form, {}, options)).toMatchObject({ status, body: { error } });
  });
});

group('the endpoint for the identity of a run', () => {
  it('states it for one audience, signed, to who has the token of the run', async () => {
    const run = await startRunIdentity();
    const url = `${run.env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=https://argocd`;
    const authorization = `Bearer ${run.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
    const accept = 'application/json; api-version=2.0';
    const answer = toJson(await (await fetch(url, { headers: { authorization, accept } })).json());
    const stated = textAt(answer, 'value') ?? '';
    expect(ask({ ...right, subject_token: stated }, {}, { trusts: run })).toMatchObject({
      status: 200,
    });
    expect([run.audiences, run.violations]).toEqual([['https://argocd'], []]);
    expect((await fetch(url)).status).toBe(401);
    await run.close();
  });

  it('takes an identity without an audience, or asked for by POST, for a violation', async () => {
    const run = await startRunIdentity();
    const headers = { authorization: `Bearer ${run.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
    await fetch(run.env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '', { method: 'POST', headers });
    expect(run.violations.join('\n')).toMatch(/by POST.*api-version=2\.0 in Accept.*without an audience/s);
    await run.close();
  });
});
