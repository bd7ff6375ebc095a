import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deployment, gitops, json, manifest, withFixture } from './image-tag-bump-setup.ts';

const shop = { images: 'registry.example/shop:1.4.2' };

/** A Deployment with so many containers of the same image. */
const crowd = (count: number): string =>
  [
    deployment('1.4.1').replaceAll('\r\n', '\n').trimEnd(),
    ...Array.from(
      { length: count },
      (_, at) => `        - {name: c${at}, image: "registry.example/shop:1.4.1"}`,
    ),
    '',
  ].join('\n');

describe.concurrent('what is very large stays within the limits of the platform', { timeout: 60_000 }, () => {
  it('thousands of places: all are set; page, log and outputs are bounded, and say so', () =>
    withFixture(async (fixture) => {
      const files = Object.fromEntries(
        Array.from({ length: 12 }, (_, at) => [`apps/crowd/${at}.yaml`, crowd(1000)]),
      );
      await fixture.github.commitFiles(gitops, 'main', files);
      const run = await fixture.run(shop);
      expect(run.outputs).toMatchObject({ verdict: 'updated', changed: 'true' });
      expect(await fixture.text('apps/crowd/11.yaml')).not.toContain('shop:1.4.1');
      expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024);
      expect(run.summary).toMatch(/_Shortened: /);
      expect(run.log.length).toBeLessThan(100_000);
      expect(Buffer.byteLength(run.outputs.change ?? '')).toBeLessThan(60_000);
      const all = Object.values(run.outputs).reduce((sum, text) => sum + 2 * text.length, 0);
      expect(all).toBeLessThan(1024 * 1024);
    }));

  it('thousands of wrong inputs: one error, which ends somewhere', () =>
    withFixture(async (fixture) => {
      const images = Array.from({ length: 9000 }, (_, at) => `wrong ${at}`).join('\n');
      const run = await fixture.run({ images });
      expect(run).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown', reason: 'invalid-input' } });
      expect(run.annotations).toHaveLength(1);
      expect(run.outputs.summary?.length).toBeLessThan(11_000);
      expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024);
      expect(json(run, 'result')).toMatchObject({ reason: 'invalid-input' });
    }));
});

describe.concurrent('a runner that lacks something', { timeout: 60_000 }, () => {
  it('no git: one sentence that names it', () =>
    withFixture(async (fixture) => {
      const run = await fixture.run(shop, { env: { PATH: '/nowhere' } });
      expect(run).toMatchObject({ exitCode: 1, outputs: { verdict: 'unknown', reason: 'program-missing' } });
      expect(run.annotations.map(({ message }) => message)).toEqual([expect.stringMatching(/Install git/)]);
    }));

  it('no home, and spaces in every path: nothing of it matters', () =>
    withFixture(async (fixture) => {
      const temp = mkdtempSync(join(tmpdir(), 'a runner of ours '));
      const run = await fixture.run(shop, { env: { HOME: '/nonexistent', RUNNER_TEMP: temp } });
      expect(run.outputs).toMatchObject({ verdict: 'updated' });
      rmSync(temp, { recursive: true });
    }));

  it('no folder for temporary files: one sentence that names it', () =>
    withFixture(async (fixture) => {
      const run = await fixture.run(shop, { env: { RUNNER_TEMP: '/nonexistent/temp' } });
      expect(run).toMatchObject({
        exitCode: 1,
        outputs: { verdict: 'unknown', reason: 'invalid-environment' },
      });
      expect(run.outputs.summary).toContain('RUNNER_TEMP');
    }));

  it('a file of outputs that cannot be written: exit 1, whatever was done', () =>
    withFixture(async (fixture) => {
      const dir = mkdtempSync(join(tmpdir(), 'outputs-'));
      mkdirSync(join(dir, 'output'));
      writeFileSync(join(dir, 'summary'), '');
      const run = await fixture.run(shop, { env: { GITHUB_OUTPUT: join(dir, 'output') } });
      expect(run.exitCode).toBe(1);
      expect(run.annotations.map(({ message }) => message).join()).toMatch(/outputs could not be written/);
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
      rmSync(dir, { recursive: true });
    }));
});
