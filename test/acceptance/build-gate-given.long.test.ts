import { startRegistry } from '@sluice/testbed/registry/start';
import { describe, expect, it, onTestFinished } from 'vitest';
import { digestText, docker, dockerWith, gateOfEach, verdictOf } from './build-gate-setup.ts';

const { program, run, callsOf } = gateOfEach();

const passed = { exitCode: 0, verdict: 'passed', ok: 'true', reason: 'all-passed' };
const couldNot = { exitCode: 1, verdict: 'could-not-tell', ok: 'unknown' };

describe('an image that is given', () => {
  it('is taken from the storage of the builder, where no registry need have it', async () => {
    program('docker', dockerWith({ args: 'image inspect', stdout: 'sha256:1\n' }));
    const end = await run({ image: 'shop:pr', smoke: '/shop' });
    expect(verdictOf(end)).toEqual(passed);
    expect(end.outputs.summary).toContain(
      'the copy in the storage of docker, not compared with a registry: its name has no registry',
    );
    expect(end.outputs).toMatchObject({ image: '', digest: '' });
    const calls = callsOf('docker').map(({ args }) => args.join(' '));
    expect(calls.some((one) => /^(?:buildx build|pull|image rm)/.test(one))).toBe(false);
  });

  it('is pulled by the digest that its tag has now', async () => {
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const digest = registry.push('team/shop', { tags: ['1.4.2'] });
    program('docker', dockerWith({ args: 'image inspect', code: 1 }, { args: 'pull' }));
    const end = await run({ image: `${registry.host}/team/shop:1.4.2`, smoke: '/shop' });
    expect(verdictOf(end)).toEqual(passed);
    expect(end.outputs).toMatchObject({ image: `${registry.host}/team/shop@${digest}`, digest });
    expect(callsOf('docker').map(({ args }) => args.join(' '))).toContain(
      `pull ${registry.host}/team/shop@${digest}`,
    );
  });

  it('that no registry has could not be tried', async () => {
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    program('docker', dockerWith({ args: 'image inspect', code: 1 }));
    expect(verdictOf(await run({ image: `${registry.host}/team/shop:1`, smoke: '/shop' }))).toEqual({
      ...couldNot,
      reason: 'image-not-in-registry',
    });
  });

  /** The ids that the registry has for an image under `1.4.2`. */
  async function there() {
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const digest = registry.push('team/shop', { tags: ['1.4.2'] });
    const read = await fetch(`${registry.url}/v2/team/shop/manifests/${digest}`, {
      headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    });
    const config: string = Object(await read.json()).config.digest;
    return { registry, digest, config, image: `${registry.host}/team/shop:1.4.2` };
  }

  it('and that the builder has, is tried where the registry has the same, under its digest', async () => {
    const { registry, digest, config, image } = await there();
    program('docker', dockerWith({ args: 'image inspect', stdout: `${config}\n` }));
    const end = await run({ image, smoke: '/shop' });
    expect(verdictOf(end)).toEqual(passed);
    expect(end.outputs).toMatchObject({ image: `${registry.host}/team/shop@${digest}`, digest });
    expect(end.outputs.summary).not.toContain('not compared');
    expect(callsOf('docker').map(({ args }) => args[0])).not.toContain('pull');
  });

  it('and that the builder has an old copy of, is not tried by that copy', async () => {
    const { digest, image } = await there();
    program('docker', dockerWith({ args: 'image inspect', stdout: `${digestText('9')}\n` }));
    const end = await run({ image, smoke: '/shop' });
    expect(verdictOf(end)).toEqual({ ...couldNot, reason: 'image-differs' });
    expect(end.outputs.summary).toContain(`is not what its registry has under that tag (${digest})`);
    expect(callsOf('docker').map(({ args }) => args[0])).not.toContain('run');
  });

  it('and that the builder has, is tried where its registry does not tell, and that is said', async () => {
    program('docker', dockerWith({ args: 'image inspect', stdout: `${digestText('9')}\n` }));
    const end = await run({ image: '127.0.0.1:1/team/shop:1', smoke: '/shop' });
    expect(verdictOf(end)).toEqual(passed);
    expect(end.outputs).toMatchObject({ image: '', digest: '' });
    expect(end.outputs.summary).toContain(
      'the copy in the storage of docker, not compared with a registry: ',
    );
    expect(end.summary).toContain('not compared with a registry');
  });

  it('of which nothing would be tried is a wrong input', async () => {
    program('docker', docker);
    const end = await run({ image: 'shop:pr', scan: 'false' });
    expect(verdictOf(end)).toEqual({ ...couldNot, reason: 'invalid-input' });
    expect(end.outputs.summary).toContain('nothing of it would be tried');
    expect(callsOf('docker')).toEqual([]);
  });
});
