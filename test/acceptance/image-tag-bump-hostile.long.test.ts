import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunResult, runBundle } from '@sluice/testbed/runner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const action = fileURLToPath(new URL('../../actions/image-tag-bump', import.meta.url));
const peakMemory = fileURLToPath(new URL('../bench/peak-memory.mjs', import.meta.url));
const image = 'registry.example/shop';

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'hostile-'));
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), content);
}
const read = (path: string) => readFileSync(join(workspace, path), 'utf8');

/** A run in the workspace with the most memory that it held; a run is stopped after 20 s. */
async function run(inputs: Record<string, string> = {}): Promise<RunResult & { megabytes: number }> {
  const peak = mkdtempSync(join(tmpdir(), 'peak-'));
  try {
    const result = await runBundle({
      action,
      workspace,
      inputs: { images: `${image}:1.4.2`, commit: 'none', branch: 'main', ...inputs },
      env: { NODE_OPTIONS: `--import=${peakMemory}`, PEAK_MEMORY: join(peak, 'rss') },
      timeout: 20_000,
    });
    return { ...result, megabytes: Number(readFileSync(join(peak, 'rss'), 'utf8')) / 1024 };
  } finally {
    rmSync(peak, { recursive: true });
  }
}

const pod = (tag: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\n${more}spec:\n  containers:\n  - name: c\n    image: ${image}:${tag}\n`;

/** Ten lines that stand for three billion values. */
const laughs = (indent = ''): string =>
  [
    `a0: &a0 [${'lol,'.repeat(9)}]`,
    ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`),
  ]
    .map((line) => `${indent}${line}\n`)
    .join('');
const inPatch = `resources: [good.yaml]\npatches:\n- patch: |-\n    kind: Pod\n    metadata: {name: shop}\n    spec: {containers: [{name: c, image: "${image}:1.4.1"}]}\n${laughs('    ')}`;
const inValues = `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec:\n  source:\n    helm:\n      values: |\n        image: {repository: ${image}, tag: 1.4.1}\n${laughs('        ')}`;
const utf16 = Buffer.from(`\ufeff${pod('1.4.1')}`, 'utf16le');

describe('a file that nobody could want read', { timeout: 60_000 }, () => {
  it.each<[string, string, string | Buffer, RegExp]>([
    ['a billion laughs', 'bad.yaml', pod('1.4.1', laughs()), /its aliases multiply without end/],
    [
      'a merge bomb',
      'bad.yaml',
      pod(
        '1.4.1',
        Array.from({ length: 60 }, (_, n) => `m${n + 1}: &m${n + 1} {<<: [*m${n}, *m${n}]}\n`)
          .join('')
          .replace('m1:', 'm0: &m0 {k: v}\nm1:'),
      ),
      /its aliases multiply without end/,
    ],
    [
      'an alias inside of what it stands for',
      'bad.yaml',
      pod('1.4.1', 'a: &a {b: *a}\n'),
      /its aliases multiply without end/,
    ],
    [
      'a billion laughs in values',
      'bad.yaml',
      `${laughs()}image: {repository: ${image}, tag: 1.4.1}\n`,
      /its aliases multiply without end/,
    ],
    [
      'a billion laughs in a patch',
      'kustomization.yaml',
      inPatch,
      /a patch in it is left alone: its aliases multiply without end/,
    ],
    [
      'a billion laughs in helm.values',
      'bad.yaml',
      inValues,
      /spec.source.helm.values is left alone: its aliases multiply without end/,
    ],
    [
      '100,000 open brackets',
      'bad.yaml',
      pod('1.4.1', `x: ${'['.repeat(100_000)}\n`),
      /it is not YAML: nesting exceeded/,
    ],
    [
      '100,000 maps',
      'bad.yaml',
      pod('1.4.1', `x: ${'{a: '.repeat(100_000)}1${'}'.repeat(100_000)}\n`),
      /it is not YAML: nesting exceeded/,
    ],
    [
      '100,000 dashes',
      'bad.yaml',
      pod('1.4.1', `x:\n  ${'- '.repeat(100_000)}a\n`),
      /it is not YAML: nesting exceeded/,
    ],
    [
      '100,000 arrays of JSON',
      'bad.json',
      `{"kind":"Pod","image":"${image}:1","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      /it is not YAML: nesting exceeded/,
    ],
    [
      'a million lines',
      'bad.yaml',
      pod('1.4.1', `x:\n${'- 1\n'.repeat(1_000_000)}`),
      /more than 150,000 lines and elements/,
    ],
    [
      '300,000 documents',
      'bad.yaml',
      pod('1.4.1') + '---\na: 1\n'.repeat(300_000),
      /more than 150,000 lines and elements/,
    ],
    ['6 MB', 'bad.yaml', pod('1.4.1', `x: ${'y'.repeat(6_000_000)}\n`), /larger than 5 MB/],
    [
      'bytes that are no UTF-8',
      'bad.yaml',
      Buffer.concat([Buffer.from(pod('1.4.1')), Buffer.from([0xff, 0xc0, 0x80])]),
      /is not UTF-8 text/,
    ],
    ['UTF-16', 'bad.yaml', utf16, /is not UTF-8 text/],
    ['NUL bytes', 'bad.yaml', pod('1.4.1', 'x: "a\0b"\n'), /it is not YAML/],
  ])('%s: it is left out with a sentence, and is an error where it is named', async (_, path, content, says) => {
    put('good.yaml', pod('1.4.1'));
    put(path, content);
    const before = readFileSync(join(workspace, path));
    const around = await run();
    expect({ ...around.outputs, log: around.log }).toMatchObject({
      verdict: 'updated',
      log: expect.stringMatching(new RegExp(`::warning::${path.replace('.', '\\.')}.*${says.source}`)),
    });
    expect(around.annotations.filter(({ level }) => level === 'warning')).toHaveLength(1);
    expect(read('good.yaml')).toBe(pod('1.4.2'));
    const named = await run({ path });
    expect(named.exitCode).toBe(1);
    expect(named.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(named.outputs.summary).toMatch(says);
    expect(readFileSync(join(workspace, path))).toEqual(before);
    for (const { ms, megabytes } of [around, named]) {
      expect(ms).toBeLessThan(10_000);
      expect(megabytes).toBeLessThan(300);
    }
  });

  const odd: readonly (readonly [what: string, text: string])[] = [
    ['a byte order mark', `\ufeff${pod('1.4.1')}`],
    ['a key of 4 MB', pod('1.4.1', `? "${'k'.repeat(4_000_000)}"\n: 1\n`)],
    ['a value of 4 MB', pod('1.4.1', `x: ${'v'.repeat(4_000_000)}\n`)],
    ['4 MB of spaces', pod('1.4.1', `x: a${' '.repeat(4_000_000)}\n`)],
    ['a tag of 1 MB', pod('1.4.1', `x: !<${'t'.repeat(1_000_000)}> 1\n`)],
    ['100,000 times the same key', pod('1.4.1', 'x: 1\n'.repeat(100_000))],
    [
      '20,000 anchors',
      pod('1.4.1', Array.from({ length: 20_000 }, (_, n) => `k${n}: &a${n} 1\nl${n}: *a${n}\n`).join('')),
    ],
    [
      '5,000 Pods',
      Array.from({ length: 5_000 }, (_, n) => pod('1.4.1').replace('name: shop', `name: shop-${n}`)).join(
        '---\n',
      ),
    ],
  ];

  // Several to a process, as many as stay within the memory that one may take.
  const groups = [odd.slice(0, 5), odd.slice(5, 7), odd.slice(7)];
  it.each(
    groups.map((files) => [files.map(([what]) => what).join(', '), files] as const),
  )('%s: no reason not to edit', async (_, files) => {
    for (const [index, [, text]] of files.entries()) put(`odd-${index}.yaml`, text);
    const { outputs, ms, megabytes } = await run();
    expect(outputs).toMatchObject({ verdict: 'updated' });
    for (const [index, [what, text]] of files.entries()) {
      const wanted = text.replaceAll(`${image}:1.4.1`, `${image}:1.4.2`);
      expect(read(`odd-${index}.yaml`) === wanted, what).toBe(true);
    }
    expect(ms).toBeLessThan(10_000);
    expect(megabytes).toBeLessThan(400);
  });
});

describe('a folder that nobody could want walked', { timeout: 60_000 }, () => {
  it('100 MB of a file are not read, whether found or named', async () => {
    put('good.yaml', pod('1.4.1'));
    put('large.yaml', pod('1.4.1'));
    truncateSync(join(workspace, 'large.yaml'), 100_000_000);
    const around = await run();
    expect(around.outputs).toMatchObject({ verdict: 'updated' });
    expect(around.log).toMatch(/::warning::large.yaml.* is larger than 5 MB and is not read/);
    const named = await run({ path: 'large.yaml' });
    expect(named.outputs).toMatchObject({ verdict: 'unknown', reason: 'too-large' });
    for (const { megabytes } of [around, named]) expect(megabytes).toBeLessThan(120);
  });

  it.runIf(process.platform === 'linux')(
    'named pipes, devices and links are neither followed nor waited for',
    async () => {
      put('good.yaml', pod('1.4.1'));
      const outside = mkdtempSync(join(tmpdir(), 'outside-'));
      try {
        writeFileSync(join(outside, 'deployment.yaml'), pod('1.4.1'));
        execFileSync('mkfifo', [join(workspace, 'pipe.yaml')]);
        const links = {
          'zero.yaml': '/dev/zero',
          'proc.yaml': '/proc',
          'out.yaml': join(outside, 'deployment.yaml'),
          out: outside,
          up: '..',
          self: '.',
          'loop.yaml': 'loop.yaml',
          'stdin.yaml': '/dev/stdin',
        };
        for (const [name, target] of Object.entries(links)) symlinkSync(target, join(workspace, name));
        expect((await run()).outputs).toMatchObject({ verdict: 'updated' });
        for (const path of [
          'pipe.yaml',
          ...Object.keys(links),
          'out/deployment.yaml',
          'self/good.yaml',
          'proc.yaml/self/environ',
        ]) {
          const { outputs } = await run({ path });
          expect([path, outputs.verdict, outputs.reason]).toEqual([path, 'unknown', 'path-not-found']);
        }
        for (const path of ['pipe.yaml', 'zero.yaml', 'out.yaml', 'out/deployment.yaml']) {
          const { outputs } = await run({ images: '', set: `${path} spec.containers[0].image=x` });
          expect([path, outputs.verdict, outputs.reason]).toEqual([path, 'not-found', 'place-not-found']);
        }
        expect(readFileSync(join(outside, 'deployment.yaml'), 'utf8')).toBe(pod('1.4.1'));
      } finally {
        rmSync(outside, { recursive: true });
      }
    },
  );

  it('folders 500 deep are walked', async () => {
    const deep = `${'d/'.repeat(500)}pod.yaml`;
    put(deep, pod('1.4.1'));
    expect((await run()).outputs).toMatchObject({ verdict: 'updated' });
    expect(read(deep)).toBe(pod('1.4.2'));
  });

  it('what belongs to Git is not edited, however its name is spelled', async () => {
    for (const path of ['.git/pod.yaml', '.GIT/pod.yaml', 'sub/.git/pod.yaml', 'sub/.Git/pod.yaml'])
      put(path, pod('1.4.1'));
    put('good.yaml', pod('1.4.1'));
    expect((await run()).outputs).toMatchObject({ verdict: 'updated' });
    for (const path of ['.git', '.GIT/pod.yaml', 'sub/.git', 'sub/.Git/pod.yaml', './/.git/pod.yaml']) {
      const { outputs } = await run({ path });
      expect([path, outputs.reason]).toEqual([path, 'invalid-input']);
      const set = await run({ images: '', set: `${path} a=b` });
      expect([path, set.outputs.reason]).toEqual([path, 'invalid-input']);
    }
    for (const path of ['.git/pod.yaml', '.GIT/pod.yaml', 'sub/.git/pod.yaml', 'sub/.Git/pod.yaml']) {
      expect(read(path)).toBe(pod('1.4.1'));
    }
  });

  it.each([
    '../x.yaml',
    'a/../../x.yaml',
    '/etc/passwd',
    'C:/x.yaml',
    '..\\x.yaml',
    'a\\..\\..\\x.yaml',
  ])('the path %s leads out and is refused', async (path) => {
    put('good.yaml', pod('1.4.1'));
    const quoted = JSON.stringify(path);
    const { outputs } = await run({ path, set: `${quoted} a=b`, 'helm-values': `${quoted}: a` });
    expect(outputs).toMatchObject({ verdict: 'unknown', reason: 'invalid-input' });
    for (const input of ['path: ', 'set: ', 'helm-values: ']) expect(outputs.summary).toContain(input);
    expect(read('good.yaml')).toBe(pod('1.4.1'));
  });
});

/** What a log or a page must not be made to say or do. */
const ATTACK = '::error::pwned\u001b[2J\u202e<img src=x>@acme/owners';

describe('names and texts that attack whoever reads the log or the page', { timeout: 60_000 }, () => {
  function expectTame({ log, summary, outputs, annotations }: RunResult): void {
    expect(annotations.filter(({ message }) => message.startsWith('pwned'))).toEqual([]);
    for (const shown of [log, summary, outputs.summary ?? '']) {
      for (const raw of ['\u001b', '\u202e']) expect(shown).not.toContain(raw);
      expect(shown).not.toMatch(/^\s*::error::pwned/m);
    }
    expect(summary.replaceAll(/(`+)[^`].*?\1/gs, '')).not.toMatch(/<img|@acme/);
  }

  it.runIf(process.platform === 'linux')(
    'in the name of a file that is edited, left out, or an error',
    async () => {
      const names = [`a\n${ATTACK.replaceAll('/', '')}.yaml`, `b ${ATTACK.replaceAll('/', '')}.yaml`];
      for (const name of names) put(name, pod('1.4.1'));
      put(`c\n${ATTACK.replaceAll('/', '')}.yaml`, pod('1.4.1', laughs()));
      const edited = await run();
      expect(edited.outputs).toMatchObject({ verdict: 'updated' });
      for (const name of names) expect(read(name)).toBe(pod('1.4.2'));
      expectTame(edited);
      rmSync(workspace, { recursive: true });
      put(`d\n${ATTACK.replaceAll('/', '')}.yaml`, pod('1.4.1', laughs()));
      expectTame(await run());
    },
  );

  it('in the values of a file, and in what an input names', async () => {
    const name = JSON.stringify(`x\n${ATTACK}`);
    put(
      'a.yaml',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${name}}\nspec:\n  containers:\n  - name: ${name}\n    image: ${image}:1.4.1 # ${ATTACK.replace('\u001b', '')}\n`,
    );
    put('b.yaml', `x: ${name}\n`);
    expectTame(await run());
    expectTame(await run({ images: '', set: 'b.yaml x=y' }));
    expectTame(await run({ images: '', set: `b.yaml x=${ATTACK}` }));
    expectTame(await run({ images: `${image}:1 ${ATTACK}` }));
    expectTame(await run({ path: `none/${ATTACK}` }));
  });
});

describe('a repository that is no name', { timeout: 60_000 }, () => {
  it.each([
    'https://alice:hunter2hunter2@github.example/acme/gitops',
    'https://github.example/acme/gitops',
    'git@github.example:acme/gitops.git',
    '--upload-pack=touch started/x',
    'acme/gitops --upload-pack=x',
    'acme/gitops\n--upload-pack=x',
    'ext::sh -c touch% started/x',
    'file:///etc/x',
  ])('%j is refused, and is not repeated where it may hold a password', async (repository) => {
    put('good.yaml', pod('1.4.1'));
    const result = await run({ repository, commit: 'direct', token: 'x' });
    expect(result.outputs).toMatchObject({ verdict: 'unknown', reason: 'invalid-input' });
    expect(result.log + result.summary + JSON.stringify(result.outputs)).not.toContain('hunter2');
    expect(existsSync(join(workspace, 'started'))).toBe(false);
    expect(read('good.yaml')).toBe(pod('1.4.1'));
  });
});
