import { createGitHub, type GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import type { Login } from './login-problems.ts';

/** GitHub as the common inputs log in, for the repository that the workflow runs in. */
export function ownGitHub(inputs: Login, { context, log, clock, fetch, signal }: World): GitHub {
  const { apiUrl, graphqlUrl, repository: own } = context;
  const { token, 'app-id': appId, 'app-private-key': privateKey } = inputs;
  const [owner = '', repository = ''] = own.split('/');
  const credential =
    appId === ''
      ? ({ type: 'token', token } as const)
      : ({ type: 'app', appId, privateKey, owner, repository } as const);
  return createGitHub({ apiUrl, graphqlUrl, credential, log, clock, fetch, signal });
}
