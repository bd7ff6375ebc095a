import type { Credential, GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import type { DeploymentHome } from '../deployment.ts';
import { plainGet } from '../plain-get.ts';
import type { SupersedeInputs } from './inputs.ts';

/** The repository whose runs are looked at: the one of the workflow. */
export interface Home extends DeploymentHome {
  readonly world: World;
  /** `owner/name`. */
  readonly name: string;
  /** The page of a run. */
  readonly urlOf: (run: number) => string;
  /** A client for another repository, with the token for pull requests where there is one. */
  readonly elsewhere: (repository: string) => GitHub;
  readonly glance: (path: string) => Promise<unknown>;
}

/** GitHub allows 180 requests a minute that change something, and 80 that make something; then it asks to wait, which the client does. */
const BURST = 150;

export function homeOf(inputs: SupersedeInputs, world: World): Home {
  const { context, log, clock, fetch, signal, hide } = world;
  const { apiUrl, graphqlUrl, serverUrl, repository } = context;
  const [owner = '', repo = ''] = repository.split('/');
  const settings = { apiUrl, graphqlUrl, log, clock, fetch, signal, burst: BURST };
  const urlOf = (run: number | string) => `${serverUrl}/${repository}/actions/runs/${run}`;
  const credentialFor = (name: string, token: string, appId: string, privateKey: string) => {
    const [ofOwner = '', ofRepo = ''] = name.split('/');
    return appId === ''
      ? ({ type: 'token', token } as const)
      : ({ type: 'app', appId, privateKey, owner: ofOwner, repository: ofRepo } as const);
  };
  /** What most runs do not need is not loaded for them: the client, though it loads Octokit late itself, is a tenth of bare Node's start. */
  function lateGitHub(credential: Credential): GitHub {
    let made: Promise<GitHub> | undefined;
    const client = () => {
      made ??= import('@sluice/core/github').then(({ createGitHub }) =>
        createGitHub({ ...settings, credential }),
      );
      return made;
    };
    return {
      request: async (...call) => (await client()).request(...call),
      graphql: async (...call) => (await client()).graphql(...call),
      token: async () => (await client()).token(),
    };
  }
  const { token, 'app-id': appId, 'app-private-key': appKey } = inputs;
  /** Most runs find that no other run is there, and need no more. */
  async function glance(path: string): Promise<unknown> {
    if (appId !== '') return undefined;
    try {
      const answer = await plainGet(path, token, world);
      return answer.status === 200 ? await answer.json() : undefined;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }
  return {
    glance,
    ...{ world, owner, repo, hide, urlOf, name: repository, environmentUrl: '' },
    logUrl: urlOf(context.runId),
    github: lateGitHub(credentialFor(repository, token, appId, appKey)),
    elsewhere(name) {
      const { 'pull-request-token': given, 'pull-request-app-id': id } = inputs;
      const own =
        given === '' && id === ''
          ? credentialFor(name, token, appId, appKey)
          : credentialFor(name, given, given === '' ? id : '', inputs['pull-request-app-private-key']);
      return lateGitHub(own);
    },
  };
}
