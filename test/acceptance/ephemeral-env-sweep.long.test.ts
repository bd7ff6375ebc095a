import { expect, describe as group, it } from 'vitest';
import { app, type Fixture, gitops, seen, target, withFixture } from './ephemeral-env-setup.ts';

const hour = 3_600_000;

const environment = (number: number, more: object = {}) => ({
  [`${target}/pr-${number}/.sluice-preview`]: JSON.stringify({
    ...{ schema: 'sluice.preview.v1', project: 'payments', repository: app, number, commit: 'a'.repeat(40) },
    ...{ image: '', run: `${app}/50/1`, deployed: new Date().toISOString(), ...more },
  }),
  [`${target}/pr-${number}/x.yaml`]: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n',
});

const files = {
  ...environment(1),
  ...environment(2),
  ...environment(3, { deployed: new Date(Date.now() - 200 * hour).toISOString() }),
  ...environment(4, { repository: 'acme/other' }),
  ...environment(5),
  [`${target}/pr-6/x.yaml`]: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n',
  ...environment(7),
  [`${target}/static/x.yaml`]: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n',
  [`${target}/README.md`]: '# ours\n',
};

/** #1 is open, #2 is closed, #3 is open and stale, #5 is gone, #6 has no mark, #7 is open with the label that does without. */
async function pulls(fixture: Fixture): Promise<void> {
  await fixture.pull(1);
  (await fixture.pull(2)).state = 'closed';
  await fixture.pull(3);
  (await fixture.pull(7)).labels = ['skip-ephemeral'];
}

const folders = async (fixture: Fixture): Promise<readonly string[]> => [
  ...new Set((await fixture.files()).map((path) => path.split('/')[0] ?? '')),
];

group.concurrent('a sweep', { timeout: 300_000 }, () => {
  it('removes what is closed, gone or stale, by one commit, tells each, and touches nothing else', () =>
    withFixture(
      async (fixture) => {
        await pulls(fixture);
        const run = await fixture.run({ operation: 'sweep' });
        expect(run.outputs.summary).toBe('4 of 5 environments removed; 2 folders are not ours.');
        expect(seen(run)).toEqual({ exitCode: 0, verdict: 'removed', reason: 'removed', ok: 'true' });
        const removed: readonly string[] = JSON.parse(run.outputs.removed ?? '');
        expect(removed).toEqual([2, 3, 5, 7].map((number) => `${target}/pr-${number}`));
        expect(await folders(fixture)).toEqual(['README.md', 'pr-1', 'pr-4', 'pr-6', 'static']);
        expect(await fixture.github.log(gitops)).toHaveLength(2);
        const whys = ['#2 is closed', '200 hours ago', 'there is no #5', 'in acme/other', 'has no mark'];
        for (const why of [...whys, 'has the label skip-ephemeral']) expect(run.stdout).toContain(why);
        for (const number of [2, 3, 5, 7])
          expect(() => fixture.argocd.application(`payments-pr-${number}`)).toThrow();
        const again = await fixture.run({ operation: 'sweep' });
        expect(seen(again)).toEqual({
          exitCode: 0,
          verdict: 'removed',
          reason: 'nothing-to-remove',
          ok: 'true',
        });
      },
      { files },
    ));

  it('removes nothing with dry-run', () =>
    withFixture(
      async (fixture) => {
        await pulls(fixture);
        const before = await fixture.files();
        const run = await fixture.run({ operation: 'sweep', 'dry-run': 'true' });
        expect(seen(run)).toEqual({ exitCode: 0, verdict: 'removed', reason: 'dry-run', ok: 'unknown' });
        expect(run.outputs.removed).toBe('[]');
        expect(await fixture.files()).toEqual(before);
      },
      { files },
    ));

  it.each([
    ['answers with errors', { status: 503 }],
    ['cuts the connection', { cut: 'before-effect' } as const],
    ['refuses', { status: 403, message: 'Resource not accessible by integration' }],
    ['finds nothing at all', { status: 404, message: 'Not Found' }],
  ])('removes nothing, also nothing stale, while the API %s: unknown', (_, fault) =>
    withFixture(
      async (fixture) => {
        await pulls(fixture);
        const before = await fixture.files();
        fixture.github.faults.push({ path: /\/pulls/, times: 1000, ...fault });
        const run = await fixture.run({ operation: 'sweep' });
        expect(seen(run)).toEqual({ exitCode: 1, verdict: 'unknown', reason: 'not-told', ok: 'unknown' });
        expect(await fixture.files()).toEqual(before);
      },
      { files },
    ));

  it('keeps what is deployed anew while it looks', () =>
    withFixture(
      async (fixture) => {
        await pulls(fixture);
        fixture.github.faults.push({
          method: 'POST',
          path: /graphql/,
          run: () => fixture.github.commitFiles(gitops, 'main', environment(3, { run: `${app}/60/1` })),
        });
        const run = await fixture.run({ operation: 'sweep' });
        expect(seen(run)).toMatchObject({ exitCode: 0, verdict: 'removed' });
        expect(await folders(fixture)).toContain('pr-3');
        expect(await folders(fixture)).not.toContain('pr-2');
        expect(JSON.parse(run.outputs.removed ?? '')).not.toContain(`${target}/pr-3`);
      },
      { files },
    ));
});
