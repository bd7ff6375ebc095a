import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaults, type Faults } from './faults.ts';
import { git } from './git.ts';
import type { Hub } from './hub.ts';
import { createLimits, type Limits } from './limits.ts';
import {
  branchHead,
  type CommitOptions,
  commitLog,
  type Files,
  fileAt,
  type LogEntry,
  moveRef,
  writeCommit,
} from './objects.ts';
import { setPushRules } from './push-rules.ts';
import { INSTALLATION_TOKEN_TTL } from './routes/app.ts';
import { createGitHubServer } from './server.ts';
import { createTokens, type TokenOptions } from './tokens.ts';
import type { App, BranchRule, LoggedRequest, Permissions, Repository } from './types.ts';

export interface GitHubOptions {
  /** Folder for the bare repositories; a temporary one by default. */
  readonly root?: string;
  readonly port?: number;
  /** The stand-in's clock in milliseconds; expiry of tokens and times go by it. */
  readonly now?: () => number;
  /** Primary rate limit of each token, requests per hour. */
  readonly rateLimit?: number;
  /** How long installation tokens live, milliseconds. */
  readonly installationTokenTtl?: number;
}

export interface RepositoryOptions {
  readonly defaultBranch?: string;
  readonly private?: boolean;
  readonly author?: string;
  readonly message?: string;
}

export interface AppOptions {
  readonly owner: string;
  readonly repositories: readonly string[];
  readonly permissions: Permissions;
  readonly slug?: string;
}

export interface GitHubStandIn {
  /** GITHUB_SERVER_URL. */
  readonly url: string;
  /** GITHUB_API_URL. */
  readonly apiUrl: string;
  /** GITHUB_GRAPHQL_URL. */
  readonly graphqlUrl: string;
  readonly root: string;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly requests: readonly LoggedRequest[];
  readonly violations: string[];
  /** Creates a repository with one commit of these files (text, bytes, or with a mode). Resolves with that commit. */
  createRepository(fullName: string, files: Files, options?: RepositoryOptions): Promise<string>;
  /** Somebody's commit on a branch, past every rule; the branch is made from the default one where it is not there. */
  commitFiles(
    fullName: string,
    branch: string,
    files: Files,
    options?: Partial<CommitOptions>,
  ): Promise<string>;
  /** The bytes of a file at a branch, tag or commit; undefined where it is not there. */
  readFile(fullName: string, ref: string, path: string): Promise<Buffer | undefined>;
  head(fullName: string, branch?: string): Promise<string>;
  /** Newest first. */
  log(fullName: string, ref?: string, limit?: number): Promise<LogEntry[]>;
  /** The state behind the API: pull requests, deployments, settings. */
  repository(fullName: string): Repository;
  /** Keeps a branch from direct writes, or (undefined) lets it go. */
  protect(fullName: string, branch: string, rule: BranchRule | undefined): void;
  /** Merges an open pull request with a merge commit, as a person would in the browser. */
  mergePullRequest(fullName: string, number: number, author?: string): Promise<string>;
  /** A token; by default it reaches every repository that there is, with all permissions to write. */
  createToken(options?: Partial<TokenOptions>): string;
  /** What a job's GITHUB_TOKEN is: reaches its own repository only, acts as `github-actions[bot]`. */
  githubToken(fullName: string, permissions?: Permissions): string;
  revokeToken(secret: string): void;
  /** A GitHub App with one installation. */
  createApp(options: AppOptions): App;
  /** Throws when a request was not what GitHub takes, or an answer not what GitHub gives. */
  expectNoViolations(): void;
  close(): Promise<void>;
}

const everything: Permissions = {
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  deployments: 'write',
};

const bareConfig: readonly (readonly [string, string])[] = [
  ['http.receivepack', 'true'],
  ['uploadpack.allowFilter', 'true'],
  ['uploadpack.allowAnySHA1InWant', 'true'],
  ['transfer.hideRefs', 'refs/stand-in'],
  ['receive.denyDeleteCurrent', 'refuse'],
  ['gc.auto', '0'],
  ['core.logAllRefUpdates', 'false'],
];

/** Starts the stand-in on a free port of the loopback. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  const now = options.now ?? Date.now;
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'github-'));
  let lastId = 1000;
  const links = { web: '', api: '' };
  const hub: Hub = {
    links,
    now,
    repositories: new Map(),
    apps: new Map(),
    tokens: createTokens(now),
    limits: createLimits(now, options.rateLimit),
    faults: createFaults(),
    requests: [],
    violations: [],
    nextId: () => {
      lastId += 1;
      return lastId;
    },
  };
  const server = createGitHubServer(hub, root, options.installationTokenTtl ?? INSTALLATION_TOKEN_TTL);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  links.web = `http://127.0.0.1:${address.port}`;
  links.api = `${links.web}/api/v3`;

  const repository = (fullName: string): Repository => {
    const found = hub.repositories.get(fullName.toLowerCase());
    if (found === undefined) throw new Error(`There is no repository ${fullName}`);
    return found;
  };
  const commit = async (
    target: Repository,
    branch: string,
    files: Files,
    given: Partial<CommitOptions>,
  ): Promise<string> => {
    const head = await branchHead(target, branch);
    const parent = head ?? (await branchHead(target, target.defaultBranch));
    const date = given.date ?? now();
    const sha = await writeCommit(target.dir, parent, files, {
      message: 'Change',
      author: 'alice',
      ...given,
      date,
    });
    if (!(await moveRef(target.dir, `refs/heads/${branch}`, head, sha)))
      throw new Error(`${branch} moved meanwhile`);
    return sha;
  };

  return {
    url: links.web,
    apiUrl: links.api,
    graphqlUrl: `${links.web}/api/graphql`,
    root,
    faults: hub.faults,
    limits: hub.limits,
    requests: hub.requests,
    violations: hub.violations,
    repository,
    async createRepository(fullName, files, given = {}) {
      const [owner = '', name = ''] = fullName.split('/');
      const dir = join(root, `${fullName}.git`);
      const defaultBranch = given.defaultBranch ?? 'main';
      mkdirSync(dir, { recursive: true });
      await git(dir, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, '.']);
      for (const [key, value] of bareConfig) await git(dir, ['config', key, value]);
      const created: Repository = {
        id: hub.nextId(),
        owner,
        name,
        fullName,
        dir,
        defaultBranch,
        createdAt: now(),
        private: given.private ?? true,
        rules: new Map(),
        pulls: new Map(),
        deployments: new Map(),
        nextNumber: 1,
        actionsMayCreatePullRequests: true,
      };
      hub.repositories.set(fullName.toLowerCase(), created);
      const { author = 'alice', message = 'Begin' } = given;
      return commit(created, defaultBranch, files, { author, message });
    },
    commitFiles: (fullName, branch, files, given = {}) => commit(repository(fullName), branch, files, given),
    readFile: (fullName, ref, path) => fileAt(repository(fullName).dir, ref, path),
    async head(fullName, branch) {
      const target = repository(fullName);
      const sha = await branchHead(target, branch ?? target.defaultBranch);
      if (sha === undefined) throw new Error(`${fullName} has no branch ${branch}`);
      return sha;
    },
    log: (fullName, ref, limit = 100) =>
      commitLog(repository(fullName).dir, ref ?? repository(fullName).defaultBranch, limit),
    protect: (fullName, branch, rule) => {
      const target = repository(fullName);
      if (rule === undefined) target.rules.delete(branch);
      else target.rules.set(branch, rule);
      setPushRules(target, `${links.web}/${fullName}`);
    },
    async mergePullRequest(fullName, number, author = 'alice') {
      const target = repository(fullName);
      const pull = target.pulls.get(number);
      if (pull === undefined || pull.state === 'closed')
        throw new Error(`${fullName} has no open pull request ${number}`);
      const base = await branchHead(target, pull.base);
      const head = await branchHead(target, pull.head);
      if (base === undefined || head === undefined) throw new Error('A branch of the pull request is gone');
      const tree = await git(target.dir, ['merge-tree', '--write-tree', base, head]);
      const who = ['-c', `user.name=${author}`, '-c', `user.email=${author}@users.noreply.example`];
      const message = `Merge pull request #${number} from ${pull.head}`;
      const sha = await git(target.dir, [...who, 'commit-tree', tree, '-p', base, '-p', head, '-m', message]);
      if (!(await moveRef(target.dir, `refs/heads/${pull.base}`, base, sha)))
        throw new Error(`${pull.base} moved meanwhile`);
      Object.assign(pull, {
        state: 'closed',
        headSha: head,
        baseSha: base,
        mergeCommit: sha,
        mergedAt: now(),
        closedAt: now(),
        updatedAt: now(),
      });
      return sha;
    },
    createToken: (given = {}) =>
      hub.tokens.create({
        permissions: everything,
        repositories: [...hub.repositories.values()].map(({ fullName }) => fullName),
        ...given,
      }),
    githubToken: (fullName, permissions = everything) =>
      hub.tokens.create({ permissions, repositories: [repository(fullName).fullName] }),
    revokeToken: (secret) => hub.tokens.revoke(secret),
    createApp(given) {
      const keys = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      });
      const app: App = { id: hub.nextId(), installationId: hub.nextId(), slug: 'sluice', ...given, ...keys };
      hub.apps.set(app.id, app);
      return app;
    },
    expectNoViolations() {
      if (hub.violations.length === 0) return;
      throw new Error(`GitHub's rules were broken:\n${hub.violations.map((line) => `- ${line}`).join('\n')}`);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (options.root === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}
