import { type ErrorCode, SluiceError } from './errors.ts';
import { basic } from './git-environment.ts';

interface Failed {
  readonly args: readonly string[];
  readonly code: number;
  readonly stderr: string;
  readonly url: string | undefined;
  readonly token: string | undefined;
}

const TRANSIENT =
  /Could not resolve (host|hostname|proxy)|ssh: connect to host|Connection closed by|kex_exchange_identification|Couldn't connect|Failed to connect|Connection (reset|refused|timed out)|Operation (timed out|too slow)|unexpected disconnect|early EOF|hung up unexpectedly|Empty reply from server|Recv failure|Proxy CONNECT aborted|transfer closed|HTTP\/2 stream|The requested URL returned error: (5\d\d|429)|RPC failed; HTTP (5\d\d|429)|(CONNECT tunnel failed, response|Received HTTP code) 5\d\d/i;

const PROXY = /CONNECT tunnel failed|from proxy after CONNECT|The requested URL returned error: 407/i;

const UNTRUSTED = /SSL certificate problem|server certificate verification failed|certificate verify failed/i;

const UNAUTHENTICATED =
  /Authentication failed|The requested URL returned error: 401|Invalid username or (password|token)/i;

const REFUSED =
  /could not read (Username|Password)|terminal prompts disabled|Permission to .* denied|Write access to repository not granted|The requested URL returned error: 403/i;

const UNKNOWN_HOST =
  /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|host key is known by/i;

/** Its key, or the file in which it stands. */
const BAD_KEY =
  /Permission denied \(publickey|Load key .*: (invalid format|error in libcrypto|incorrect passphrase)/i;

const MOVED = /The requested URL returned error: 30[1278]/;

const NOT_GIT = /info\/refs not valid|invalid server response|protocol error: bad line length/i;

const NOT_VISIBLE = /Repository not found|repository '.*' not found|The requested URL returned error: 404/i;

interface Told {
  /** Without a full stop. */
  readonly where: string;
  /** What Git or the server said that tells most. */
  readonly said: string;
}

/** How a failure that the user can mend is told; the first whose words Git used is taken. */
const TELLINGS: readonly (readonly [
  words: RegExp,
  tell: (
    told: Told,
  ) => readonly [kind: 'input' | 'permission' | 'platform', code: ErrorCode, message: string, hint: string],
])[] = [
  [
    UNTRUSTED,
    ({ where, said }) => [
      'input',
      'untrusted-certificate',
      `The certificate of ${where} is not trusted: ${said}`,
      'Set NODE_EXTRA_CA_CERTS on the runner to a PEM file with the authority that signed it.',
    ],
  ],
  [
    UNKNOWN_HOST,
    ({ where }) => [
      'input',
      'untrusted-host-key',
      `The SSH host key of ${where} is none of those that are known.`,
      'Give `ssh-known-hosts` the keys that the operator of the server publishes, as lines of a known_hosts file.',
    ],
  ],
  [
    BAD_KEY,
    ({ where, said }) => [
      'permission',
      'bad-credentials',
      `${where} does not accept the SSH key: ${said}`,
      'Give `ssh-key` the private key, without a passphrase, whose public half is a deploy key of the repository.',
    ],
  ],
  [
    UNAUTHENTICATED,
    ({ where }) => [
      'permission',
      'bad-credentials',
      `${where} does not accept the token: it is wrong, has expired or was revoked.`,
      `Give \`token\` a token that is valid now, with the permission \`contents: read\` there; or \`app-id\` and \`app-private-key\`, whose tokens are made anew when they expire.`,
    ],
  ],
  [
    REFUSED,
    ({ where, said }) => [
      'permission',
      'permission-denied',
      `The token may not read ${where}: it needs the permission \`contents: read\` there. The server said: ${said}`,
      'Give `token` a token, or `app-id` and `app-private-key` an App, that reaches this repository.',
    ],
  ],
  [
    NOT_VISIBLE,
    ({ where }) => [
      'permission',
      'not-visible',
      `${where} was not found, or is not visible to this token.`,
      `Check the name, and that the token reaches it with the permission \`contents: read\`: \`GITHUB_TOKEN\` reaches its own repository only.`,
    ],
  ],
  [
    MOVED,
    ({ where }) => [
      'input',
      'repository-moved',
      `${where} was renamed or moved: the server redirects to another address, and no token follows there.`,
      'Give `repository` its new name, and correct `repoURL` of the Argo CD Applications that read it.',
    ],
  ],
  [
    NOT_GIT,
    ({ where }) => [
      'platform',
      'unexpected-answer',
      `${where} answered with something that is not Git.`,
      'Check GITHUB_SERVER_URL, and whether a proxy or a login page stands in between.',
    ],
  ],
];

/** The error of a Git command, in which no token stands. */
export function gitFailure(failed: Failed): SluiceError {
  const stderr = withoutSecrets(failed.stderr, failed.token);
  const where = failed.url === undefined ? 'the repository' : withoutCredentials(failed.url);
  const said = lastLine(stderr);
  const cause = new Error(stderr.slice(-4000));
  if (TRANSIENT.test(stderr)) {
    return new SluiceError('platform', 'git-unreachable', `Git could not reach ${where}: ${said}`, {
      hint: 'Run the job again; where it stays so, look at the network and the proxy of the runner.',
      cause,
    });
  }
  if (PROXY.test(stderr)) {
    return new SluiceError(
      'input',
      'proxy-refused',
      `The proxy does not let Git through to ${where}: ${said}`,
      {
        hint: 'Check HTTPS_PROXY with its user and password, and NO_PROXY, on the runner.',
        cause,
      },
    );
  }
  const told = {
    where,
    said: serversWords(stderr) ?? said,
  };
  const tell = TELLINGS.find(([words]) => words.test(stderr))?.[1];
  if (tell !== undefined) {
    const [kind, code, message, hint] = tell(told);
    return new SluiceError(kind, code, message, { hint, cause });
  }
  return new SluiceError(
    'platform',
    'git-failed',
    `git ${subcommand(failed.args)} failed (exit code ${failed.code}): ${said}`,
    { cause },
  );
}

/** Whether trying again may help. */
export function isTransient(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'git-unreachable';
}

/** Whether Git does not trust the server's certificate. */
export function isUntrusted(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'untrusted-certificate';
}

/** What the server itself said: `The 'acme' organization has enabled or enforced SAML SSO.` */
function serversWords(stderr: string): string | undefined {
  const lines = [...stderr.matchAll(/^remote: (.*\S)/gm)].map(([, line = '']) => line);
  return lines.length === 0 ? undefined : lines.join(' ').slice(0, 400);
}

/** What of Git's words says most: its last line, but no warning after an error. */
function lastLine(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (
    lines.findLast((line) => /^(fatal|error|remote error):/.test(line)) ??
    lines.at(-1) ??
    'it said nothing'
  ).slice(0, 400);
}

function subcommand(args: readonly string[]): string {
  const index = args.findIndex(
    (arg, at) => !arg.startsWith('-') && args[at - 1] !== '-c' && args[at - 1] !== '-C',
  );
  return args[index] ?? '';
}

function withoutSecrets(text: string, token: string | undefined): string {
  if (!token) return text;
  return text.replaceAll(token, '***').replaceAll(basic(token), '***');
}

function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}
