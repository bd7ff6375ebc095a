import { expect, describe as group, it } from 'vitest';
import { type Fixture, resultOf, seen, startFixture } from './argo-sync-wait-setup.ts';

/** So many applications read the one folder, each into a namespace of its own. */
async function startMany(count: number): Promise<Fixture> {
  const fixture = await startFixture({ timing: { rollout: 2000 } });
  for (let index = 0; index < count; index++) await fixture.deployed({ name: `shop-${index}` });
  return fixture;
}

group('many applications of one change', { timeout: 700_000 }, () => {
  it('500 are live over two connections, each by its few requests', async () => {
    await using fixture = await startMany(500);
    const change = await fixture.change();
    const before = fixture.argocd.requests.length;
    const begun = Date.now();
    const run = await fixture.run({ change: JSON.stringify(change), timeout: '9m' }, { timeout: 600_000 });
    const seconds = (Date.now() - begun) / 1000;
    const paths = fixture.argocd.requests.slice(before).map(({ path }) => path);
    expect(seen(run)).toMatchObject({ verdict: 'live', ok: 'true' });
    expect(resultOf(run).applications).toHaveLength(500);
    expect(fixture.argocd.connections().most).toBeLessThanOrEqual(2);
    // A GET, two refreshes, the managed resources and a GET after them, once or twice; and one.
    expect(paths.length).toBeLessThanOrEqual(500 * 8 + seconds);
    const streams = paths.filter((path) => path.includes('/stream/'));
    expect(streams.length).toBeGreaterThan(0);
    for (const path of streams) expect(path).toContain('projects=default');
    for (const path of paths.filter((one) => one.includes('/applications?')))
      expect(path).toMatch(/[?&](name|repo|projects|selector)=/);
  });

  it('100 that are never synced cost one request a second while they are waited for', async () => {
    await using fixture = await startMany(100);
    for (let index = 0; index < 100; index++) fixture.argocd.faults.neverSync(`shop-${index}`);
    const change = await fixture.change();
    const run = await fixture.run(
      { change: JSON.stringify(change), timeout: '100s', sync: 'never' },
      { timeout: 200_000 },
    );
    expect(seen(run)).toMatchObject({ verdict: 'timed-out', ok: 'false' });
    const end = fixture.argocd.requests.at(-1)?.at ?? 0;
    const late = fixture.argocd.requests.filter(({ at }) => at > end - 42_000 && at < end - 2000);
    expect(late.length).toBeLessThanOrEqual(55);
    expect(fixture.argocd.connections().most).toBeLessThanOrEqual(2);
  });
});
