import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { startRegistry } from '@sluice/testbed/registry/start';
import { describe, expect, it, onTestFinished } from 'vitest';
import { digestText, docker, dockerWith, gateOfEach, verdictOf } from './build-gate-setup.ts';
import { recordOf } from './sbom-scan-setup.ts';

const { put, program, run, callsOf, path, saved } = gateOfEach();

const passed = { exitCode: 0, verdict: 'passed', ok: 'true', reason: 'all-passed' };
const failed = { exitCode: 1, verdict: 'failed', ok: 'false' };
const couldNot = { exitCode: 1, verdict: 'could-not-tell', ok: 'unknown' };
const npm = (name: string, version: string) => JSON.stringify({ name, version });
const qs = { 'app/node_modules/qs/package.json': npm('qs', '6.7.0') };
const head = '0a1b2c3'.padEnd(40, '4');
const event = { pull_request: { number: 7, head: { sha: head } } };

/** The gate on an image with these files, against a database with one record of qs, mended in 6.7.3. */
function gate(
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
  more = {},
) {
  program('docker', dockerWith({ args: 'save', copies: saved(files) }));
  put('osv/qs.json', JSON.stringify(recordOf('GHSA-hrpp-h998-j3pp', 'qs', '6.7.3')));
  return run({ scan: 'true', source: 'database', database: 'osv', ...inputs }, more);
}

describe('the SBOM and its scan', () => {
  it('finds a vulnerability in what the image holds', async () => {
    const found = await gate(qs, { sarif: 'gate.sarif', smoke: '/shop' });
    expect(verdictOf(found)).toEqual({ ...failed, reason: 'vulnerability-found' });
    expect(found.outputs).toMatchObject({
      sbom: 'build-gate.cdx.json',
      findings: '1',
      unmatched: '0',
      sarif: 'gate.sarif',
      image: '',
    });
    expect(found.outputs.summary).toContain('GHSA-hrpp-h998-j3pp in qs 6.7.0 (fixed in 6.7.3)');
    expect(found.summary).toContain('package.json of node\\_modules');
    expect(found.summary).toContain('It is not complete');
    expect(JSON.parse(readFileSync(path('repository', 'gate.sarif'), 'utf8')).runs[0].results).toHaveLength(
      1,
    );
  });

  it('is clean where it is mended, and says how much it looked up', async () => {
    const clean = await gate({ 'app/node_modules/qs/package.json': npm('qs', '6.7.3'), 'app/lib.jar': 'PK' });
    expect(verdictOf(clean)).toEqual(passed);
    expect(clean.outputs).toMatchObject({ findings: '0', unmatched: '1' });
    expect(clean.summary).toContain('1 file holds packages that are not read');
  });

  it.each([
    [
      'an image in which nothing is known',
      { 'etc/passwd': 'x' },
      {},
      'not-scanned',
      /nothing in it could be looked up/,
    ],
    [
      'an image with an RPM database',
      { ...qs, 'var/lib/rpm/rpmdb.sqlite': 'x' },
      { 'severity-threshold': 'none' },
      'sbom-incomplete',
      /RPM database/,
    ],
    ['a database that is not there', qs, { database: 'missing' }, 'not-scanned', /missing/],
    ['an allow-list that is not there', qs, { 'allow-list': 'missing.yml' }, 'not-scanned', /missing\.yml/],
    [
      'more than may be unmatched',
      { ...qs, 'a.jar': 'x' },
      { 'severity-threshold': 'none', 'max-unmatched': '0' },
      'not-scanned',
      /`?max-unmatched`? is 0/,
    ],
  ])('could not tell of %s', async (_, files, inputs, reason, summary) => {
    const end = await gate(files, inputs);
    expect(verdictOf(end)).toEqual({ ...couldNot, reason });
    expect(end.outputs.summary).toMatch(summary);
  });

  it('takes what syft makes, where that is on PATH', async () => {
    const component = { type: 'library', name: 'qs', version: '6.7.3', purl: 'pkg:npm/qs@6.7.3' };
    put(
      '../syft.json',
      JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [component] }),
    );
    program('syft', [{ args: 'scan', copies: path('syft.json') }]);
    const made = await gate(qs);
    expect(verdictOf(made)).toEqual(passed);
    expect(made.summary).toContain('made by syft');
    const [call] = callsOf('syft');
    expect(call?.args.map((one) => one.replace(/[:=]\/.*/, ''))).toEqual([
      'scan',
      'oci-dir',
      '--quiet',
      '--output=cyclonedx-json',
    ]);
  });

  it('takes nothing weaker where syft is on PATH and fails', async () => {
    program('syft', [{ args: 'scan', code: 1, stderr: 'unable to load image\n' }]);
    const end = await gate({ 'app/node_modules/qs/package.json': npm('qs', '6.7.3') });
    expect(verdictOf(end)).toEqual({ ...couldNot, reason: 'not-scanned' });
    expect(end.outputs.summary).toContain('syft is on PATH, and made no SBOM of it: unable to load image');
  });

  it('does not write the SBOM through a link', async () => {
    symlinkSync(path('outside.json'), path('repository', 'build-gate.cdx.json'));
    const end = await gate(qs);
    expect(verdictOf(end)).toEqual({ ...couldNot, reason: 'not-scanned' });
    expect(end.outputs.summary).toContain('it is a symbolic link');
    expect(existsSync(path('outside.json'))).toBe(false);
  });

  it('leaves nothing in a dry run', async () => {
    const dry = await gate(qs, {
      'dry-run': 'true',
      sarif: 'gate.sarif',
      'push-to': '127.0.0.1:1/a',
      'severity-threshold': 'none',
    });
    expect(verdictOf(dry)).toEqual(passed);
    expect(existsSync(path('repository', 'build-gate.cdx.json'))).toBe(false);
    expect(existsSync(path('repository', 'gate.sarif'))).toBe(false);
    expect(callsOf('docker').map(({ args }) => args[0])).not.toContain('push');
    expect(dry.outputs.summary).toContain('127.0.0.1:1/a has no vulnerability');
    expect(dry.outputs.summary).toContain('not pushed, as `dry-run` is true');
  });
});

describe('a dry run', () => {
  it('leaves a file that was there as it was, whatever the scan says', async () => {
    for (const version of ['6.7.0', '6.7.3']) {
      put('kept.json', '{"mine":1}');
      await gate(
        { 'app/node_modules/qs/package.json': npm('qs', version) },
        { 'dry-run': 'true', 'sbom-file': 'kept.json' },
      );
      expect(readFileSync(path('repository', 'kept.json'), 'utf8')).toBe('{"mine":1}');
    }
  });

  it('leaves a link that was there, and what it leads to', async () => {
    put('mine.json', '{"mine":1}');
    symlinkSync('mine.json', path('repository', 'build-gate.cdx.json'));
    await gate(qs, { 'dry-run': 'true' });
    expect(readFileSync(path('repository', 'build-gate.cdx.json'), 'utf8')).toBe('{"mine":1}');
  });
});

describe('the push', () => {
  async function pushing(inputs: (host: string) => Readonly<Record<string, string>>, tag: string, more = {}) {
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const digest = registry.push('team/shop', { tags: [tag] });
    program(
      'docker',
      dockerWith({ args: 'push', stdout: `abc: Pushed\n${tag}: digest: ${digest} size: 528\n` }),
    );
    const end = await run(
      { 'push-to': `${registry.host}/team/shop`, ...inputs(registry.host) },
      { event, ...more },
    );
    return { end, digest, host: registry.host };
  }

  it('is under the tag of the pull request, and read back by its digest', async () => {
    const { end, digest, host } = await pushing(() => ({}), `pr-7-${head}`);
    expect(verdictOf(end)).toEqual(passed);
    expect(end.outputs).toMatchObject({ image: `${host}/team/shop@${digest}`, digest });
    expect(callsOf('docker').map(({ args }) => args.join(' '))).toContain(
      `push ${host}/team/shop:pr-7-${head}`,
    );
  });

  it.each([
    ['one that was there has its name again', { stdout: `${digestText('9')}\n` }, `tag ${digestText('9')} `],
    ['nothing is left under it', { code: 1 }, 'image rm '],
  ])('is under a name for the time of the push: %s', async (_, found, command) => {
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const tag = `pr-7-${head}`;
    const digest = registry.push('team/shop', { tags: [tag] });
    program(
      'docker',
      dockerWith(
        { args: 'image inspect', ...found },
        { args: 'push', stdout: `${tag}: digest: ${digest} size: 528\n` },
      ),
    );
    expect(verdictOf(await run({ 'push-to': `${registry.host}/team/shop` }, { event }))).toEqual(passed);
    const calls = callsOf('docker').map(({ args }) => args.join(' '));
    const after = calls.slice(calls.indexOf(`push ${registry.host}/team/shop:${tag}`) + 1);
    expect(after[0]).toBe(`${command}${registry.host}/team/shop:${tag}`);
  });

  it('is under the commit elsewhere', async () => {
    const { end } = await pushing(() => ({}), '0123456789abcdef0123456789abcdef01234567', {
      event: { merge_group: {} },
    });
    expect(verdictOf(end)).toEqual(passed);
  });

  it('is not there where the registry has another image than was scanned', async () => {
    put('osv/qs.json', JSON.stringify(recordOf('GHSA-hrpp-h998-j3pp', 'qs', '6.7.3')));
    const registry = await startRegistry();
    onTestFinished(() => registry.close());
    const digest = registry.push('team/shop', { tags: [`pr-7-${head}`] });
    program(
      'docker',
      dockerWith(
        { args: 'save', copies: saved(qs, digestText('e')) },
        { args: 'push', stdout: `x: digest: ${digest} size: 528\n` },
      ),
    );
    const end = await run(
      {
        scan: 'true',
        source: 'database',
        database: 'osv',
        'severity-threshold': 'none',
        'push-to': `${registry.host}/team/shop`,
      },
      { event },
    );
    expect(verdictOf(end)).toEqual({ ...couldNot, reason: 'digest-differs' });
    expect(end.outputs).toMatchObject({ image: '', digest: '' });
  });

  it('is not tried where a command fails', async () => {
    program(
      'docker',
      dockerWith(
        { args: 'container inspect', stdout: '{"Status":"exited","OOMKilled":false,"Error":""}' },
        { args: 'run', code: 1 },
      ),
    );
    expect(verdictOf(await run({ smoke: '/shop', 'push-to': '127.0.0.1:1/team/shop' }))).toEqual({
      ...failed,
      reason: 'smoke-failed',
    });
    expect(callsOf('docker').map(({ args }) => args[0])).not.toContain('push');
  });

  it('that is refused leaves what passed without a place', async () => {
    program(
      'docker',
      dockerWith({ args: 'push', code: 1, stderr: 'denied: permission_denied: write_package\n' }),
    );
    const end = await run({ 'push-to': '127.0.0.1:1/team/shop' });
    expect(verdictOf(end)).toEqual({ ...couldNot, reason: 'not-pushed' });
    expect(end.outputs.summary).toContain('denied: permission_denied: write_package');
  });
});

describe('platforms', () => {
  it('that were asked for and not built are told, whatever the builder says', async () => {
    program('docker', dockerWith({ args: 'save', copies: saved(qs) }));
    const end = await run({ platforms: 'linux/amd64\nlinux/arm64', smoke: '/shop' });
    expect(verdictOf(end)).toEqual({ ...couldNot, reason: 'builder-failed' });
    expect(end.outputs.summary).toContain('it built for linux/amd64, and not for linux/arm64');
    expect(callsOf('docker').map(({ args }) => args[0])).not.toContain('run');
  });

  it('that were built are tried', async () => {
    program('docker', dockerWith({ args: 'save', copies: saved(qs) }));
    expect(verdictOf(await run({ platforms: 'linux/amd64', smoke: '/shop' }))).toEqual(passed);
  });
});

describe('what a build and a program write', () => {
  it('is no command to the runner, and no Markdown of the page', async () => {
    const hostile =
      '::error file=x::canary\n##[add-mask]x\n::stop-commands::x\n```\n</details><script>@alice **bold**\n\u202e\u0007bell\n';
    program(
      'docker',
      dockerWith(
        { args: 'buildx build', stdout: hostile, code: 0 },
        { args: 'run', stdout: hostile, code: 1 },
        { args: 'container inspect', stdout: '{"Status":"exited","OOMKilled":false,"Error":""}' },
      ),
    );
    const end = await run({ smoke: '/shop "</summary>|`x`"' });
    expect(verdictOf(end)).toEqual({ ...failed, reason: 'smoke-failed' });
    expect(end.annotations).toHaveLength(1);
    expect(JSON.stringify(end.annotations)).not.toContain('canary');
    const page = end.summary;
    for (const hidden of ['\u202e', '\u0007']) expect(page).not.toContain(hidden);
    // In a block whose fence is longer than any in it.
    expect(page).toMatch(/\n````\n[\s\S]*```\n<\/details><script>[\s\S]*\n````\n/);
    expect(page).toContain('Last lines of /shop "&lt;/summary&gt;');
  });

  it('is cut where it has no end', async () => {
    const long = `${'x'.repeat(300_000)}\n`.repeat(10);
    program(
      'docker',
      dockerWith({ args: 'buildx build', stderr: `${long}ERROR: failed to solve: ${long}`, code: 1 }),
    );
    const end = await run();
    expect(verdictOf(end)).toEqual({ ...failed, reason: 'build-failed' });
    expect(end.summary.length).toBeLessThan(60_000);
    expect(end.outputs.result?.length).toBeLessThan(60_000);
    expect(end.outputs.summary?.length).toBeLessThan(1000);
  });

  it('holds no secret that is masked', async () => {
    program(
      'docker',
      docker.map((one) =>
        one.args === 'run' ? { ...one, stdout: 'login canary-password\n', code: 1 } : one,
      ),
    );
    const end = await run({ smoke: '/shop', 'registry-credentials': 'r.example=u:canary-password' });
    expect(end.summary + JSON.stringify(end.outputs)).not.toContain('canary-password');
  });
});

it('a cancelled gate ends what it has started, and says that there is no verdict', async () => {
  program('docker', dockerWith({ args: 'run', hangs: true, stdout: 'waiting\n' }));
  const end = await run({ smoke: '/shop' }, { kill: { signal: 'SIGINT', after: 4000 } });
  expect(verdictOf(end)).toEqual({ ...couldNot, reason: 'cancelled' });
  const calls = callsOf('docker').map(({ args }) => args.slice(0, 3).join(' '));
  expect(calls.some((one) => one.startsWith('rm --force'))).toBe(true);
  expect(calls.at(-1)).toBe('image rm --force');
});
