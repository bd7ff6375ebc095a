import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { archive, archiveLimit, archiveSize } from '../../scripts/archive.ts';

const root = path.resolve(import.meta.dirname, '../..');
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, maxBuffer: 1 << 28 });
/** A tree that was unpacked from an archive has no history to ask. */
const hasHistory = existsSync(path.join(root, '.git'));
const files = hasHistory
  ? git('ls-files', '-z', '--cached', '--others', '--exclude-standard').toString().split('\0').filter(Boolean)
  : readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .filter((file) => !/(^|[/\\])node_modules[/\\]/.test(file));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const sources = files.filter((f) => f.endsWith('.ts') && !f.startsWith('dist/'));

interface Locked {
  readonly resolved?: string;
  readonly optionalDependencies?: Record<string, string>;
}

const lock: { packages: Record<string, Locked> } = JSON.parse(read('package-lock.json'));

test('the lock file has every platform binding of the tools, so that npm ci works on each', () => {
  const tools = ['@biomejs/biome', 'rolldown', 'knip', 'typescript', 'vitest', 'node'];
  const wanted = tools.flatMap((tool) =>
    Object.keys(lock.packages[`node_modules/${tool}`]?.optionalDependencies ?? {}),
  );
  expect(wanted.length).toBeGreaterThan(10);
  expect(wanted.filter((name) => lock.packages[`node_modules/${name}`] === undefined)).toEqual([]);
});

test('the lock file records no download address', () => {
  const addresses = Object.values(lock.packages).filter((p) => p.resolved?.startsWith('http'));
  expect(addresses).toEqual([]);
});

test.runIf(hasHistory)('what `uses:` downloads stays under 1.5 MB', () => {
  expect(archiveSize()).toBeLessThan(archiveLimit);
});

test.runIf(hasHistory)('the archive holds what an action needs at run time, and no more', () => {
  const listed = execFileSync('tar', ['-t'], { input: archive() });
  const tops = new Set(
    listed
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((f) => f.split('/')[0]),
  );
  expect([...tops].sort()).toEqual([
    '.gitattributes',
    '.gitignore',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'action.yml',
    'actions',
    'dist',
  ]);
});

test('source files are small: none over 400 lines, the median at most 90', () => {
  const lengths = sources
    .map((f) => ({ f, lines: read(f).split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  expect(lengths.filter(({ lines }) => lines > 400)).toEqual([]);
  const own = lengths.filter(({ f }) => !f.endsWith('.test.ts'));
  expect(own[Math.floor(own.length / 2)]?.lines).toBeLessThanOrEqual(90);
});

test('imports go one way: actions, delivery, argocd, gitops, oci, sbom, core', () => {
  const order = ['core', 'sbom', 'oci', 'gitops', 'argocd', 'delivery'];
  // What several tests share has a name that begins with test-, or is a simulation; tests alone import it.
  const forTests = /(\.test|\/test-[a-z-]+)\.ts$|\/simulation\//;
  const shipped = sources.filter((f) => !f.startsWith('packages/testbed/') && !forTests.test(f));
  expect(
    shipped.filter((f) => /^(actions|packages)\//.test(f) && /from '.*\/(test-|simulation\/)/.test(read(f))),
  ).toEqual([]);
  const wrong = shipped
    .filter((f) => f.startsWith('packages/'))
    .flatMap((f) => {
      const own = order.indexOf(f.split('/')[1] ?? '');
      const imported = [...read(f).matchAll(/from '@sluice\/([a-z]+)\//g)].map((m) => m[1] ?? '');
      return imported
        .filter((name) => order.indexOf(name) < 0 || order.indexOf(name) >= own)
        .map((name) => `${f} → ${name}`);
    });
  expect(wrong).toEqual([]);
});

test('nothing that ships knows languages at its start: their tables take 13 ms to load', () => {
  const shipped = sources.filter(
    (f) => /^(actions|packages)\//.test(f) && !f.startsWith('packages/testbed/'),
  );
  const knowing = /\.toLocale\w+\(|\.localeCompare\(|Intl\.Collator/;
  expect(shipped.filter((f) => !f.endsWith('.test.ts') && knowing.test(read(f)))).toEqual([]);
});

test('no file names a machine or a registry of the place where it was made', () => {
  // Put together here so that this file does not find itself.
  const pattern = new RegExp(
    `(^|[^A-Za-z0-9_.}])/(${['wo', 'rk'].join('')}|root)/[a-z]|https?://registry\\.npm`,
    'm',
  );
  const texts = files.filter((f) => !f.startsWith('dist/') && f !== 'package-lock.json' && f !== 'LICENSE');
  expect(texts.filter((f) => pattern.test(read(f)))).toEqual([]);
});
