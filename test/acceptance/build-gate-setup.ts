import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunOptions, type RunResult, runBundle } from '@sluice/testbed/runner';
import { afterEach, beforeEach } from 'vitest';

const action = fileURLToPath(new URL('../../actions/build-gate/run', import.meta.url));
/** Another build than the committed one: the folder of its bundles. */
const built = process.env.SLUICE_BUNDLES;

/** How a stand-in of a builder answers a command whose arguments begin so. */
export interface Answer {
  readonly args: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  /** Never ends. */
  readonly hangs?: true;
  /** Is copied to where `--output=` or `oci:` says, of syft behind the format. */
  readonly copies?: string;
  /** Is written where `--digestfile=` says. */
  readonly digest?: string;
}

export const digestText = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** A stand-in: it writes down how it was called and with which variables, and answers as the first answer that fits. */
const script = (answers: readonly Answer[], calls: string) => `#!${process.execPath}
const { appendFileSync, cpSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(calls)}, JSON.stringify({ args, names: Object.keys(process.env) }) + '\\n');
const answer = ${JSON.stringify(answers)}.find((one) => args.join(' ').startsWith(one.args));
if (answer === undefined) { console.error('unknown command: ' + args.join(' ')); process.exit(125); }
const valueOf = (begin) => args.find((one) => one.startsWith(begin))?.slice(begin.length);
if (answer.copies) cpSync(answer.copies, valueOf('--output=cyclonedx-json=') ?? valueOf('--output=') ?? valueOf('oci:'), { recursive: true });
if (answer.digest) writeFileSync(valueOf('--digestfile='), answer.digest);
process.stdout.write(answer.stdout ?? '');
process.stderr.write(answer.stderr ?? '');
if (answer.hangs) setInterval(() => {}, 1000); else process.exitCode = answer.code ?? 0;
`;

/** Docker as it answers where all goes well; recorded from Docker 28 with BuildKit. */
export const docker: readonly Answer[] = [
  { args: 'version', stdout: '28.2.2\n' },
  { args: 'buildx version', stdout: 'github.com/docker/buildx v0.24.0 d0e5e86\n' },
  {
    args: 'buildx build',
    stderr: '#0 building with "default" instance using docker driver\n#5 exporting to image\n#5 DONE 0.1s\n',
  },
  { args: 'run', stdout: 'shop 1.4.2\n' },
  {
    args: 'container inspect',
    stdout: '{"Status":"exited","Running":false,"OOMKilled":false,"ExitCode":0,"Error":""}\n',
  },
  { args: 'rm --force' },
  { args: 'image rm' },
  { args: 'tag' },
];

/** Those answers, with others before them. */
export const dockerWith = (...others: readonly Answer[]): readonly Answer[] => [...others, ...docker];

export const runFails = (code: number, state: object, stdout = '', stderr = ''): readonly Answer[] =>
  dockerWith(
    { args: 'run', code, stdout, stderr },
    {
      args: 'container inspect',
      stdout: `${JSON.stringify({ Status: 'exited', OOMKilled: false, ExitCode: code, Error: '', ...state })}\n`,
    },
  );

/** A workspace with a Dockerfile and a folder of programs for each test, and the action run in it with nothing else on PATH. */
export function gateOfEach() {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gate-'));
    mkdirSync(join(root, 'bin'));
    mkdirSync(join(root, 'repository'));
    put('Dockerfile', 'FROM scratch\nCOPY shop /shop\n');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const workspace = () => join(root, 'repository');
  const calls = (program: string) => join(root, `${program}.calls`);
  function put(path: string, content: string): void {
    mkdirSync(dirname(join(workspace(), path)), { recursive: true });
    writeFileSync(join(workspace(), path), content);
  }
  return {
    put,
    workspace,
    path: (...parts: string[]) => join(root, ...parts),
    program(name: string, answers: readonly Answer[]): void {
      writeFileSync(join(root, 'bin', name), script(answers, calls(name)));
      chmodSync(join(root, 'bin', name), 0o755);
    },
    /** How a program was called, oldest first. */
    callsOf(name: string): { readonly args: readonly string[]; readonly names: readonly string[] }[] {
      if (!existsSync(calls(name))) return [];
      return readFileSync(calls(name), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
    /** What `docker save` writes of an image for linux/amd64 with these files: as an OCI layout, in a tar archive. */
    saved(files: Readonly<Record<string, string>>, config = digestText('c')): string {
      const [layer, layout, archive] = [join(root, 'layer'), join(root, 'layout'), join(root, 'saved.tar')];
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(layer, path)), { recursive: true });
        writeFileSync(join(layer, path), content);
      }
      mkdirSync(layer, { recursive: true });
      mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
      execFileSync('tar', ['-cf', join(layout, 'blobs/sha256', 'a'.repeat(64)), '-C', layer, '.']);
      const platform = { os: 'linux', architecture: 'amd64' };
      writeFileSync(join(layout, 'blobs/sha256', config.slice('sha256:'.length)), JSON.stringify(platform));
      const manifest = {
        schemaVersion: 2,
        config: { digest: config },
        layers: [{ digest: digestText('a') }],
      };
      writeFileSync(join(layout, 'blobs/sha256', 'b'.repeat(64)), JSON.stringify(manifest));
      writeFileSync(
        join(layout, 'index.json'),
        JSON.stringify({ schemaVersion: 2, manifests: [{ digest: digestText('b') }] }),
      );
      execFileSync('tar', ['-cf', archive, '-C', layout, '.']);
      return archive;
    },
    run: (
      inputs: Readonly<Record<string, string>> = {},
      more: Partial<RunOptions> = {},
    ): Promise<RunResult> =>
      runBundle({
        action,
        workspace: workspace(),
        ...(built === undefined ? {} : { bundle: join(built, 'build-gate.js') }),
        inputs: { ...(inputs.scan === undefined ? { scan: 'false' } : {}), ...inputs },
        ...more,
        env: { PATH: join(root, 'bin'), ...more.env },
      }),
  };
}

/** What of a result a test is about. */
export const verdictOf = ({ exitCode, outputs }: RunResult) => ({
  exitCode,
  verdict: outputs.verdict,
  ok: outputs.ok,
  reason: outputs.reason,
});
