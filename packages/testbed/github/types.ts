/** The permissions of an installation token that the stand-in knows; `metadata: read` comes with every token. */
export type PermissionName =
  | 'contents'
  | 'pull_requests'
  | 'issues'
  | 'deployments'
  | 'workflows'
  | 'actions'
  | 'checks'
  | 'statuses'
  | 'members'
  | 'metadata';
export type Access = 'read' | 'write';
export type Permissions = Readonly<Partial<Record<PermissionName, Access>>>;

export interface Token {
  /** A name for the log of requests: the secret itself is never in it. */
  readonly id: string;
  readonly secret: string;
  readonly permissions: Permissions;
  /** `owner/name` of each repository that it reaches. */
  readonly repositories: readonly string[];
  /** Whose rate limits it uses up: all tokens of an App's installation share them, and all of the jobs of one repository. */
  readonly account: string;
  /** Who acts: `github-actions[bot]`, `sluice[bot]`, `alice`. */
  readonly actor: string;
  /** Milliseconds since the epoch; absent for a token that does not expire. */
  readonly expiresAt?: number;
}

export interface AutoMerge {
  readonly method: 'merge' | 'squash' | 'rebase';
  readonly by: string;
  readonly title: string;
  readonly message: string;
  readonly enabledAt: number;
}

/** What the timeline of a pull request tells. `by`: who asked for a review, or gave it. */
export interface PullEvent {
  readonly type: 'review_requested' | 'reviewed';
  readonly at: number;
  readonly by: string;
  readonly user?: string;
  readonly team?: string;
}

export interface PullRequest {
  readonly number: number;
  readonly author: string;
  readonly head: string;
  readonly base: string;
  readonly createdAt: number;
  updatedAt: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  draft: boolean;
  closedAt?: number;
  mergedAt?: number;
  mergeCommit?: string;
  labels: string[];
  reviewers: string[];
  teamReviewers: string[];
  /** Oldest first. */
  events?: PullEvent[];
  autoMerge?: AutoMerge;
  /** Commits at both ends, as last seen; kept when a branch is deleted. */
  headSha: string;
  baseSha: string;
}

/** On an issue or a pull request. */
export interface Comment {
  readonly id: number;
  readonly number: number;
  readonly author: string;
  readonly createdAt: number;
  updatedAt: number;
  body: string;
}

export interface Issue {
  readonly number: number;
  readonly author: string;
  readonly createdAt: number;
  updatedAt: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null;
  closedAt?: number;
  labels: string[];
}

/** A file of a release. */
export interface Asset {
  readonly id: number;
  readonly name: string;
  readonly content: Uint8Array;
  /** Where it is handed out, instead of the stand-in's own address. */
  readonly location?: string;
}

export interface Release {
  readonly id: number;
  readonly tag: string;
  readonly assets: readonly Asset[];
}

/** A run of a workflow. */
export interface WorkflowRun {
  readonly id: number;
  readonly name: string;
  /** `.github/workflows/ci.yml`. */
  readonly path: string;
  readonly event: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly actor: string;
  readonly createdAt: number;
  /** Of the last attempt; 1 by default. */
  attempt?: number;
  /** When the last attempt began; `createdAt` by default. */
  startedAt?: number;
  /** Of the last attempt. */
  jobs?: readonly RunJob[];
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
  /** `action_required` with `completed`: parked until somebody with write access approves it. */
  conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | 'action_required' | null;
  /** What `run-name:` makes of it; without one, the name. */
  readonly title?: string;
  /** Of its workflow; without it, one for each path. */
  readonly workflowId?: number;
  /** The id of a fork, `null` where that was deleted; without it, the repository itself. */
  readonly headRepository?: number | null;
  /** The pull requests that it names: a fork's runs name none. Without it, the open ones of its branch. */
  readonly pulls?: readonly number[];
  /** How it takes to be cancelled; by default it ends at once. `stays`: it goes on until it is forced. */
  onCancel?: 'stays';
}

/** Who holds or waits for the lease of a concurrency group. */
export interface GroupMember {
  readonly run: number;
  readonly status: 'in_progress' | 'pending';
}

/** A job of a run, as the list of a run's jobs has it. */
export interface RunJob {
  readonly id: number;
  /** `build`, `test (linux)`, `pr / build`. */
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | null;
  /** The name of the runner that has it. */
  readonly runner?: string;
}

/** What somebody says of a commit, under a name of its own. */
export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  /** Login: `alice`, `ci[bot]`. */
  readonly creator: string;
  readonly at: number;
}

/** What an App says of a commit. */
export interface CheckRun {
  readonly id: number;
  /** Slug of the App. */
  readonly app: string;
  readonly name: string;
  readonly headSha: string;
  /** Of GitHub Actions: the run whose job it is. */
  readonly runId?: number;
  /** Where the App leads to, instead. */
  readonly detailsUrl?: string;
  readonly status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
  readonly conclusion:
    | 'success'
    | 'failure'
    | 'neutral'
    | 'cancelled'
    | 'skipped'
    | 'timed_out'
    | 'action_required'
    | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string | null;
  readonly at: number;
}

/** A `workflow_dispatch` that was taken. */
export interface Dispatch {
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly actor: string;
}

export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'in_progress'
  | 'queued'
  | 'pending'
  | 'success';

export interface DeploymentStatus {
  readonly id: number;
  readonly state: DeploymentState;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly creator: string;
  readonly createdAt: number;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Oldest first. */
  readonly statuses: DeploymentStatus[];
}

/** `protection`: the classic rule (GH006); `ruleset`: a repository rule (GH013). */
export type RuleKind = 'protection' | 'ruleset';
export type Wanted = 'pull-request' | 'merge-queue' | 'checks' | 'signatures' | 'fast-forward';

/** A kind alone wants a pull request. */
export type BranchRule = RuleKind | { readonly kind: RuleKind; readonly wants: Wanted };

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  /** The bare repository. */
  readonly dir: string;
  readonly defaultBranch: string;
  readonly createdAt: number;
  readonly private: boolean;
  /** By branch name. */
  readonly rules: Map<string, BranchRule>;
  /** Push protection: no line that is pushed may match one of these; see `limitPushes`. */
  secretPatterns: readonly RegExp[];
  /** The largest file that may be pushed, in bytes. */
  largestFile: number;
  readonly pulls: Map<number, PullRequest>;
  /** By number; pull requests have theirs from the same row. */
  readonly issues: Map<number, Issue>;
  /** Whether labels of new issues are lost, as for somebody without push access. */
  dropsLabels: boolean;
  readonly releases: Release[];
  readonly deployments: Map<number, Deployment>;
  /** Oldest first. */
  readonly runs: WorkflowRun[];
  /** By name, in small letters. */
  readonly concurrencyGroups: Map<string, readonly GroupMember[]>;
  /** Oldest first. */
  readonly checkRuns: CheckRun[];
  /** Oldest first. */
  readonly statuses: CommitStatus[];
  /** By file name, each with its inputs. */
  readonly workflows: Map<string, readonly string[]>;
  /** Oldest first. */
  readonly dispatches: Dispatch[];
  /** Pull requests that a GITHUB_TOKEN opened get a run that is parked; without it they get none, as before June 2026. */
  parksBotRuns: boolean;
  /** Oldest first. */
  readonly comments: Map<number, Comment>;
  nextNumber: number;
  /** The setting "Allow GitHub Actions to create and approve pull requests". */
  actionsMayCreatePullRequests: boolean;
  /** The setting "Allow auto-merge"; GitHub's own default is false, and so it is here. */
  allowsAutoMerge: boolean;
  /** Private repositories of the free plan have no drafts. */
  allowsDrafts: boolean;
  readonly mergeMethods: Set<AutoMerge['method']>;
  /** Branches into which no pull request merges at once: a review or a check is waited for. */
  readonly gates: Set<string>;
  /** Who may be asked for a review. */
  readonly collaborators: Set<string>;
  /** Slugs of the teams that may be asked for a review. */
  readonly teams: Set<string>;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  /** PEM. */
  readonly publicKey: string;
  readonly privateKey: string;
  readonly installationId: number;
  readonly owner: string;
  readonly repositories: readonly string[];
  readonly permissions: Permissions;
}

export interface LoggedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The token's id, `app:<id>`, or `-`. */
  readonly token: string;
  /** The operation of a GraphQL request. */
  readonly operation?: string;
  /** 0 where the connection was cut. */
  readonly status: number;
}

/** What a route answers. A list is whole: the server cuts it into pages. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
