import { SluiceError } from './errors.ts';
import { basic } from './git-environment.ts';

interface Failed {
  readonly args: readonly string[];
  readonly code: number;
  readonly stderr: string;
  readonly url: string | undefined;
  readonly token: string | undefined;
}

const TRANSIENT =
  /Could not resolve host|Couldn't connect|Failed to connect|Connection (reset|refused|timed out)|Operation (timed out|too slow)|unexpected disconnect|early EOF|hung up unexpectedly|Empty reply from server|Recv failure|transfer closed|HTTP\/2 stream|The requested URL returned error: (5\d\d|429)|RPC failed; HTTP (5\d\d|429)/i;

const REFUSED =
  /Authentication failed|could not read (Username|Password)|terminal prompts disabled|Permission to .* denied|Write access to repository not granted|The requested URL returned error: (401|403)|Invalid username or (password|token)/i;

const NOT_GIT = /info\/refs not valid|invalid server response|protocol error: bad line length/i;

const NOT_VISIBLE = /Repository not found|repository '.*' not found|The requested URL returned error: 404/i;

/** The error of a Git command, in which no token stands. */
export function gitFailure(failed: Failed): SluiceError {
  const stderr = withoutSecrets(failed.stderr, failed.token);
  const where = failed.url === undefined ? 'the repository' : withoutCredentials(failed.url);
  const cause = new Error(stderr.slice(-4000));
  const writes = failed.args.includes('push');
  if (REFUSED.test(stderr)) {
    const permission = writes ? 'contents: write' : 'contents: read';
    return new SluiceError(
      'permission',
      'permission-denied',
      `The token may not ${writes ? 'write to' : 'read'} ${where}: it needs the permission \`${permission}\` there.`,
      {
        hint: 'Give `token` a token, or `app-id` and `app-private-key` an App, that reaches this repository.',
        cause,
      },
    );
  }
  if (NOT_VISIBLE.test(stderr)) {
    return new SluiceError(
      'permission',
      'not-visible',
      `${where} was not found, or is not visible to this token.`,
      {
        hint: 'Check the name, and that the token reaches it: `GITHUB_TOKEN` reaches its own repository only.',
        cause,
      },
    );
  }
  if (NOT_GIT.test(stderr)) {
    return new SluiceError(
      'platform',
      'unexpected-answer',
      `${where} answered with something that is not Git.`,
      {
        hint: 'Check GITHUB_SERVER_URL, and whether a proxy or a login page stands in between.',
        cause,
      },
    );
  }
  if (TRANSIENT.test(stderr)) {
    return new SluiceError(
      'platform',
      'git-unreachable',
      `Git could not reach ${where}: ${lastLine(stderr)}`,
      {
        hint: 'Run the job again; where it stays so, look at the network and the proxy of the runner.',
        cause,
      },
    );
  }
  return new SluiceError(
    'platform',
    'git-failed',
    `git ${subcommand(failed.args)} failed (exit code ${failed.code}): ${lastLine(stderr)}`,
    { cause },
  );
}

/** Whether trying again may help. */
export function isTransient(error: unknown): boolean {
  return error instanceof SluiceError && error.code === 'git-unreachable';
}

/** What of Git's words says most: a line of a refusal by the server, else the last line. */
function lastLine(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  // GH006: protected branch; GH013: repository rule violations.
  const refusal = lines.find((line) => /GH0\d\d/.test(line));
  return (
    refusal ??
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
