import { type Bench, startBench } from '@sluice/testbed/argocd/testing';
import { expect, describe as group, it, vi } from 'vitest';
import type { Authorization } from '../api/authorization.ts';
import { connect, fastClock, healthOf, isStreamed, nameOf, watched } from './test-watch.ts';

const minutes = 60_000;

async function start(names: readonly string[] = ['web'], more: Parameters<Bench['create']>[2] = {}) {
  const bench = await startBench({ timing: { rollout: 600_000, keepAlive: 700 } });
  for (const name of names) await bench.create(name, 'plain', { deployed: true, ...more });
  const clock = fastClock();
  const argocd = connect(bench.argocd.url, bench.argocd.token(), clock);
  const paths = (part: string) => bench.argocd.requests.filter(({ path }) => path.includes(part));
  return {
    ...{ bench, clock, argocd },
    streams: () => paths('/stream/'),
    gets: (name: string) => paths(`/applications/${name}?`),
    async [Symbol.asyncDispose]() {
      expect(bench.argocd.violations).toEqual([]);
      await bench.close();
    },
  };
}

group.concurrent('one stream', { timeout: 30_000 }, () => {
  it('begins after a GET, shows what changes at once, and asks for nothing in between', async () => {
    await using stage = await start();
    const web = watched(stage.argocd, nameOf('web'), stage.clock, 3 * minutes);
    await web.until(isStreamed);
    expect(web.seen[0]).toMatchObject({ type: 'answer' });
    expect(web.seen.map(isStreamed)[0]).toBe(false);
    const before = stage.gets('web').length;
    stage.bench.argocd.setHealth('web', 'web', 'Degraded', 'no');
    const shown = await web.until((seen) => healthOf(seen) === 'Degraded');
    expect(isStreamed(shown)).toBe(true);
    expect(stage.gets('web').length).toBeLessThanOrEqual(before + 1);
    web.stop();
    stage.bench.argocd.setHealth('web', 'web', 'auto');
    await web.over;
  });

  it('is shared by all that is watched, within any time, and is never without a filter', async () => {
    await using stage = await start(['a', 'b', 'c', 'other']);
    const all = ['a', 'b', 'c'].map((name) => watched(stage.argocd, nameOf(name), stage.clock, 1 * minutes));
    await Promise.all(all.map((one) => one.until(isStreamed)));
    stage.bench.argocd.setHealth('b', 'web', 'Degraded');
    await all[1]?.until((seen) => healthOf(seen) === 'Degraded');
    expect(all[0]?.seen.map(healthOf)).not.toContain('Degraded');
    expect(stage.bench.argocd.connections().most).toBeLessThanOrEqual(2);
    const last = new URL(stage.streams().at(-1)?.path ?? '', 'http://x').searchParams;
    expect(last.get('projects')).toBe('default');
    for (const { path } of stage.streams()) expect(path).toMatch(/[?&](name|projects)=/);
    await Promise.all(all.map(({ over }) => over));
    await vi.waitFor(() => expect(stage.bench.argocd.connections().open).toBeLessThanOrEqual(1));
  });

  it('is read beside now and then, and an event that it has missed is found so', async () => {
    await using stage = await start();
    const web = watched(stage.argocd, nameOf('web'), stage.clock, 2 * minutes);
    await web.until(isStreamed);
    stage.bench.argocd.faults.loseEvents(100);
    stage.bench.argocd.setHealth('web', 'web', 'Degraded');
    const shown = await web.until((seen) => healthOf(seen) === 'Degraded');
    expect(isStreamed(shown)).toBe(false);
    // A stream that leaves out what is so is opened anew.
    await expect.poll(() => stage.streams().length, { timeout: 5000 }).toBeGreaterThan(1);
    web.stop();
    await web.over;
  });

  it('shows the latest again when time alone may change what is thought of it, without a request', async () => {
    await using stage = await start();
    let wake: number | undefined;
    const web = watched(stage.argocd, nameOf('web'), stage.clock, 2 * minutes, () => wake);
    await web.until((seen) => isStreamed(seen));
    const [shown, gets] = [web.seen.length, stage.gets('web').length];
    wake = stage.clock.now() + 1000;
    stage.bench.argocd.setHealth('web', 'web', 'Suspended');
    await web.until((_, index) => index >= shown + 2);
    expect(stage.gets('web').length - gets).toBeLessThanOrEqual(1);
    web.stop();
    await web.over;
  });

  it('that says DELETED is not believed: a GET tells that it is gone, or that it is there again', async () => {
    await using stage = await start();
    const web = watched(stage.argocd, nameOf('web'), stage.clock, 3 * minutes);
    await web.until(isStreamed);
    stage.bench.argocd.faults.deleteApplication('web');
    const away = await web.until((seen) => seen.type === 'away');
    expect(away).toMatchObject({ sentence: expect.stringMatching(/does not exist/) });
    await stage.bench.create('web', 'plain', { deployed: true });
    await web.until((seen, index) => index > web.seen.indexOf(away) && seen.type === 'answer');
    web.stop();
    await web.over;
  });
});

group.concurrent('a stream that breaks', { timeout: 40_000 }, () => {
  it.each([
    ['ends cleanly', (bench: Bench) => bench.argocd.faults.dropStreams('end')],
    ['is cut', (bench: Bench) => bench.argocd.faults.dropStreams('cut')],
    ['ends with an error', (bench: Bench) => bench.argocd.faults.failStreams(14, 'transport is closing')],
    ['falls silent', (bench: Bench) => bench.argocd.faults.muteStreams()],
    ['meets a restart', (bench: Bench) => bench.argocd.faults.restart(300)],
  ])('and %s is opened again, and what happened meanwhile is shown', async (_, breaks) => {
    await using stage = await start();
    const web = watched(stage.argocd, nameOf('web'), stage.clock, 6 * minutes);
    await web.until(isStreamed);
    const shown = web.seen.length;
    breaks(stage.bench);
    stage.bench.argocd.setHealth('web', 'web', 'Degraded');
    await web.until((seen) => healthOf(seen) === 'Degraded');
    stage.bench.argocd.faults.muteStreams(false);
    await expect.poll(() => stage.streams().length, { timeout: 15_000 }).toBeGreaterThan(1);
    await web.until((seen, index) => index >= shown && isStreamed(seen));
    expect(stage.bench.argocd.connections().most).toBeLessThanOrEqual(3);
    web.stop();
    await web.over;
  });

  it('that never gets through is polled instead, and comes back when it does', async () => {
    await using stage = await start();
    stage.bench.argocd.faults.bufferStreams();
    const web = watched(stage.argocd, nameOf('web'), stage.clock, 10 * minutes);
    await web.until((_, index) => index >= 4);
    expect(web.seen.some(isStreamed)).toBe(false);
    stage.bench.argocd.setHealth('web', 'web', 'Degraded');
    await web.until((seen) => healthOf(seen) === 'Degraded');
    stage.bench.argocd.faults.bufferStreams(false);
    await web.until(isStreamed);
    web.stop();
    await web.over;
  });

  it('that is a web page instead is polled', async () => {
    await using stage = await start();
    stage.bench.argocd.faults.html('/stream/', 1000);
    const web = watched(stage.argocd, nameOf('web'), stage.clock, 5 * minutes);
    await web.until((_, index) => index >= 2);
    stage.bench.argocd.setHealth('web', 'web', 'Degraded');
    await web.until((seen) => healthOf(seen) === 'Degraded');
    expect(web.seen.every((seen) => seen.type === 'answer')).toBe(true);
    web.stop();
    await web.over;
  });
});

group.concurrent('a token that is refused', { timeout: 30_000 }, () => {
  it('in the midst of a stream is renewed where it can be', async () => {
    await using stage = await start();
    let token = stage.bench.argocd.token();
    const authorization: Authorization = {
      ...{ token: async () => token, headers: {} },
      words: { name: 'token', hint: '', policyOf: () => '' },
      async renew() {
        token = stage.bench.argocd.token();
        return true;
      },
    };
    const argocd = connect(stage.bench.argocd.url, authorization, stage.clock);
    const web = watched(argocd, nameOf('web'), stage.clock, 3 * minutes);
    await web.until(isStreamed);
    stage.bench.argocd.faults.revokeToken(token);
    stage.bench.argocd.faults.failStreams(16, 'invalid session');
    const shown = web.seen.length;
    stage.bench.argocd.setHealth('web', 'web', 'Degraded');
    await web.until((seen, index) => index >= shown && isStreamed(seen) && healthOf(seen) === 'Degraded');
    web.stop();
    await web.over;
  });

  it('for good ends every watch by the error, soon', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `app-${index}`);
    await using stage = await start(names);
    const token = stage.bench.argocd.token();
    const argocd = connect(stage.bench.argocd.url, token, stage.clock);
    const all = names.map((name) => watched(argocd, nameOf(name), stage.clock, 20 * minutes));
    await Promise.all(all.map((one) => one.until(isStreamed)));
    stage.bench.argocd.faults.revokeToken(token);
    const before = stage.bench.argocd.requests.length;
    stage.bench.argocd.faults.failStreams(16, 'invalid session');
    for (const { over } of all) await expect(over).rejects.toMatchObject({ code: 'argocd-token' });
    // One has asked for all: five times, as of a server that restarts. Beside it some were due by their time, on a slow machine many; not each five times.
    const asked = stage.bench.argocd.requests.slice(before).filter(({ path }) => !path.includes('/stream/'));
    expect(asked.length).toBeLessThan(100);
  });
});

it('a watch ends with the run, and leaves no connection behind', async () => {
  await using stage = await start();
  const control = new AbortController();
  const argocd = connect(stage.bench.argocd.url, stage.bench.argocd.token(), stage.clock, control.signal);
  const web = watched(argocd, nameOf('web'), stage.clock, 60 * minutes);
  await web.until(isStreamed);
  control.abort(new Error('cancelled'));
  await expect(web.over).rejects.toThrow('cancelled');
  await expect.poll(() => stage.bench.argocd.connections().open).toBeLessThanOrEqual(1);
});
