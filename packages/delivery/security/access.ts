import type { SluiceError } from '@sluice/core/errors';
import type { SecurityInputs } from './inputs.ts';

type Logins = Pick<SecurityInputs, 'token' | 'app-id' | 'app-private-key' | 'deployment-token'>;

/** Repositories by their names, which have no case. */
export const isSameRepository = (one: string, other: string): boolean =>
  one.toLowerCase() === other.toLowerCase();

/** With what a repository is read: the job's token reaches its own, and what is public. */
export function credentialFor(inputs: Logins, repository: string, own: string) {
  const { token, 'app-id': appId, 'app-private-key': privateKey, 'deployment-token': others } = inputs;
  if (isSameRepository(repository, own)) return { type: 'token', token } as const;
  const [owner = '', name = ''] = repository.split('/');
  if (appId !== '') return { type: 'app', appId, privateKey, owner, repository: name } as const;
  return { type: 'token', token: others === '' ? token : others } as const;
}

/** What to do about a refusal in a repository: which of the inputs reaches it, and with which permissions. */
export function accessHint(
  { kind, hint }: Pick<SluiceError, 'kind' | 'hint'>,
  inputs: Logins,
  repository: string,
  own: string,
): string | undefined {
  if (kind !== 'permission' || isSameRepository(repository, own)) return hint;
  const needed = `\`deployments: read\` and \`contents: read\` in ${repository}`;
  if (inputs['app-id'] !== '')
    return `Install the GitHub App of \`app-id\` on ${repository}, and give it ${needed}; check the name.`;
  if (inputs['deployment-token'] !== '')
    return `Give \`deployment-token\` a token that is valid and has ${needed}; check the name.`;
  return `The job's own token reaches ${own} and public repositories only: give \`app-id\` and \`app-private-key\` of a GitHub App, or \`deployment-token\`, with ${needed}; check the name.`;
}
