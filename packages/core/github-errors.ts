import { SluiceError } from './errors.ts';
import { permissionFor, permissionForGraphql } from './permissions.ts';

/** Whose token was refused: an App's that we mint, one of GitHub Actions or of an App, or one that a person made. */
export type Login = 'app' | 'installation' | 'token';

/** One of the `errors` of a GraphQL answer, for example of type `STALE_DATA`, `FORBIDDEN` or `NOT_FOUND`. */
export interface GraphqlError {
  readonly type: string;
  readonly message: string;
}

/** What GitHub answered: the cause of each SluiceError of the client, for those who decide by it. */
export class GitHubFailure extends Error {
  /** 0 when no answer came. */
  readonly status: number;
  /** The types of a GraphQL answer's errors, or the codes of a REST answer's. */
  readonly types: readonly string[];
  /** Seconds after which GitHub wants to be asked again, where it says so. */
  readonly waitS: number | undefined;

  constructor(status: number, message: string, types: readonly string[], cause?: unknown, waitS?: number) {
    super(message, { cause });
    this.name = 'GitHubFailure';
    this.status = status;
    this.types = types;
    this.waitS = waitS;
  }
}

/** GitHub's answer behind an error, or undefined where it is another kind of error. */
export function githubFailure(error: unknown): GitHubFailure | undefined {
  return error instanceof SluiceError && error.cause instanceof GitHubFailure ? error.cause : undefined;
}

/** The call that failed, as far as a sentence needs it. */
export interface Call {
  readonly method: string;
  /** Of the URL, below the API's own: `/repos/acme/gitops/pulls`. */
  readonly path: string;
  /** Host of the API. */
  readonly host: string;
  readonly query?: string;
  /** `owner/name`, where the path does not tell it. */
  readonly repository?: string | undefined;
  readonly login?: Login;
}

/** The error of a REST call. `message` is GitHub's own; `types` are the codes that it gave. */
export function restError(call: Call, failure: GitHubFailure, rateLimited: boolean): SluiceError {
  const { status, message } = failure;
  const what = `${call.method} ${call.path}`;
  const said = oneLine(message);
  if (status === 0) return unreachable(call, said, failure);
  if (rateLimited) return rateLimit(call, failure);
  if (status < 500 && looksLikeHtml(message)) return notJson(call, failure);
  const repository = repositoryOf(call.path);
  if (status === 401) {
    return new SluiceError(
      'permission',
      'bad-credentials',
      `${call.host} does not accept the token (401: ${said}).`,
      {
        hint: 'Give a token that is valid now; one that was made by hand may have expired or been revoked.',
        cause: failure,
      },
    );
  }
  if (status === 403) {
    return denied(call, permissionFor(call.method, call.path), said, failure);
  }
  if (status === 404) {
    const permission = permissionFor(call.method, call.path);
    return new SluiceError(
      'permission',
      'not-visible',
      `${what} was not found, or is not visible to this token (GitHub answers 404 for both).`,
      {
        hint: `Check the name, and that the token reaches ${repository}${permission === undefined ? '' : ` with the permission \`${permission}\``}.`,
        cause: failure,
      },
    );
  }
  if (status === 409) {
    return new SluiceError(
      'conflict',
      'conflict',
      `GitHub refused ${what} because something changed meanwhile: ${said}`,
      {
        cause: failure,
      },
    );
  }
  if (status >= 500) {
    return new SluiceError(
      'platform',
      'github-unavailable',
      `${call.host} answered ${status} to ${what}, each time it was tried.`,
      {
        hint: 'Run the job again later; https://www.githubstatus.com tells about outages of github.com.',
        cause: failure,
      },
    );
  }
  return new SluiceError('platform', 'github-refused', `GitHub refused ${what} (${status}): ${said}`, {
    cause: failure,
  });
}

/** The error of a GraphQL answer with `errors`. */
export function graphqlError(call: Call, errors: readonly GraphqlError[]): SluiceError {
  const types = errors.map(({ type }) => type);
  const said = oneLine(errors.map(({ message }) => message).join('; '));
  const failure = new GitHubFailure(200, said, types);
  if (types.includes('RATE_LIMITED')) return rateLimit(call, failure);
  if (types.includes('STALE_DATA')) {
    return new SluiceError(
      'conflict',
      'stale-data',
      `The branch moved while GitHub was asked to commit: ${said}`,
      {
        cause: failure,
      },
    );
  }
  const refused = types.some((type) => ['FORBIDDEN', 'INSUFFICIENT_SCOPES'].includes(type));
  if (refused || /Resource not accessible/i.test(said)) {
    return denied(call, permissionForGraphql(call.query ?? ''), said, failure);
  }
  if (types.includes('NOT_FOUND')) {
    return new SluiceError(
      'permission',
      'not-visible',
      `GitHub did not find it, or it is not visible to this token: ${said}`,
      {
        hint: 'Check the name, and that the token reaches it: `GITHUB_TOKEN` reaches its own repository only.',
        cause: failure,
      },
    );
  }
  return new SluiceError('platform', 'github-refused', `GitHub refused the request: ${said}`, {
    cause: failure,
  });
}

/** A server that answers, but not as GitHub's API does. */
export function notJson(call: Call, cause: unknown): SluiceError {
  return new SluiceError(
    'platform',
    'unexpected-answer',
    `${call.host} answered ${call.method} ${call.path} with a page that is not JSON: it is not GitHub's API, or something stands in between.`,
    { hint: 'Check GITHUB_API_URL and GITHUB_GRAPHQL_URL, and the proxy of the runner.', cause },
  );
}

/** Whether a body is a web page. */
export function looksLikeHtml(body: string): boolean {
  return /^\s*<(!doctype|html|head|body)/i.test(body);
}

function unreachable(call: Call, said: string, cause: unknown): SluiceError {
  if (/certificate/i.test(said)) {
    return new SluiceError(
      'input',
      'untrusted-certificate',
      `The certificate of ${call.host} is not trusted: ${said}`,
      {
        hint: 'Set NODE_EXTRA_CA_CERTS on the runner to a PEM file with the authority that signed it.',
        cause,
      },
    );
  }
  if (/\bproxy\b/i.test(said)) {
    return new SluiceError(
      'input',
      'proxy-refused',
      `The proxy does not let requests through to ${call.host}: ${said}`,
      {
        hint: 'Check HTTPS_PROXY with its user and password, and NO_PROXY, on the runner.',
        cause,
      },
    );
  }
  return new SluiceError('platform', 'github-unreachable', `${call.host} could not be reached: ${said}`, {
    hint: 'Check GITHUB_API_URL, and the network and the proxy of the runner.',
    cause,
  });
}

function rateLimit(call: Call, cause: GitHubFailure): SluiceError {
  const wait = cause.waitS === undefined ? '' : `, and GitHub asks to wait ${cause.waitS} s more`;
  return new SluiceError(
    'platform',
    'rate-limited',
    `The rate limit of ${call.host} is used up for this token${wait}: ${oneLine(cause.message)}`,
    {
      hint: 'Run the job again later, or log in as a GitHub App: it has a limit of its own, from 5,000 calls an hour.',
      cause,
    },
  );
}

/** Refusals that no permission changes, and the setting that does. */
const SETTINGS: readonly (readonly [words: RegExp, hint: string])[] = [
  [
    /SAML|single sign-on/i,
    'Authorize the token for single sign-on of the organization ("Configure SSO" beside the token), or log in as a GitHub App.',
  ],
  [
    /IP allow list|IP address/i,
    "Add the runner's address to the IP allow list of the organization, or use a runner that is in it.",
  ],
  [/archived/i, 'Unarchive the repository, or name the one that replaced it.'],
  [/suspended/i, 'Have the account or the installation of the App unsuspended.'],
];

/** What a token may not do that lacks a permission; a call of another one is named itself. */
const DOINGS: ReadonlyMap<string, string> = new Map([
  ['contents: read', 'read'],
  ['contents: write', 'commit to'],
  ['pull-requests: write', 'open or change pull requests in'],
  ['deployments: write', 'record deployments in'],
  ['actions: read', 'read the workflow runs of'],
]);

function denied(call: Call, permission: string | undefined, said: string, cause: unknown): SluiceError {
  const what = call.query === undefined ? `${call.method} ${call.path}` : 'the request';
  const setting = SETTINGS.find(([words]) => words.test(said));
  if (setting !== undefined) {
    const sentence = `GitHub refused ${what}: ${said}`;
    return new SluiceError('permission', 'permission-denied', sentence, { hint: setting[1], cause });
  }
  if (permission === undefined) {
    const sentence = `The token may not do this: GitHub refused ${what}: ${said}`;
    const hint = 'Give a token that may do this.';
    return new SluiceError('permission', 'permission-denied', sentence, { hint, cause });
  }
  // Of `actions: write` this is one of several uses.
  const isCancel = /\/actions\/runs\/\d+\/(force-)?cancel$/.test(call.path);
  const doing = isCancel ? 'cancel workflow runs of' : DOINGS.get(permission);
  const repository = call.repository ?? repositoryOf(call.path);
  const may = doing === undefined ? `do ${what}` : `${doing} ${repository}`;
  // Octokit adds the address of the route's documentation.
  const words = said.replace(/ - https:\/\/docs\.\S+$/, '');
  return new SluiceError(
    'permission',
    'permission-denied',
    `The token may not ${may}: it lacks \`${permission}\` (GitHub: ${words}).`,
    { hint: grantHint(permission, repository, call.login), cause },
  );
}

/** Where a permission is given depends on who made the token. */
function grantHint(permission: string, repository: string, login: Login | undefined): string {
  switch (login) {
    case 'app':
      return `Give the GitHub App of \`app-id\` the permission \`${permission}\`, and accept it where the App is installed.`;
    case 'installation':
      return `Add \`${permission}\` to \`permissions:\` of the job; for another repository than the job's own, give the App or the token that reaches ${repository} this permission.`;
    default:
      return `Give the token in \`token\` the permission \`${permission}\` for ${repository}.`;
  }
}

function repositoryOf(path: string): string {
  return /^\/repos\/([^/]+\/[^/]+)/.exec(path)?.[1] ?? 'the repository';
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').trim().slice(0, 300);
}
