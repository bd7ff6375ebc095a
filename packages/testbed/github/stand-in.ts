import type { Faults } from './faults.ts';
import type { Lags } from './lag.ts';
import type { Limits } from './limits.ts';
import type { CommitOptions, Files, LogEntry } from './objects.ts';
import type { Secondary, SecondaryLimits } from './secondary-limits.ts';
import type { TokenOptions, Tokens } from './tokens.ts';
import type { App, AutoMerge, BranchRule, LoggedRequest, Permissions, Repository } from './types.ts';

export interface GitHubOptions {
  /** Folder for the bare repositories; a temporary one by default. */
  readonly root?: string;
  readonly port?: number;
  /** The stand-in's clock in milliseconds; expiry of tokens and times go by it. */
  readonly now?: () => number;
  /** Primary rate limit, requests per hour: 1,000 as of a job's GITHUB_TOKEN, and 5,000 of an App, unless it is given. */
  readonly rateLimit?: number;
  /** Off where they are not given. */
  readonly secondaryLimits?: SecondaryLimits;
  /** How long installation tokens live, milliseconds. */
  readonly installationTokenTtl?: number;
}

export interface RepositoryOptions {
  readonly defaultBranch?: string;
  /** Default true: nobody sees it without a token that reaches it. */
  readonly private?: boolean;
  /** Of the first commit. */
  readonly author?: string;
  readonly message?: string;
  readonly date?: number;
}

export interface AppOptions {
  readonly owner: string;
  readonly repositories: readonly string[];
  readonly permissions: Permissions;
  /** It acts as `<slug>[bot]`; default `sluice`. */
  readonly slug?: string;
}

export interface PushLimits {
  readonly largestFile?: number;
  readonly secretPatterns?: readonly RegExp[];
}

export interface GitHubStandIn {
  /** GITHUB_SERVER_URL. */
  readonly url: string;
  /** GITHUB_API_URL. */
  readonly apiUrl: string;
  /** GITHUB_GRAPHQL_URL. */
  readonly graphqlUrl: string;
  /** Folder of the bare repositories. */
  readonly root: string;
  readonly tokens: Tokens;
  readonly faults: Faults;
  /** Reads that come late: `github.lags.rules = { git: { ms: 500 } }`. */
  readonly lags: Lags;
  readonly limits: Limits;
  /** Off until `secondary.limits` is set, e.g. to `githubSecondaryLimits`. */
  readonly secondary: Secondary;
  /** Every request that was answered or cut, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** One sentence for each request that GitHub would not take, and for each answer that GitHub would not give. */
  readonly violations: string[];
  /** Creates a repository with one commit of these files (text, bytes, or with a mode). Resolves with that commit. */
  createRepository(fullName: string, files: Files, options?: RepositoryOptions): Promise<string>;
  /** Somebody's commit on a branch, past every rule; the branch begins at the default one where it is not there. */
  commitFiles(
    fullName: string,
    branch: string,
    files: Files,
    options?: Partial<CommitOptions>,
  ): Promise<string>;
  /** The bytes of a file at a branch, tag or commit; undefined where it is not there. */
  readFile(fullName: string, ref: string, path: string): Promise<Buffer | undefined>;
  /** The commit at the head of a branch, the default one if none is given. Throws when there is none. */
  head(fullName: string, branch?: string): Promise<string>;
  /** Newest first. */
  log(fullName: string, ref?: string, limit?: number): Promise<LogEntry[]>;
  /** The state behind the API: pull requests, deployments, settings. */
  repository(fullName: string): Repository;
  /** Keeps a branch from direct writes, or (undefined) lets it go. */
  protect(fullName: string, branch: string, rule: BranchRule | undefined): void;
  /** What a push may not hold: files over `largestFile` bytes (GH001), lines that match a pattern (push protection, GH013). */
  limitPushes(fullName: string, limits: PushLimits): void;
  /** Merges an open pull request, by default with a merge commit, as a person would in the browser. */
  mergePullRequest(
    fullName: string,
    number: number,
    author?: string,
    method?: AutoMerge['method'],
  ): Promise<string>;
  /** A token that reaches every repository that there is now, with all permissions to write, unless told otherwise. */
  createToken(options?: Partial<TokenOptions>): string;
  /** What a job's GITHUB_TOKEN is: reaches its own repository only, acts as `github-actions[bot]`. */
  githubToken(fullName: string, permissions?: Permissions): string;
  /** A GitHub App with one installation and a key of its own. */
  createApp(options: AppOptions): App;
  /** Throws when a request was not what GitHub takes, or an answer not what GitHub gives. */
  expectNoViolations(): void;
  close(): Promise<void>;
}
