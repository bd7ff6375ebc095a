import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployment, type Fixture, json, manifest, startFixture } from './image-tag-bump-setup.ts';

let fixture: Fixture;
let workspace: string;

beforeEach(async () => {
  fixture = await startFixture();
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  put(manifest, deployment('1.4.1'));
});
afterEach(async () => {
  rmSync(workspace, { recursive: true, force: true });
  await fixture[Symbol.asyncDispose]();
});

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), content);
}

const read = (path: string) => readFileSync(join(workspace, path), 'utf8');
const git = (...args: string[]) =>
  execFileSync('git', ['-C', workspace, ...args], { encoding: 'utf8' }).trim();
const run = (inputs: Record<string, string> = {}) =>
  fixture.run({ images: 'registry.example/shop:1.4.2', commit: 'none', ...inputs }, { workspace });

describe('commit: none', () => {
  it('edits the files of the workspace, keeps their modes, and asks GitHub nothing', async () => {
    chmodSync(join(workspace, manifest), 0o755);
    const result = await run();
    expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
      exitCode: 0,
      verdict: 'updated',
      ok: 'true',
      reason: 'workspace',
      changed: 'true',
      'commit-sha': '',
    });
    expect(read(manifest)).toBe(deployment('1.4.2'));
    expect(statSync(join(workspace, manifest)).mode & 0o777).toBe(0o755);
    expect(fixture.github.requests).toEqual([]);
    const again = await run();
    expect(again.outputs).toMatchObject({ verdict: 'unchanged', reason: 'already-set', changed: 'false' });
    // What stands in the workspace is in no commit yet.
    expect(again.outputs).toMatchObject({
      'commit-sha': '',
      summary: expect.stringMatching(/the workspace holds/),
    });
  });

  it('looks into a hidden folder that is named, and into none below', async () => {
    put('.helm/values.yaml', 'image: registry.example/shop:1.4.1\n');
    put('.helm/.cache/values.yaml', 'image: registry.example/shop:1.4.1\n');
    expect((await run({ path: '.helm' })).outputs.verdict).toBe('updated');
    expect([read('.helm/values.yaml'), read('.helm/.cache/values.yaml')]).toEqual([
      'image: registry.example/shop:1.4.2\n',
      'image: registry.example/shop:1.4.1\n',
    ]);
  });

  it('names the commit and the branch that are checked out', async () => {
    git('init', '--quiet', '--initial-branch=release');
    git('add', '--all');
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'one');
    const result = await run();
    expect(json(result, 'change')).toMatchObject({ branch: 'release', base: git('rev-parse', 'HEAD') });
    expect(git('status', '--porcelain')).toBe(`M ${manifest}`);
  });

  it('needs no token', async () => {
    expect((await run({ token: '' })).outputs.verdict).toBe('updated');
  });

  it('writes nothing with dry-run', async () => {
    const result = await run({ 'dry-run': 'true' });
    expect(result.outputs).toMatchObject({ verdict: 'updated', ok: 'unknown', reason: 'dry-run' });
    expect(read(manifest)).toBe(deployment('1.4.1'));
  });

  it.each([
    ['a symbolic link to a file outside', 'evil.yaml'],
    ['a path through a symbolic link', 'evil/deployment.yaml'],
  ])('follows no symbolic link: %s', async (_, path) => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'deployment.yaml'), deployment('1.4.1'));
    symlinkSync(join(outside, 'deployment.yaml'), join(workspace, 'evil.yaml'));
    symlinkSync(outside, join(workspace, 'evil'));
    const result = await run({ path });
    expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
      exitCode: 1,
      verdict: 'unknown',
      reason: 'path-not-found',
    });
    await run();
    expect(readFileSync(join(outside, 'deployment.yaml'), 'utf8')).toBe(deployment('1.4.1'));
    rmSync(outside, { recursive: true });
  });

  it('leaves out what is no UTF-8 or no YAML in a folder, says so, and edits the rest', async () => {
    put('latin.yaml', Buffer.from('image: registry.example/shop:1 # ä', 'latin1'));
    put('template.yaml', 'image: registry.example/shop:{{ .Values.tag }}\n');
    put('broken.yaml', 'image: [registry.example/shop:1\n b: }\n');
    const result = await run();
    expect(result.outputs.verdict).toBe('updated');
    expect(json(result, 'result').skipped).toMatchObject([
      { path: 'broken.yaml', reason: 'not-yaml' },
      { path: 'template.yaml', reason: 'template' },
      { path: 'latin.yaml', reason: 'not-utf8' },
    ]);
    expect(result.summary).toContain('`latin.yaml`');
  });

  it('shortens a change that does not fit into an output, and says so', async () => {
    for (let file = 0; file < 400; file++) put(`apps/many/${file}.yaml`, deployment('1.4.1'));
    const result = await run();
    const change = json(result, 'change');
    expect(Buffer.byteLength(result.outputs.change ?? '')).toBeLessThan(60_000);
    expect(change).toMatchObject({
      schema: 'sluice.change.v1',
      shortened: true,
      digest: result.outputs['plan-digest'],
      fileCount: 401,
    });
    expect(result.annotations.filter(({ level }) => level === 'warning')).toHaveLength(1);
  });
});
