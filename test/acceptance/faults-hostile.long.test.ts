import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '@sluice/testbed/runner';
import { describe, expect, it } from 'vitest';
import * as bump from './image-tag-bump-setup.ts';
import * as root from './root-setup.ts';

const shop = { images: 'registry.example/shop:1.4.2' };

/** Text of a stranger that tries everything at once, on one line and on several. */
const attacks =
  '::error::pwned-1 %0A::error::pwned-2 ##[error]pwned-3 </details></code><img src=x> @acme/owners [a](javascript:b) \u001b[2J \u202eevil | `x` <!--';
const lines = `\n::error::pwned-4\r::set-output name=verdict::live\n::stop-commands::x\n${attacks}`;

/** Nothing of it came through: no command, no raw control character, no HTML, no mention. */
function expectTame(run: RunResult): void {
  const own = run.annotations.filter(({ message }) => /^pwned/.test(message));
  expect(own).toEqual([]);
  const shown = [run.log, run.summary, run.outputs.summary ?? ''].join('\n');
  for (const raw of ['\u001b', '\u202e']) expect(shown).not.toContain(raw);
  expect(shown).not.toMatch(/^\s*::(set-output|stop-commands|error::pwned)/m);
  const outsideOfCode = run.summary
    .replace(/^(`{3,}).*?^\1/gms, '')
    .replaceAll('\\`', '')
    .replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '')
    .replace(/^<\/?details>(<summary>[\w ]+<\/summary>)?$/gm, '');
  expect(outsideOfCode).not.toMatch(/<\/?(details|img)|<!--|@acme|\]\(javascript/);
}

describe.concurrent('text of strangers', { timeout: 60_000 }, () => {
  it('in the names of files and containers stays text in log, page, annotations and outputs', () =>
    bump.withFixture(async (fixture) => {
      const path = `apps/${attacks.replaceAll('/', ';')}.yaml`;
      const manifest = bump.deployment('1.4.1').replace('name: web', `name: ${JSON.stringify(attacks)}`);
      await fixture.github.commitFiles(bump.gitops, 'main', { [path]: manifest });
      const run = await fixture.run(shop);
      expect(run.outputs).toMatchObject({ verdict: 'updated' });
      expect(await fixture.text(path)).toContain('registry.example/shop:1.4.2');
      expectTame(run);
    }));

  it('in the inputs of a pull request changes nothing but its text', () =>
    bump.withFixture(async (fixture) => {
      const inputs = { project: attacks.slice(0, 60).replaceAll('\u001b', ''), environment: '../../x' };
      const run = await fixture.run({ ...shop, ...inputs, commit: 'pull-request' });
      expect(run.outputs).toMatchObject({ verdict: 'pending' });
      expect(run.outputs.branch).toMatch(/^sluice\/[\w.-]+\/[\w.-]+$/);
      expectTame(run);
    }));

  it('in the author and message of the commit that overwrote ours', () =>
    root.withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.beforeReadBack(() => undefined);
      const theirs = { author: `mallory ${attacks.replaceAll(/[<>]/g, '')}`, message: `x${lines}` };
      fixture.argocd.faults.neverSync('payments');
      const running = fixture.run();
      await fixture.committed();
      await fixture.commit({ [root.manifest]: root.deployment('1.3.8') }, theirs);
      const run = await running;
      expect(run.exitCode).toBe(1);
      expectTame(run);
    }));

  it('in what the cluster says of an object', () =>
    root.withFixture(async (fixture) => {
      await fixture.deployed();
      fixture.argocd.faults.refuseApply('payments', 'payments-api', `refused${lines}`);
      const run = await fixture.run();
      expect(run.outputs).toMatchObject({ verdict: 'failed' });
      expect(run.summary).toContain('pwned-1');
      expectTame(run);
    }));
});

const onLinux = process.platform === 'linux';

/** The command lines of every process that names this text. */
function commandLines(part: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(part));
}

/** Every file below a folder as one text. */
function allBytes(dir: string): string {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('a token', { timeout: 60_000 }, () => {
  it.runIf(onLinux)('is in no command line while git runs, and in no file after a kill', () =>
    bump.withFixture(async (fixture) => {
      const temp = mkdtempSync(join(tmpdir(), 'killed-'));
      const commands: string[] = [];
      const asked = Promise.withResolvers<void>();
      const look = {
        path: /git-upload-pack$/,
        delay: 200,
        run: () => {
          commands.push(...commandLines(fixture.github.url));
          asked.resolve();
          return new Promise(() => {});
        },
      };
      fixture.github.faults.push({ ...look, skip: 1 });
      const run = await fixture.run(shop, {
        env: { RUNNER_TEMP: temp },
        kill: { signal: 'SIGKILL', after: asked.promise },
      });
      expect(run.signal).toBe('SIGKILL');
      const basic = Buffer.from(`x-access-token:${fixture.token}`).toString('base64');
      expect(commands).toContainEqual(expect.stringMatching(/git.*acme\/gitops\.git/));
      const left = allBytes(temp);
      expect(left).toContain('acme/gitops.git');
      for (const text of [...commands, left]) {
        expect(text).not.toContain(fixture.token);
        expect(text).not.toContain(basic);
      }
      rmSync(temp, { recursive: true });
    }),
  );

  it('is masked before anything else is said', () =>
    bump.withFixture(async (fixture) => {
      const run = await fixture.run(shop);
      const before = run.stdout.slice(0, run.stdout.indexOf(`::add-mask::${fixture.token}`));
      expect(before.replace(/^::add-mask::.*\n/gm, '')).toBe('');
    }));
});

/** A checked-out tree whose configuration, links and hooks belong to somebody else. */
function hostileWorkspace(): { dir: string; marker: string; outside: string } {
  const dir = mkdtempSync(join(tmpdir(), 'hostile tree '));
  const marker = join(dir, 'started');
  const outside = `${dir}-outside.yaml`;
  writeFileSync(outside, bump.deployment('1.4.1'));
  mkdirSync(join(dir, '.git/objects'), { recursive: true });
  mkdirSync(join(dir, '.git/refs'));
  mkdirSync(join(dir, 'apps'));
  const start = `touch '${marker}'`;
  writeFileSync(join(dir, '.git/HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(
    join(dir, '.git/config'),
    `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = "${start}"\n\tsshCommand = "${start}"\n\tpager = "${start}"\n\tworktree = /\n[filter "x"]\n\tsmudge = "${start}"\n\tclean = "${start}"\n[alias]\n\trev-parse = "!${start}"\n`,
  );
  writeFileSync(join(dir, '.gitattributes'), '* filter=x\n');
  writeFileSync(join(dir, 'apps/deployment.yaml'), bump.deployment('1.4.1'));
  symlinkSync(outside, join(dir, 'apps/link.yaml'));
  symlinkSync('/etc', join(dir, 'apps/etc'));
  return { dir, marker, outside };
}

describe.concurrent('a working tree of a stranger', { timeout: 60_000 }, () => {
  it('is edited without starting what it configures or leaving it by a link', () =>
    bump.withFixture(async (fixture) => {
      const { dir, marker, outside } = hostileWorkspace();
      const run = await fixture.run({ ...shop, commit: 'none', repository: '' }, { workspace: dir });
      expect(run.outputs).toMatchObject({ verdict: 'updated', changed: 'true' });
      expect(readFileSync(join(dir, 'apps/deployment.yaml'), 'utf8')).toBe(bump.deployment('1.4.2'));
      expect(readFileSync(outside, 'utf8')).toBe(bump.deployment('1.4.1'));
      expect(existsSync(marker)).toBe(false);
      rmSync(dir, { recursive: true });
      rmSync(outside);
    }));

  it.each([
    ['path', '../x'],
    ['path', '/etc'],
    ['path', 'apps/etc/passwd'],
    ['path', '--upload-pack=x'],
    ['repository', '../x'],
    ['repository', 'acme/..'],
    ['repository', '--upload-pack=x/y'],
    ['branch', '--upload-pack=touch x'],
    ['branch', 'a..b'],
    ['branch', 'refs/heads/main'],
  ])('%s: %j is refused, and nothing is edited', async (input, value) =>
    bump.withFixture(async (fixture) => {
      const { dir, marker, outside } = hostileWorkspace();
      const inputs = { ...shop, commit: 'none', repository: '', [input]: value };
      const run = await fixture.run(inputs, { workspace: dir });
      expect(run.exitCode).toBe(1);
      expect(run.outputs).toMatchObject({ changed: 'false' });
      expect(readFileSync(join(dir, 'apps/deployment.yaml'), 'utf8')).toBe(bump.deployment('1.4.1'));
      expect(existsSync(marker)).toBe(false);
      rmSync(dir, { recursive: true });
      rmSync(outside);
    }));
});
