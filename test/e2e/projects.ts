import { at, listAt, textAt } from './rig/json.ts';
import type { Rig } from './rig/rig.ts';

export interface ProjectOptions {
  /** A window in which nobody may sync is open. */
  readonly closed?: boolean;
}

const role = 'deployer';

/**
 * Makes or changes an Argo CD project that allows everything. Its role `deployer` may read and sync the applications of
 * the project, and nothing else.
 */
export async function writeProject(
  rig: Rig,
  name: string,
  { closed = false }: ProjectOptions = {},
): Promise<void> {
  const window = {
    kind: 'deny',
    schedule: '* * * * *',
    duration: '1h',
    applications: ['*'],
    manualSync: false,
  };
  const policies = ['get', 'sync'].map(
    (action) => `p, proj:${name}:${role}, applications, ${action}, ${name}/*, allow`,
  );
  const spec = {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    syncWindows: closed ? [window] : [],
    roles: [{ name: role, policies }],
  };
  const found = await rig.argocd.call('GET', '/api/v1/projects');
  const project = listAt(found, 'items').find((one) => textAt(one, 'metadata', 'name') === name);
  const metadata = { name, resourceVersion: textAt(project, 'metadata', 'resourceVersion') };
  const [method, path] = project === undefined ? ['POST', ''] : ['PUT', `/${name}`];
  await rig.argocd.call(method, `/api/v1/projects${path}`, { project: { metadata, spec } });
}

/** A token of the project's role `deployer`, and how it is taken back. */
export async function projectToken(
  rig: Rig,
  project: string,
): Promise<{ readonly token: string; revoke(): Promise<void> }> {
  const path = `/api/v1/projects/${project}/roles/${role}/token`;
  const made = await rig.argocd.call('POST', path, { project, role, id: 'e2e', expiresIn: 3600 });
  const token = textAt(made, 'token');
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const iat = String(at(claims, 'iat'));
  return {
    token,
    revoke: async () => {
      await rig.argocd.call('DELETE', `${path}/${iat}`);
    },
  };
}
