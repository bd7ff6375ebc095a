import { secondaryLimit } from '@sluice/testbed/github/faults';
import type { Permissions } from '@sluice/testbed/github/types';
import { describe, expect, it } from 'vitest';
import { expectFailure, type Fixture, gitops, shownLog, withFixture } from './image-tag-bump-setup.ts';

const shop = { images: 'registry.example/shop:1.4.2', project: 'shop', environment: 'production' };
const proposed = { ...shop, commit: 'pull-request' };
const git = /gitops\.git\//;
const graphql = /api\/graphql/;
const pulls = /api\/v3\/repos\/acme\/gitops\/pulls/;
const always = { times: 1000 };

interface Row {
  readonly name: string;
  readonly arrange: (fixture: Fixture) => void;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Of the token; default everything. */
  readonly permissions?: Permissions;
  readonly reason: string;
  readonly says: RegExp;
}

const told: readonly Row[] = [
  {
    name: 'Git: a token that was revoked',
    arrange: ({ github, token }) => github.tokens.revoke(token),
    reason: 'bad-credentials',
    says: /does not accept the token: it is wrong, has expired or was revoked/,
  },
  {
    name: 'Git: single sign-on that the token is not authorized for',
    arrange: ({ github }) =>
      github.faults.push({ path: git, ...always, status: 403, message: 'enforced SAML SSO' }),
    reason: 'permission-denied',
    says: /may not read .*acme\/gitops\.git: it needs the permission `contents: read`/,
  },
  {
    name: 'Git: the repository was renamed',
    arrange: ({ github }) =>
      github.faults.push({
        path: git,
        ...always,
        status: 301,
        headers: { location: 'http://127.0.0.1:9/x' },
      }),
    reason: 'repository-moved',
    says: /was renamed or moved.*repoURL/s,
  },
  {
    name: 'Git: a server that keeps failing',
    arrange: ({ github }) => github.faults.push({ path: git, ...always, status: 500 }),
    reason: 'git-unreachable',
    says: /Git could not reach .*error: 500/,
  },
  {
    name: 'Git: cut in the middle of every answer',
    arrange: ({ github }) => github.faults.push({ path: /git-upload-pack$/, ...always, cut: 'after-effect' }),
    reason: 'git-unreachable',
    says: /Git could not reach/,
  },
  {
    name: 'GraphQL: the rate limit is used up for an hour',
    arrange: ({ github }) => github.limits.exhaust('token-1', 3_600_000, 'graphql'),
    reason: 'rate-limited',
    says: /asks to wait 3\d{3} s more/,
  },
  {
    name: 'GraphQL: a secondary limit that ends too late',
    arrange: ({ github }) => github.faults.push(secondaryLimit(graphql, 1800, 1000)),
    reason: 'rate-limited',
    says: /asks to wait 1800 s more/,
  },
  {
    name: 'GraphQL: a server that keeps failing',
    arrange: ({ github }) => github.faults.push({ path: graphql, ...always, status: 502 }),
    reason: 'github-unavailable',
    says: /answered 502 to POST \/graphql, each time/,
  },
  {
    name: 'REST: the rate limit is used up for an hour',
    arrange: ({ github }) => github.limits.exhaust('token-1', 3_600_000),
    inputs: proposed,
    reason: 'rate-limited',
    says: /asks to wait 3\d{3} s more/,
  },
  {
    name: 'REST: may not open pull requests',
    arrange: () => {},
    inputs: proposed,
    permissions: { contents: 'write' },
    reason: 'permission-denied',
    says: /`pull-requests: write`/,
  },
  {
    name: 'REST: the organization has an IP allow list',
    arrange: ({ github }) => {
      const message =
        'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.';
      github.faults.push({ path: pulls, ...always, status: 403, message });
    },
    inputs: proposed,
    reason: 'permission-denied',
    says: /IP allow list enabled.*Add the runner's address/s,
  },
];

describe.concurrent('one sentence, all outputs, exit 1, nothing written', { timeout: 60_000 }, () => {
  it.each(told)('$name', async ({ arrange, inputs = shop, permissions, reason, says }) =>
    withFixture(async (fixture) => {
      arrange(fixture);
      const token = permissions === undefined ? fixture.token : fixture.github.createToken({ permissions });
      const result = await fixture.run({ ...inputs, token });
      fixture.github.faults.clear();
      await expectFailure(fixture, result, { verdict: 'unknown', reason, says });
      expect(shownLog(result)).not.toContain(token);
    }));
});

describe.concurrent('a GitHub App that gets no token: one sentence, exit 1, nothing written', {
  timeout: 60_000,
}, () => {
  const suspended = { status: 403, message: 'This installation has been suspended' };
  const outside = {
    status: 422,
    message: 'There is at least one repository that does not exist or is not accessible',
  };
  it.each([
    ['it has another key', 'bad-credentials', /does not know the App \d+ by this private key.*same App/s],
    ['it is suspended', 'app-suspended', /App \d+ for acme\/gitops is suspended.*Unsuspend/s],
    ['it may not reach the repository', 'app-not-installed', /is not installed on acme\/gitops/],
  ] as const)('%s', async (what, reason, says) =>
    withFixture(async (fixture) => {
      const given = { owner: 'acme', repositories: [gitops], permissions: { contents: 'write' } } as const;
      const app = fixture.github.createApp(given);
      const other = fixture.github.createApp({ ...given, repositories: [] });
      const answer = { path: /access_tokens$/, times: 1000 };
      if (what === 'it is suspended') fixture.github.faults.push({ ...answer, ...suspended });
      if (what === 'it may not reach the repository') fixture.github.faults.push({ ...answer, ...outside });
      const { privateKey } = what === 'it has another key' ? other : app;
      // As it stands in a secret that was written on one line.
      const key = privateKey.trim().replaceAll('\n', '\\n');
      const inputs = { ...shop, token: '', 'app-id': String(app.id), 'app-private-key': key };
      const result = await fixture.run(inputs);
      await expectFailure(fixture, result, { verdict: 'unknown', reason, says });
      for (const line of privateKey.split('\n').slice(1, -2)) expect(result.masks).toContain(line);
    }));
});

describe.concurrent('survived', { timeout: 60_000 }, () => {
  it.each([
    [
      '5xx of Git, REST and GraphQL, and a cut, each once',
      (fixture: Fixture) => {
        fixture.github.faults.push(
          { path: git, status: 503 },
          { path: /git-upload-pack$/, cut: 'after-effect' },
          { path: pulls, status: 500 },
          { path: pulls, cut: 'before-effect' },
          { path: graphql, html: true, status: 504 },
        );
      },
    ],
    [
      '403 with retry-after, worded as by nobody else',
      (fixture: Fixture) => {
        const slow = { status: 403, message: 'Slow down', headers: { 'retry-after': '1' } };
        fixture.github.faults.push({ path: pulls, ...slow }, { path: graphql, ...slow });
      },
    ],
    [
      'a rate limit that starts anew in a moment',
      (fixture: Fixture) => {
        fixture.github.limits.exhaust('token-1', 1500);
        fixture.github.limits.exhaust('token-1', 1500, 'graphql');
      },
    ],
  ])('%s', async (_name, arrange) =>
    withFixture(async (fixture) => {
      arrange(fixture);
      const result = await fixture.run(proposed);
      expect(result.outputs).toMatchObject({ verdict: 'pending', 'pull-request-number': '1' });
    }));
});
