import { at, listAt, textAt } from './rig/json.ts';
import type { Rig } from './rig/rig.ts';

export interface ProjectOptions {
  /** For how long nobody may sync. */
  readonly closed?: 'until the next minute' | 'for an hour';
}

const role = 'deployer';

/**
 * Makes or changes an Argo CD project that allows everything. Its role `deployer` may read and sync the applications of
 * the project, and nothing else.
 */
export async function writeProject(rig: Rig, name: string, { closed }: ProjectOptions = {}): Promise<void> {
  const policies = ['get', 'sync'].map(
    (action) => `p, proj:${name}:${role}, applications, ${action}, ${name}/*, allow`,
  );
  const spec = {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    syncWindows: closed === undefined ? [] : [windows[closed](new Date())],
    roles: [{ name: role, policies }],
  };
  const found = await rig.argocd.call('GET', '/api/v1/projects');
  const project = listAt(found, 'items').find((one) => textAt(one, 'metadata', 'name') === name);
  const metadata = { name, resourceVersion: textAt(project, 'metadata', 'resourceVersion') };
  const [method, path] = project === undefined ? ['POST', ''] : ['PUT', `/${name}`];
  await rig.argocd.call(method, `/api/v1/projects${path}`, { project: { metadata, spec } });
}

const deny = (schedule: string, duration: string): object => ({
  ...{ kind: 'deny', schedule, duration, timeZone: 'UTC' },
  ...{ applications: ['*'], manualSync: false },
});

const windows = {
  'until the next minute': (now: Date) => {
    // A few seconds are no time to meet it: then it ends a minute later.
    const minutes = now.getUTCSeconds() > 45 ? 3 : 2;
    const begun = new Date(now.getTime() - 60_000);
    return deny(`${begun.getUTCMinutes()} ${begun.getUTCHours()} * * *`, `${minutes}m`);
  },
  'for an hour': () => deny('* * * * *', '1h'),
} as const;

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
