import { systemClock } from '@sluice/core/clock';
import { type Log, silentLog } from '@sluice/core/log';
import { findScopes } from '@sluice/gitops/applications/find-scopes';
import { createScratchRepository, type ScratchRepository } from '@sluice/testbed/argocd/scratch-repository';
import { type ArgoCdStandIn, startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApplicationLister } from './application-list.ts';
import { fixedToken } from './authorization.ts';
import { createClient } from './client.ts';

const key = { project: 'shop', environment: 'production', tenant: '' };
const annotations = { 'argo.octopus.com/project': 'shop', 'argo.octopus.com/environment': 'production' };
const registry = (name: string) => ({ 'argo.octopus.com/default-container-registry': name });
const server = 'https://github.example';

let argocd: ArgoCdStandIn;
let repository: ScratchRepository;

beforeAll(async () => {
  repository = createScratchRepository({
    'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'chart/values.yaml': 'image: {}\n',
    'plain/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  });
  argocd = await startArgoCd({
    locate: () => repository.url,
    clusters: [
      { name: 'east', server: 'https://east.example', annotations: registry('east.example') },
      { name: 'west', server: 'https://west.example' },
    ],
  });
  const repoURL = `${server}/acme/gitops`;
  await argocd.createApplication({
    name: 'chart',
    repoURL,
    path: 'chart',
    annotations,
    destination: { name: 'east' },
  });
  await argocd.createApplication({
    name: 'plain',
    repoURL,
    path: 'plain',
    annotations: { ...annotations, ...registry('own.example') },
    destination: { server: 'https://west.example' },
  });
  await argocd.createApplication({ name: 'other', repoURL, path: 'plain', project: 'team' });
});
afterAll(async () => {
  await argocd.close();
  repository.close();
});

function listerFor(token = argocd.token()) {
  const options = {
    server: argocd.url,
    authorization: fixedToken(token),
    fetch: globalThis.fetch,
    clock: systemClock,
  };
  return createApplicationLister(createClient(options));
}

const scopes = (token?: string, log: Log = silentLog) =>
  findScopes({
    ...{ key, serverUrl: server, defaultRegistry: 'docker.io', log },
    from: { type: 'argocd', lister: listerFor(token) },
  });

describe('the Applications of a deployment, asked of Argo CD', () => {
  test('are found by their annotations, with the types that it has told and the registries of clusters', async () => {
    const { targets, none } = await scopes();
    expect(none).toBeUndefined();
    expect(targets).toMatchObject([
      {
        repository: 'acme/gitops',
        branch: '',
        scopes: [
          {
            application: { name: 'chart', namespace: 'argocd' },
            content: { sourceType: 'Helm', path: 'chart' },
            defaultRegistry: 'east.example',
          },
          {
            application: { name: 'plain' },
            content: { sourceType: 'Directory' },
            defaultRegistry: 'own.example',
          },
        ],
      },
    ]);
    expect(argocd.violations).toEqual([]);
  });

  test('are listed with few fields, and only those of the deployment are asked for in whole', async () => {
    const before = argocd.requests.length;
    await scopes();
    const asked = argocd.requests.slice(before).map(({ path }) => path.split('?')[0]);
    expect(asked.toSorted()).toEqual([
      '/api/v1/applications',
      '/api/v1/applications/chart',
      '/api/v1/applications/plain',
      '/api/v1/clusters',
      '/api/v1/clusters',
    ]);
    const paths = argocd.requests.slice(before).map(({ path }) => path);
    expect(paths).toContainEqual(
      expect.stringContaining('fields=items.metadata.name,'.replaceAll(',', '%2C')),
    );
    // Without its project, one that is not there is refused like one that is forbidden.
    expect(paths).toContain('/api/v1/applications/chart?project=default&appNamespace=argocd');
  });

  test('a token without `clusters, get` does without their registries, and that is said', async () => {
    const said: string[] = [];
    const log: Log = { ...silentLog, info: (line) => void said.push(line) };
    const { targets } = await scopes(argocd.token({ clusters: false }), log);
    expect(targets[0]?.scopes.map(({ defaultRegistry }) => defaultRegistry)).toEqual([
      'docker.io',
      'own.example',
    ]);
    expect(said).toEqual([
      expect.stringMatching(/cluster east .*`clusters, get`/),
      expect.stringMatching(/cluster https:\/\/west\.example /),
    ]);
  });

  test('that the token may not see are not there', async () => {
    const { none } = await scopes(argocd.token({ project: 'lost' }));
    expect(none?.message).toBe(`${argocd.url} shows no Application at all.`);
    const { none: others } = await scopes(argocd.token({ project: 'team' }));
    expect(others).toMatchObject({
      reason: 'no-application',
      message: expect.stringContaining('No Application in'),
    });
  });
});
