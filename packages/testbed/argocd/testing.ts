import { type Json, type JsonObject, textAt, toJson } from './json.ts';
import type { ApplicationOptions, ArgoCdStandIn, StandInOptions } from './options.ts';
import {
  createScratchRepository,
  deployment,
  type ScratchRepository,
  sampleFiles,
} from './scratch-repository.ts';
import { startArgoCd } from './stand-in.ts';

/** A stand-in over a repository of its own, and short ways to ask it. */
export interface Bench {
  readonly argocd: ArgoCdStandIn;
  readonly repository: ScratchRepository;
  create(name: string, path?: string, more?: Partial<ApplicationOptions>): Promise<void>;
  call(method: string, path: string, body?: JsonObject): Promise<{ status: number; body: Json }>;
  /** The Application, by GET. */
  get(name: string, query?: string): Promise<Json>;
  /** Polls GET until a field has the value; throws after some five seconds. */
  until(name: string, keys: readonly (string | number)[], wanted: string): Promise<Json>;
  /** Commits another tag of `plain/`; the commit. */
  setTag(tag: string): string;
  close(): Promise<void>;
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
export const image = (tag: string) => `registry.example.com/web:${tag}`;

export async function startBench(options: StandInOptions = {}): Promise<Bench> {
  const argocd = await startArgoCd(options);
  const repository = createScratchRepository(sampleFiles);
  const token = argocd.token();

  const call: Bench['call'] = async (method, path, body) => {
    const response = await fetch(`${argocd.url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: toJson(await response.json()) };
  };
  const get: Bench['get'] = async (name, query = '') =>
    (await call('GET', `/api/v1/applications/${name}${query}`)).body;
  return {
    argocd,
    repository,
    call,
    get,
    create: (name, path = 'plain', more = {}) =>
      argocd.createApplication({ name, path, repoURL: repository.url, targetRevision: 'main', ...more }),
    async until(name, keys, wanted) {
      for (let i = 0; i < 500; i++) {
        const app = await get(name);
        if (textAt(app, ...keys) === wanted) return app;
        await sleep(10);
      }
      throw new Error(`${name}: ${keys.join('.')} never became ${wanted}`);
    },
    setTag: (tag) => repository.commit({ 'plain/deployment.yaml': deployment('web', image(tag)) }),
    async close() {
      await argocd.close();
      repository.close();
    },
  };
}
