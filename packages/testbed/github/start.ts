import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitOn, createBareRepository, mergePull } from './bare-repository.ts';
import { createFaults } from './faults.ts';
import { createGitPool } from './git-pool.ts';
import type { Hub } from './hub.ts';
import { createLags } from './lag.ts';
import { createLimits } from './limits.ts';
import { closeStore } from './object-store.ts';
import { branchHead, commitLog, fileAt } from './objects.ts';
import { setPushRules } from './push-rules.ts';
import { INSTALLATION_TOKEN_TTL } from './routes/app.ts';
import { createSecondary } from './secondary-limits.ts';
import { createGitHubServer } from './server.ts';
import type { AppOptions, GitHubOptions, GitHubStandIn } from './stand-in.ts';
import { createTokens } from './tokens.ts';
import type { App, Permissions, Repository } from './types.ts';

export type { AppOptions, GitHubOptions, GitHubStandIn, RepositoryOptions } from './stand-in.ts';

/** What a job may ask for; `members` and `workflows` are for Apps only. */
const everything: Permissions = {
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  deployments: 'write',
  actions: 'write',
  checks: 'read',
  statuses: 'read',
};

function createHub(options: GitHubOptions): Hub & { links: { web: string; api: string } } {
  const now = options.now ?? Date.now;
  let lastId = 1000;
  return {
    links: { web: '', api: '' },
    now,
    repositories: new Map(),
    apps: new Map(),
    tokens: createTokens(now),
    limits: createLimits(now, options.rateLimit),
    secondary: Object.assign(createSecondary(now), { limits: options.secondaryLimits }),
    faults: createFaults(),
    git: createGitPool(),
    lags: createLags(now),
    requests: [],
    violations: [],
    nextId: () => {
      lastId += 1;
      return lastId;
    },
  };
}

/** Resolves with the port. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no port'));
      else resolve(address.port);
    });
  });
}

function createApp(hub: Hub, given: AppOptions): App {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const app: App = { id: hub.nextId(), installationId: hub.nextId(), slug: 'sluice', ...given, ...keys };
  hub.apps.set(app.id, app);
  return app;
}

/** Starts the stand-in on a free port of the loopback. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'github-'));
  const hub = createHub(options);
  const { now, links, tokens } = hub;
  const server = createGitHubServer(hub, root, options.installationTokenTtl ?? INSTALLATION_TOKEN_TTL);
  links.web = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  links.api = `${links.web}/api/v3`;

  const repository = (fullName: string): Repository => {
    const found = hub.repositories.get(fullName.toLowerCase());
    if (found === undefined) throw new Error(`There is no repository ${fullName}`);
    return found;
  };

  return {
    url: links.web,
    apiUrl: links.api,
    graphqlUrl: `${links.web}/api/graphql`,
    root,
    tokens,
    faults: hub.faults,
    lags: hub.lags,
    limits: hub.limits,
    secondary: hub.secondary,
    requests: hub.requests,
    violations: hub.violations,
    repository,
    async createRepository(fullName, files, given = {}) {
      const { author = 'alice', message = 'Begin', date = now(), defaultBranch = 'main' } = given;
      const id = hub.nextId();
      const isPrivate = given.private ?? true;
      const made = { id, fullName, root, defaultBranch, private: isPrivate, createdAt: now() };
      const created = await createBareRepository(made);
      setPushRules(created, `${links.web}/${fullName}`);
      hub.repositories.set(fullName.toLowerCase(), created);
      return commitOn(created, defaultBranch, files, { author, message, date });
    },
    commitFiles: (fullName, branch, files, given = {}) =>
      commitOn(repository(fullName), branch, files, {
        message: 'Change',
        author: 'alice',
        date: now(),
        ...given,
      }),
    readFile: (fullName, ref, path) => fileAt(repository(fullName).dir, ref, path),
    async head(fullName, branch = repository(fullName).defaultBranch) {
      const sha = await branchHead(repository(fullName), branch);
      if (sha === undefined) throw new Error(`${fullName} has no branch ${branch}`);
      return sha;
    },
    log: (fullName, ref = repository(fullName).defaultBranch, limit = 100) =>
      commitLog(repository(fullName).dir, ref, limit),
    protect(fullName, branch, rule) {
      const target = repository(fullName);
      if (rule === undefined) target.rules.delete(branch);
      else target.rules.set(branch, rule);
      setPushRules(target, `${links.web}/${fullName}`);
    },
    limitPushes(fullName, limits) {
      const target = repository(fullName);
      Object.assign(target, limits);
      setPushRules(target, `${links.web}/${fullName}`);
    },
    mergePullRequest: (fullName, number, author = 'alice', method = 'merge') =>
      mergePull(repository(fullName), number, author, now(), method),
    createToken(given = {}) {
      const repositories = [...hub.repositories.values()].map(({ fullName }) => fullName);
      return tokens.create({ permissions: { ...everything, members: 'read' }, repositories, ...given });
    },
    githubToken: (fullName, permissions = everything) =>
      tokens.create({
        permissions,
        repositories: [repository(fullName).fullName],
        account: `jobs of ${repository(fullName).fullName}`,
      }),
    createApp: (given) => createApp(hub, given),
    expectNoViolations() {
      if (hub.violations.length === 0) return;
      throw new Error(`GitHub's rules were broken:\n${hub.violations.map((line) => `- ${line}`).join('\n')}`);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      hub.git.close();
      for (const { dir } of hub.repositories.values()) closeStore(dir);
      if (options.root === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}
