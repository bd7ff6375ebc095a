import {
  createScratchRepository,
  type ScratchRepository,
  sampleFiles,
} from '@sluice/testbed/argocd/scratch-repository';
import { type ArgoCdStandIn, startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchanges, fieldPaths, ownShapes, recording, recordingsAreHere } from './argocd-recorded.ts';
import { states } from './argocd-states.ts';

interface Exchange {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly account: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly response: { readonly status: number; readonly contentType: string; readonly body: unknown };
}

const parse = (name: string): Exchange => JSON.parse(recording(name));

let argocd: ArgoCdStandIn;
let repository: ScratchRepository;
let values: ScratchRepository;

beforeAll(async () => {
  argocd = await startArgoCd();
  repository = createScratchRepository(sampleFiles);
  values = createScratchRepository({ 'prod.yaml': 'image:\n  tag: 7.0.0\n' });
});
afterAll(async () => {
  await argocd.close();
  repository.close();
  values.close();
});

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${argocd.url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${argocd.token()}`,
      ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

async function ask({ request }: Exchange): Promise<Response> {
  const headers = {
    ...(request.account === 'none' ? {} : { Authorization: 'Bearer any' }),
    ...(request.method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
    ...request.headers,
  };
  const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
  return fetch(`${argocd.url}${request.path}`, { method: request.method, headers, ...body });
}

describe.skipIf(!recordingsAreHere)('a recorded answer is served field for field', () => {
  const all = [...exchanges().map((name) => ({ name, contents: recording(name) })), ...ownShapes()];
  test.each(all)('$name', async ({ contents }) => {
    const exchange: Exchange = JSON.parse(contents);
    const stop = argocd.replay(contents);
    const response = await ask(exchange);
    const text = await response.text();
    stop();
    expect(response.status).toBe(exchange.response.status);
    expect(response.headers.get('content-type')).toBe(exchange.response.contentType);
    const { body } = exchange.response;
    expect(typeof body === 'string' ? text : JSON.parse(text)).toEqual(body);
  });
});

describe.skipIf(!recordingsAreHere)(
  'a state that the stand-in reaches by itself has the recorded fields',
  () => {
    test.each(states)('$recorded', async ({ recorded, produce, except = {} }) => {
      const own = fieldPaths(await produce({ argocd, repository, values, call }));
      const real = fieldPaths(parse(`${recorded}.json`).response.body);
      const missing = [...real].filter((path) => !own.has(path) && except[path] === undefined);
      const extra = [...own].filter((path) => !real.has(path) && except[path] === undefined);
      expect({ missing, extra }).toEqual({ missing: [], extra: [] });
    });

    test('and none of it needed what a real Argo CD does not know', () => {
      expect(argocd.violations).toEqual([]);
    });
  },
);
