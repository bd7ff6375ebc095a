import type { Clock } from './clock.ts';
import { SluiceError } from './errors.ts';
import { failureOf } from './github-answers.ts';
import type { ClientSettings, createClient } from './github-client.ts';
import { type GitHubFailure, restError } from './github-errors.ts';
import { type AppCredential, appLogin, type Minted, mintedTokens, type TokenSource } from './github-token.ts';

interface Settings extends Pick<ClientSettings, 'apiUrl' | 'fetch' | 'log' | 'signal'> {
  readonly clock: Clock;
}

/** The tokens of an App for one repository: each reaches nothing else, and lives for an hour. */
export function appTokens(app: AppCredential, settings: Settings): TokenSource {
  let known: Promise<ReturnType<typeof createClient>> | undefined;

  async function mint(): Promise<Minted> {
    known ??= load(app, settings);
    const client = await known;
    const installation = await client.request('GET /repos/{owner}/{repo}/installation', {
      owner: app.owner,
      repo: app.repository,
    });
    const { data } = await client.request('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: installation.data.id,
      repositories: [app.repository],
    });
    return { token: data.token, expiresAt: Date.parse(data.expires_at) };
  }

  return mintedTokens(
    () => mint().catch((error: unknown) => Promise.reject(mintingError(error, app, settings.apiUrl))),
    settings.clock,
    settings.log,
  );
}

async function load(app: AppCredential, settings: Settings): Promise<ReturnType<typeof createClient>> {
  const [{ createClient }, login] = await Promise.all([import('./github-client.ts'), appLogin(app)]);
  return createClient({ ...settings, app: login, purpose: 'mint' });
}

function mintingError(error: unknown, app: AppCredential, apiUrl: string): unknown {
  const found = failureOf(error);
  if (found === undefined) return error;
  const repository = `${app.owner}/${app.repository}`;
  const call = { method: 'GET', path: `/repos/${repository}/installation`, host: new URL(apiUrl).host };
  if (found.rateLimited) return restError(call, found.failure, true);
  return refusalOf(found.failure, app.appId, repository) ?? restError(call, found.failure, false);
}

/** What GitHub says to an App that it gives no token; undefined for anything that is no answer to the App itself. */
function refusalOf(failure: GitHubFailure, appId: string, repository: string): SluiceError | undefined {
  const { status, message } = failure;
  const said = message.replace(/\s+/g, ' ').slice(0, 300);
  if (status === 401 && /claim \('(iat|exp)'\)/.test(message)) {
    return refused(
      'bad-credentials',
      `GitHub does not accept the time at which this machine signed for the App ${appId}: ${said}`,
      'Set the clock of the runner.',
      failure,
    );
  }
  if (status === 401) {
    return refused(
      'bad-credentials',
      `GitHub does not know the App ${appId} by this private key: ${said}`,
      'Check that `app-id` and `app-private-key` belong to the same App, and that the key was not deleted.',
      failure,
    );
  }
  if (status === 403 && /suspended/i.test(message)) {
    return refused(
      'app-suspended',
      `The installation of the App ${appId} for ${repository} is suspended.`,
      'Its owner can take that back: Settings, "GitHub Apps", "Configure", "Unsuspend".',
      failure,
    );
  }
  if (status !== 404 && status !== 422) return undefined;
  return refused(
    'app-not-installed',
    `The App ${appId} is not installed on ${repository}.`,
    `Install it there, or add the repository to those that it may reach: Settings of the App, "Install App", and choose ${repository}.`,
    failure,
  );
}

function refused(
  code: 'bad-credentials' | 'app-suspended' | 'app-not-installed',
  message: string,
  hint: string,
  cause: GitHubFailure,
): SluiceError {
  return new SluiceError('permission', code, message, { hint, cause });
}
