import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goVersion } from '../rig/build.ts';
import { getLinters, type Linters } from '../rig/linters.ts';
import type { Scenario } from '../run-scenarios.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = '.github/workflows';
const workflows = readdirSync(join(root, folder)).map((name) => join(folder, name));

/**
 * What actionlint 1.7.12 does not know yet: references to the own repository, with which GitHub came in July 2026
 * (https://github.com/rhysd/actionlint/issues/711). It says "in invalid format because ref is missing".
 */
const unknownToActionlint = 'specifying action "\\$/[^"]*" in invalid format because ref is missing';

/** What the example of a page cannot have: a commit of ours, where it says `@v1`, which the page says to replace. */
const notInExamples = ['unpinned-uses'];

interface Ended {
  readonly code: number;
  readonly stdout: string;
  /** Both streams. */
  readonly output: string;
}

function ended(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, [...args], { cwd: root }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, output: `${stdout}${stderr}` });
    });
  });
}

async function linters(): Promise<Linters> {
  const go = await goVersion();
  assert.ok(go, 'actionlint is built with Go');
  return getLinters(go, console.log);
}

/** The whole workflows of the page that a team copies, as files. */
async function examples() {
  const files = mkdtempSync(join(tmpdir(), 'sluice-examples-'));
  const page = await readFile(join(root, 'docs/pull-request-checks.md'), 'utf8');
  const found = [...page.matchAll(/```yaml\n(name: [\s\S]*?)```/g)].map(([, text = '']) => text);
  const paths = found.map((_, at) => join(files, `example-${at}.yml`));
  for (const [at, path] of paths.entries()) writeFileSync(path, found[at] ?? '');
  return { paths, [Symbol.dispose]: () => rmSync(files, { recursive: true, force: true }) };
}

/** What others' linters say of the workflows: nothing that is not stated here with its reason. */
export const linting: readonly Scenario<unknown>[] = [
  {
    title: 'actionlint finds nothing in the workflows, nor in the examples of docs/pull-request-checks.md',
    async run() {
      using shown = await examples();
      const { actionlint } = await linters();
      const files = [...workflows, ...shown.paths];
      const { code, output } = await ended(actionlint, [
        '-no-color',
        '-ignore',
        unknownToActionlint,
        ...files,
      ]);
      assert.equal(code, 0, output);
    },
  },
  {
    title:
      'zizmor, pedantic, finds nothing in the workflows and actions, nor in the examples of docs/pull-request-checks.md',
    async run() {
      using shown = await examples();
      const { zizmor } = await linters();
      if (zizmor === undefined) {
        console.log(
          '           zizmor comes from the index of Python, which is not here: nothing was looked at',
        );
        return;
      }
      const own = await ended(zizmor, [
        '--offline',
        '--pedantic',
        '--no-progress',
        folder,
        'actions',
        'action.yml',
      ]);
      assert.equal(own.code, 0, own.output);
      const seen = await ended(zizmor, ['--offline', '--pedantic', '--format=json', ...shown.paths]);
      const found: unknown = JSON.parse(seen.stdout);
      assert.ok(Array.isArray(found), seen.output);
      const idents = found.map(({ ident }) => String(ident)).filter((one) => !notInExamples.includes(one));
      assert.deepEqual(idents, [], seen.output);
    },
  },
];
