import { expect, describe as group, it } from 'vitest';
import { seen } from './argo-sync-wait-setup.ts';
import { folder, gitops, live, withFixture } from './root-setup.ts';

const red = { images: '', set: `${folder}/settings.yaml data.color=red` };

group.concurrent('a field that is no image', { timeout: 120_000 }, () => {
  it('is live by what is rendered; a second run finds nothing to change, and verifies it all the same', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      expect(seen(await fixture.run(red))).toEqual(live);
      await fixture.github.commitFiles(gitops, 'main', { 'README.md': 'later' });
      const again = await fixture.run(red);
      expect(seen(again)).toEqual(live);
      expect(again.outputs.changed).toBe('false');
      expect(await fixture.ours()).toHaveLength(1);
    }));

  it('has always been so: nothing shows that it ever made a difference, and that is said at once', () =>
    withFixture(async (fixture) => {
      await fixture.deployed();
      const run = await fixture.run({
        ...red,
        set: `${folder}/settings.yaml data.color=blue`,
        timeout: '10m',
      });
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'always-so', ok: 'unknown' });
      expect(run.outputs.summary).toContain('no commit before the change');
    }));
});
