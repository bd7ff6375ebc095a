import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { forImages, installPackages } from './packages.ts';
import { freePorts } from './ports.ts';
import { createProcesses } from './processes.ts';

const run = promisify(execFile);

/** A real registry on the loopback, buildah and podman with a storage of their own, and a program to put into images. */
export interface ImageRig extends AsyncDisposable {
  /** `127.0.0.1:41234`: what an image's name begins with. */
  readonly registry: string;
  /** What buildah, podman and skopeo find that storage by. */
  readonly env: Readonly<Record<string, string>>;
  /** The program, as a file. */
  readonly probe: string;
  /** A repository that holds these files and the program, `probe`. */
  workspace(files: Readonly<Record<string, string>>): Promise<string>;
  /** The digest that a tag leads to, as skopeo reads it. */
  digest(image: string): Promise<string>;
  /** The tags of a repository; none where there is no such repository. */
  tags(repository: string): Promise<readonly string[]>;
  /** Copies an image within the registry, as a release promotes it. */
  promote(from: string, to: string): Promise<void>;
  /** Leaves the image that a tag leads to in the storage, under that tag. */
  pull(image: string): Promise<void>;
  /** Pulls an image, starts its program with one argument, and removes it again: what it writes. */
  start(image: string, argument: string): Promise<string>;
}

/** The programs that it needs, installed from Debian where they are missing and that may be done. */
export const prepareImages = (say: (line: string) => void): Promise<void> => installPackages(say, forImages);

export async function startImages(): Promise<ImageRig> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-images-'));
  const [port = 0] = await freePorts(1);
  const registry = `127.0.0.1:${port}`;
  const processes = createProcesses(folder);
  await writeFile(join(folder, 'registry.yml'), registryConfig(registry, folder));
  await writeFile(join(folder, 'storage.conf'), storageConfig(folder));
  processes.start('registry', 'docker-registry', ['serve', join(folder, 'registry.yml')]);
  await processes.until('registry', 20, async () => {
    if (!(await fetch(`http://${registry}/v2/`)).ok) throw new Error('it does not answer');
  });
  const probe = join(folder, 'probe');
  const building = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false -trimpath' };
  await run('go', ['build', '-o', probe, '.'], { cwd: join(import.meta.dirname, 'probe'), env: building });
  await writeFile(join(folder, 'containers.conf'), containersConfig);
  const env = {
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    BUILDAH_ISOLATION: 'chroot',
  };
  const tool = async (program: string, args: readonly string[]) =>
    (await run(program, [...args], { env: { ...process.env, ...env }, maxBuffer: 1 << 24 })).stdout.trim();
  let made = 0;
  return {
    registry,
    env,
    probe,
    async workspace(files) {
      const path = join(folder, `repository-${++made}`);
      await mkdir(path);
      await copyFile(probe, join(path, 'probe'));
      for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
      return path;
    },
    digest: (image) =>
      tool('skopeo', ['inspect', '--tls-verify=false', '--format={{.Digest}}', `docker://${image}`]),
    async tags(repository) {
      const answer = await fetch(`http://${registry}/v2/${repository}/tags/list`);
      const found: unknown = answer.ok ? await answer.json() : {};
      const { tags } = Object(found);
      return Array.isArray(tags) ? tags.map(String) : [];
    },
    async promote(from, to) {
      const plain = ['--src-tls-verify=false', '--dest-tls-verify=false', '--all'];
      await tool('skopeo', ['copy', ...plain, `docker://${from}`, `docker://${to}`]);
    },
    async pull(image) {
      await tool('buildah', ['pull', '--tls-verify=false', image]);
    },
    async start(image, argument) {
      const container = await tool('buildah', ['from', '--tls-verify=false', image]);
      try {
        return await tool('buildah', ['run', container, '--', '/probe', argument]);
      } finally {
        await tool('buildah', ['rm', container]);
        await tool('buildah', ['rmi', image]);
      }
    },
    async [Symbol.asyncDispose]() {
      processes.killAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const registryConfig = (address: string, folder: string): string =>
  [
    'version: 0.1',
    'log: { level: error }',
    `storage: { filesystem: { rootdirectory: ${join(folder, 'registry')} } }`,
    `http: { addr: "${address}" }`,
    '',
  ].join('\n');

/** `vfs` needs nothing of the kernel. */
const storageConfig = (folder: string): string =>
  [
    '[storage]',
    'driver = "vfs"',
    `graphroot = "${join(folder, 'storage')}"`,
    `runroot = "${join(folder, 'run')}"`,
    '',
  ].join('\n');

/** Not more than a sandbox allows; and runc, which takes cgroups as they come. */
const containersConfig = [
  '[containers]',
  'default_ulimits = ["nofile=1024:1024", "nproc=512:512"]',
  '[engine]',
  'runtime = "runc"',
  'cgroup_manager = "cgroupfs"',
  '',
].join('\n');

/** Whether podman starts containers here: it needs namespaces and cgroups, which not every machine gives. */
export async function podmanStarts(): Promise<boolean> {
  await using rig = await startImages();
  const workspace = await rig.workspace({ Dockerfile: 'FROM scratch\nCOPY probe /probe\n' });
  const podman = (...args: readonly string[]) =>
    run('podman', [...args], { env: { ...process.env, ...rig.env }, cwd: workspace });
  try {
    await podman('build', '--tag=localhost/probe', '.');
    await podman('run', '--rm', '--network=none', '--memory=100000000b', 'localhost/probe', '/probe');
    return true;
  } catch {
    return false;
  }
}

/** Where Docker's client finds its daemon and its plugins: a bundle is started with a HOME of its own. A folder that is not there is not named: a login would be looked for in it. */
export function dockerEnvironment(): Record<string, string> {
  const { DOCKER_HOST, DOCKER_CONFIG, HOME = '' } = process.env;
  const folder = DOCKER_CONFIG ?? join(HOME, '.docker');
  return {
    ...(existsSync(folder) ? { DOCKER_CONFIG: folder } : {}),
    ...(DOCKER_HOST === undefined ? {} : { DOCKER_HOST }),
  };
}

/** Whether a Docker daemon answers here, with buildx: none is started. */
export async function dockerStarts(): Promise<boolean> {
  try {
    await run('docker', ['version']);
    await run('docker', ['buildx', 'version']);
    return true;
  } catch {
    return false;
  }
}
