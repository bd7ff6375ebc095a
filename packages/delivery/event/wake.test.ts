import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContext } from '@sluice/core/context';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wakeOf } from './wake.ts';

const sha = 'a'.repeat(40);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wake-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function wake(name: string, event: unknown) {
  const path = join(folder, 'event.json');
  await writeFile(path, typeof event === 'string' ? event : JSON.stringify(event));
  const env = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path };
  return wakeOf({ env, context: readContext(env) });
}

describe('an event', () => {
  it.each([
    ['status', { sha }, { type: 'status', commit: sha }],
    ['check_run', { check_run: { id: 8, head_sha: sha } }, { type: 'check-run', commit: sha }],
    ['schedule', {}, { type: 'none' }],
    ['workflow_dispatch', 'no JSON at all', { type: 'none' }],
  ])('%s says where to look', async (name, event, expected) =>
    expect(await wake(name, event)).toEqual(expected));

  it('repository_dispatch says it, and who sent it is GitHub’s word, not that of the payload', async () => {
    const content = { revision: sha, sender: { login: 'argocd[bot]' } };
    const event = { sender: { login: 'mallory' }, client_payload: { report: content } };
    expect(await wake('repository_dispatch', event)).toEqual({
      ...{ type: 'dispatch', commit: sha, sender: 'mallory', content },
    });
  });

  it('repository_dispatch that names a branch names no commit', async () =>
    expect(
      await wake('repository_dispatch', { client_payload: { report: { revision: 'main' } } }),
    ).toMatchObject({
      commit: undefined,
    }));

  it.each([
    ['without a commit', 'status', { id: 7 }],
    ['with a path for a commit', 'status', { id: 7, sha: '../../x' }],
    ['with an option for a commit', 'check_run', { check_run: { id: 7, head_sha: '--upload-pack=x' } }],
    ['that is no JSON', 'status', '{'],
    ['of more than a megabyte', 'status', `{"id":7,"sha":"${sha}","x":"${'x'.repeat(1_000_000)}"}`],
  ])('%s is refused', (_, name, event) =>
    expect(wake(name, event)).rejects.toMatchObject({ kind: 'input', code: 'invalid-environment' }));
});
