import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemExec } from '@sluice/core/exec';
import type { RunResult } from '@sluice/testbed/runner';
import { describe, expect, it } from 'vitest';
import { deployment, type Fixture, gitops, manifest, shownLog, withFixture } from './image-tag-bump-setup.ts';

const shop = { images: 'registry.example/shop:1.4.2', branch: 'main' };

interface Checkout {
  readonly dir: string;
  git(...args: string[]): Promise<string>;
  /** Everything in `.git` but objects and logs, and what `git status` says. */
  state(): Promise<string>;
  run(inputs: Record<string, string>): Promise<RunResult>;
}

/** A clone in the workspace, with its login as actions/checkout leaves it. */
async function withCheckout(
  fixture: Fixture,
  test: (checkout: Checkout) => Promise<void>,
  given: { readonly args?: readonly string[]; readonly repository?: string } = {},
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'checkout-'));
  const url = `${fixture.github.url}/${given.repository ?? gitops}`;
  const header = `http.${fixture.github.url}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${fixture.token}`).toString('base64');
  const value = `AUTHORIZATION: basic ${basic}`;
  const git = async (...args: string[]) => {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
    const { code, stdout, stderr } = await systemExec('git', [...identity, ...args], { cwd: dir });
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  try {
    await git('-c', `${header}=${value}`, 'clone', '-q', ...(given.args ?? []), url, '.');
    await git('config', header, value);
    await test({
      dir,
      git,
      async state() {
        const files = readdirSync(join(dir, '.git'), { recursive: true, encoding: 'utf8' });
        const kept = files.filter((file) => !/^(objects|logs|index|refs\/heads\/main$)/.test(file)).sort();
        const config = readFileSync(join(dir, '.git/config'), 'utf8');
        return [...kept, config, await git('status', '--porcelain')].join('\n');
      },
      run: (inputs) => fixture.run({ ...shop, ...inputs }, { workspace: dir }),
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const uploads = (fixture: Fixture) =>
  fixture.github.requests.filter(
    ({ path, method }) => method === 'POST' && path.endsWith('/git-upload-pack'),
  );

describe.concurrent('the checkout in the workspace', { timeout: 60_000 }, () => {
  it.each([
    ['whole', []],
    ['shallow', ['--depth=1']],
    ['partial', ['--filter=blob:none']],
    ['shallow and partial', ['--depth=1', '--filter=blob:none']],
  ])('is brought along, and nothing else is left in it: %s', (_name, args) =>
    withFixture(async (fixture) => {
      await fixture.github.commitFiles(gitops, 'main', { 'other.txt': 'one' });
      await withCheckout(
        fixture,
        async (checkout) => {
          writeFileSync(join(checkout.dir, 'README.md'), 'mine\n');
          const before = await checkout.state();
          const result = await checkout.run({ checkout: 'workspace' });
          expect(result.outputs).toMatchObject({ verdict: 'updated' });
          const head = await fixture.github.head(gitops);
          expect((await checkout.git('rev-parse', 'HEAD')).trim()).toBe(head);
          expect(readFileSync(join(checkout.dir, manifest), 'utf8')).toBe(deployment('1.4.2'));
          expect(readFileSync(join(checkout.dir, 'README.md'), 'utf8')).toBe('mine\n');
          expect(await checkout.state()).toBe(before);
          expect(shownLog(result)).toContain(`The workspace stands at ${head.slice(0, 7)} now`);
          expect(await fixture.text('README.md')).toBe('# gitops\n');
        },
        { args },
      );
    }));

  it('spares fetching what it holds', () =>
    withFixture(async (fixture) => {
      await withCheckout(fixture, async (checkout) => {
        const counts = [uploads(fixture).length];
        for (const how of ['clone', 'workspace']) {
          await checkout.run({ checkout: how, 'dry-run': 'true' });
          counts.push(uploads(fixture).length);
        }
        const [before = 0, cloned = 0, lent = 0] = counts;
        // It asks where the branch stands; commit and contents are there.
        expect([cloned - before, lent - cloned]).toEqual([3, 1]);
      });
    }));

  it('behind the branch is brought along over the commits of others', () =>
    withFixture(async (fixture) => {
      await withCheckout(fixture, async (checkout) => {
        await fixture.github.commitFiles(gitops, 'main', { 'other.txt': 'theirs' });
        const result = await checkout.run({ checkout: 'workspace' });
        expect(result.outputs.verdict).toBe('updated');
        expect(readFileSync(join(checkout.dir, 'other.txt'), 'utf8')).toBe('theirs');
        expect(await checkout.git('status', '--porcelain')).toBe('');
      });
    }));

  it('with changes of its own in a file that is committed stays as it is, with a warning', () =>
    withFixture(async (fixture) => {
      await withCheckout(fixture, async (checkout) => {
        const mine = deployment('1.4.1').replace('# keep', '# mine');
        writeFileSync(join(checkout.dir, manifest), mine);
        const head = await checkout.git('rev-parse', 'HEAD');
        const result = await checkout.run({ checkout: 'workspace' });
        expect(result.outputs.verdict).toBe('updated');
        expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
        expect(readFileSync(join(checkout.dir, manifest), 'utf8')).toBe(mine);
        expect(await checkout.git('rev-parse', 'HEAD')).toBe(head);
        expect(await checkout.git('status', '--porcelain')).toBe(` M ${manifest}\n`);
        expect(result.annotations).toMatchObject([
          { level: 'warning', message: expect.stringContaining('The workspace stays as it is') },
        ]);
      });
    }));

  it('with a commit that nobody pushed stays as it is, and that is not pushed', () =>
    withFixture(async (fixture) => {
      await withCheckout(fixture, async (checkout) => {
        await checkout.git('commit', '-q', '--allow-empty', '-m', 'mine');
        const head = await checkout.git('rev-parse', 'HEAD');
        const result = await checkout.run({ checkout: 'workspace' });
        expect(result.outputs.verdict).toBe('updated');
        expect(await checkout.git('rev-parse', 'HEAD')).toBe(head);
        const messages = (await fixture.github.log(gitops)).map(({ message }) => message);
        expect(messages).not.toContain('mine');
        expect(result.annotations).toMatchObject([{ message: expect.stringContaining('it has commits') }]);
      });
    }));

  it('by itself (auto) is used where it is that branch, and passed over where it is not', () =>
    withFixture(async (fixture) => {
      await withCheckout(fixture, async (checkout) => {
        await checkout.git('checkout', '-q', '-b', 'mine');
        expect((await checkout.run({})).outputs.verdict).toBe('updated');
        expect(readFileSync(join(checkout.dir, manifest), 'utf8')).toBe(deployment('1.4.1'));
        await checkout.git('checkout', '-q', 'main');
        const again = await checkout.run({ images: 'registry.example/shop:1.4.3' });
        expect(again.annotations).toEqual([]);
        expect(readFileSync(join(checkout.dir, manifest), 'utf8')).toBe(deployment('1.4.3'));
      });
    }));

  it('stays at its branch when a pull request is opened', () =>
    withFixture(async (fixture) => {
      await withCheckout(fixture, async (checkout) => {
        const result = await checkout.run({ checkout: 'workspace', commit: 'pull-request' });
        expect(result.outputs.verdict).toBe('pending');
        expect(readFileSync(join(checkout.dir, manifest), 'utf8')).toBe(deployment('1.4.1'));
      });
    }));

  it('of another branch, another repository, or none is an input error that names both', () =>
    withFixture(async (fixture) => {
      await withCheckout(fixture, async (checkout) => {
        const failed = async (inputs: Record<string, string>) => {
          const { outputs } = await checkout.run({ checkout: 'workspace', ...inputs });
          expect(outputs).toMatchObject({ verdict: 'unknown', reason: 'invalid-input', changed: 'false' });
          return outputs.summary;
        };
        await checkout.git('checkout', '-q', '-b', 'mine');
        expect(await failed({})).toMatch(/has mine checked out.*branch main/);
        await checkout.git('checkout', '-q', '--detach');
        expect(await failed({})).toMatch(/has no branch \([0-9a-f]{7}\) checked out.*branch main/);
        expect(await failed({ repository: 'acme/app' })).toMatch(/holds acme\/gitops.*goes to acme\/app/);
        rmSync(join(checkout.dir, '.git'), { recursive: true });
        expect(await failed({})).toMatch(/no repository is checked out/);
      });
    }));
});

describe.concurrent('the login of the checkout', { timeout: 60_000 }, () => {
  const own = { checkout: 'workspace', 'commit-method': 'git', token: '' };

  it('pushes where nothing else is given, and is shown nowhere', () =>
    withFixture(async (fixture) => {
      await withCheckout(fixture, async (checkout) => {
        const result = await checkout.run(own);
        expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
          exitCode: 0,
          verdict: 'updated',
          'commit-sha': await fixture.github.head(gitops),
        });
        expect(shownLog(result) + JSON.stringify(result.outputs)).not.toContain(fixture.token);
        expect(readFileSync(join(checkout.dir, manifest), 'utf8')).toBe(deployment('1.4.2'));
      });
    }));

  it('is missing, or stands in an address: one sentence, and no password in it', () =>
    withFixture(async (fixture) => {
      await withCheckout(fixture, async (checkout) => {
        await checkout.git('config', '--unset', `http.${fixture.github.url}/.extraheader`);
        const missing = await checkout.run(own);
        expect(missing.outputs).toMatchObject({ verdict: 'unknown', reason: 'invalid-input' });
        expect(missing.outputs.summary).toMatch(/has no login of its own/);
        const url = fixture.github.url.replace('://', `://x:${fixture.token}@`);
        await checkout.git('remote', 'set-url', 'origin', `${url}/${gitops}`);
        const inUrl = await checkout.run(own);
        expect(inUrl.outputs.summary).toMatch(/has a password in it/);
        // The runner is told what to mask; it shows no such line.
        const shown = inUrl.log.replace(/^::add-mask::.*$/gm, '');
        expect(shown + JSON.stringify(inUrl.outputs)).not.toContain(fixture.token);
      });
    }));
});
