// The one way in: `npm start`, `npm test` and the others come through here. Plain JavaScript in Node 20 syntax, because it
// runs before anything is installed; what it starts is TypeScript, run by the Node 24 that the lock file brings along.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const binaries = path.join(modules, '.bin');
const windows = process.platform === 'win32';

const tasks = {
  start: ['scripts/tour.ts'],
  test: ['scripts/test.ts'],
  long: ['scripts/long.ts'],
  build: ['scripts/build.ts'],
  e2e: ['scripts/e2e.ts'],
  bench: ['test/bench/bench.ts'],
  'bench:argocd': ['scripts/bench-argocd.ts'],
};

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Installs when package-lock.json is not the one that was installed last. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(modules, '.sluice-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const begun = Date.now();
  process.stdout.write('Installing the locked dependencies (npm ci) …\n');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: windows,
  });
  if (npm.status !== 0)
    fail('npm ci failed: see its message above; a package registry must be reachable for the first run.');
  writeFileSync(stamp, lock);
  process.stdout.write(`Installed in ${((Date.now() - begun) / 1000).toFixed(1)} s.\n`);
}

/** The Node that is locked as a dependency: the one that GitHub's runner uses (`using: node24`). */
function lockedNode() {
  const node = path.join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');
  const version = existsSync(node) ? spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout : '';
  const major = Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
  if (major < 24) {
    fail(
      'The locked Node 24 is not in node_modules: npm was told to run no install scripts. Run `npm ci --ignore-scripts=false` and try again.',
    );
  }
  return node;
}

const [task, ...rest] = process.argv.slice(2);
const script = tasks[task];
if (script === undefined)
  fail(`Unknown task ${JSON.stringify(task)}; known: ${Object.keys(tasks).join(', ')}.`);
if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node ${process.versions.node} is too old: Node 20 or newer is needed.`);
install();
const child = spawnSync(lockedNode(), [...script, ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}`,
    NODE_NO_WARNINGS: '1',
  },
});
if (child.error) fail(`Could not start ${script[0]}: ${child.error.message}`);
process.exit(child.status ?? 1);
