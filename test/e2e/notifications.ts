import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { dump, load, loadAll } from 'js-yaml';
import { writeSecret, writeSettings } from './rig/argocd-settings.ts';
import { at, textAt } from './rig/json.ts';
import type { Rig } from './rig/rig.ts';

/** What Argo CD's GitHub service has set: a commit status, or a check run. */
export interface Told {
  readonly repository: string;
  readonly kind: 'status' | 'check-run';
  readonly commit: string;
  readonly body: unknown;
}

/** Takes what a GitHub App without `contents` may do: get a token for itself, set statuses and check runs. */
export interface Sink {
  readonly apiUrl: string;
  /** Oldest first. */
  readonly told: readonly Told[];
}

export async function startSink(): Promise<Sink> {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    const body: unknown = JSON.parse((await text(request)) || '{}');
    const answer = (status: number, content: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    };
    const url = request.url ?? '';
    if (/\/app\/installations\/\d+\/access_tokens$/.test(url)) {
      const expires = new Date(Date.now() + 3_600_000).toISOString();
      return answer(201, { token: 'of-the-notifier', expires_at: expires });
    }
    const status = /\/repos\/([^/]+\/[^/]+)\/statuses\/([0-9a-f]{40})$/.exec(url);
    const check = /\/repos\/([^/]+\/[^/]+)\/check-runs$/.exec(url);
    if (request.method !== 'POST' || (status === null && check === null)) return answer(404, {});
    // GitHub takes no address that is not http(s): a template whose `context` is missing renders one that begins with `<no value>`.
    const leadsTo = textAt(body, 'target_url') || textAt(body, 'details_url');
    if (leadsTo !== '' && !/^https?:\/\/[^/\s]/.test(leadsTo))
      return answer(422, { message: 'Validation Failed' });
    const [, repository = '', commit = textAt(body, 'head_sha')] = status ?? check ?? [];
    told.push({ repository, kind: status === null ? 'check-run' : 'status', commit, body });
    return answer(201, { id: told.length });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { apiUrl: `http://127.0.0.1:${port}/api/v3`, told };
}

/** The ConfigMap of docs/event-mode.md as it stands there, but for where GitHub is. */
export async function notifyAsDocumented(rig: Rig, sink: Sink): Promise<void> {
  const page = await readFile(join(import.meta.dirname, '../../docs/event-mode.md'), 'utf8');
  const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
  const example = examples.find((yaml) => yaml.includes('name: argocd-notifications-cm'));
  if (example === undefined) throw new Error('docs/event-mode.md shows no argocd-notifications-cm.');
  const data = at(loadAll(example)[0], 'data');
  const settings = Object.entries(typeof data === 'object' && data !== null ? data : {});
  const service: unknown = load(String(at(data, 'service.github')));
  const here = { ...Object(service), enterpriseBaseURL: sink.apiUrl };
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  await writeSecret(rig.kubernetes, 'argocd-notifications-secret', { 'github-private-key': privateKey });
  await writeSettings(rig.kubernetes, 'argocd-notifications-cm', {
    ...Object.fromEntries(settings.map(([name, value]) => [name, String(value)])),
    'service.github': dump(here),
  });
}
