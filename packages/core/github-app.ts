import type { Clock } from './clock.ts';
import { SluiceError } from './errors.ts';
import { failureOf } from './github-answers.ts';
import { type ClientSettings, createClient } from './github-client.ts';
import { githubFailure, restError } from './github-errors.ts';
import { type AppCredential, appJwt, type Minted, mintedTokens, type TokenSource } from './github-token.ts';

interface Settings extends Pick<ClientSettings, 'apiUrl' | 'fetch' | 'log' | 'signal'> {
  readonly clock: Clock;
}

/** The tokens of an App for one repository: each reaches nothing else, and lives for an hour. */
export function appTokens(app: AppCredential, settings: Settings): TokenSource {
  const client = createClient({ ...settings, purpose: 'mint' });

  async function mint(): Promise<Minted> {
    const headers = { authorization: `bearer ${await appJwt(app)}` };
    const installation = await client.request('GET /repos/{owner}/{repo}/installation', {
      owner: app.owner,
      repo: app.repository,
      headers,
    });
    const { data } = await client.request('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: installation.data.id,
      repositories: [app.repository],
      headers,
    });
    return { token: data.token, expiresAt: Date.parse(data.expires_at) };
  }

  return mintedTokens(
    () => mint().catch((error: unknown) => Promise.reject(mintingError(error, app, settings.apiUrl))),
    settings.clock,
    settings.log,
  );
}

function mintingError(error: unknown, app: AppCredential, apiUrl: string): unknown {
  const found = failureOf(error);
  if (found === undefined) return error;
  const repository = `${app.owner}/${app.repository}`;
  const call = { method: 'GET', path: `/repos/${repository}/installation`, host: new URL(apiUrl).host };
  const told = restError(call, found.failure, found.rateLimited);
  const cause = githubFailure(told);
  if (told.code === 'bad-credentials') {
    return new SluiceError(
      'permission',
      'bad-credentials',
      `GitHub does not know the App ${app.appId} by this private key.`,
      {
        hint: 'Check that `app-id` and `app-private-key` belong to the same App, and that the key was not deleted.',
        cause,
      },
    );
  }
  if (told.code !== 'not-visible') return told;
  return new SluiceError(
    'permission',
    'app-not-installed',
    `The App ${app.appId} is not installed on ${repository}.`,
    {
      hint: `Install it there: Settings of the App, "Install App", and choose ${repository}.`,
      cause,
    },
  );
}
