import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resultProblems } from './result-check.ts';

const head = {
  schema: 'sluice.argo-sync-wait.v1',
  verdict: 'live',
  ok: 'true',
  reason: 'proven',
  summary: 'shop runs the change.',
};
const application = {
  name: 'shop',
  namespace: 'argocd',
  server: 'https://argocd.example',
  verdict: 'live',
  reason: 'proven',
  revision: 'a'.repeat(40),
  missing: [],
  messages: ['shop runs the change.'],
  images: [{ place: 'image.tag', image: 'registry.example/shop:2', seen: 'live-state' }],
};
const good = { ...head, applications: [application] };
const failed = {
  ...{ ...head, verdict: 'unknown', ok: 'unknown', reason: 'argocd-token' },
  error: { code: 'argocd-token', message: 'The token is not accepted.', hint: '' },
};

function problemsOf(result: Readonly<Record<string, unknown>>): readonly string[] {
  const { verdict, ok, reason, summary } = result;
  const outputs = { verdict, ok, reason, summary, result: JSON.stringify(result) };
  return resultProblems(
    Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, String(value)])),
  );
}

test.each([
  ['with details', good],
  [
    'that says who overwrote the change',
    {
      ...good,
      overwrittenBy: { commit: 'b', author: 'ann', path: 'a.yaml', place: 'image.tag', from: '2', to: '1' },
    },
  ],
  ['of an error', failed],
  ['that was shortened', { ...head, shortened: true }],
])('a result %s is as documented', (_, result) => {
  expect(problemsOf(result)).toEqual([]);
});

test.each([
  ['a schema that is not documented', { ...good, schema: 'sluice.argo-sync-wait.v2' }],
  ['a schema that is a path', { ...good, schema: '../../package' }],
  ['no schema', { ...good, schema: undefined }],
  ['a property that is not documented', { ...good, extra: 1 }],
  ['one that is not documented, deep in it', { ...good, applications: [{ ...application, extra: 1 }] }],
  ['a property less', { ...good, applications: [{ ...application, revision: undefined }] }],
  ['another type', { ...good, applications: [{ ...application, messages: 'one' }] }],
  ['a verdict of another action', { ...good, verdict: 'committed' }],
  ['a reason that is not on the list', { ...good, reason: 'because' }],
  ['a reason that only an error has', { ...good, reason: 'argocd-token' }],
  ['an error that claims something', { ...failed, verdict: 'live' }],
  ['neither details nor an error', head],
])('a result with %s is a problem', (_, result) => {
  expect(problemsOf(result)).not.toEqual([]);
});

test('a result that says something else than the outputs beside it is a problem', () => {
  const outputs = { verdict: 'failed', ok: 'true', reason: 'proven', summary: head.summary };
  expect(resultProblems({ ...outputs, result: JSON.stringify(good) })).toEqual([
    '/verdict is not the output verdict, "failed"',
  ]);
  expect(resultProblems({ ...outputs, result: 'no JSON' })).toHaveLength(1);
});

test('docs/schema has a schema for each action, and no other file', () => {
  const actions = readdirSync(new URL('../../actions', import.meta.url));
  const schemas = readdirSync(new URL('../../docs/schema', import.meta.url));
  expect(schemas.sort()).toEqual(actions.map((name) => `sluice.${name}.v1.json`).sort());
});
