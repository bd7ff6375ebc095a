import { execFile } from 'node:child_process';
import { access, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Debian's packages, by the program that each is needed for. */
type Packages = Readonly<Record<string, string>>;

const forArgoCd: Packages = { etcd: 'etcd-server', 'redis-server': 'redis-server' };

/** What builds, moves and keeps images, without Docker. */
export const forImages: Packages = {
  buildah: 'buildah',
  podman: 'podman',
  runc: 'runc',
  skopeo: 'skopeo',
  'docker-registry': 'docker-registry',
};

/** Installs programs from Debian where they are missing: etcd and Redis. Fails with what to install where it may not. */
export async function installPackages(
  say: (line: string) => void,
  packages: Packages = forArgoCd,
): Promise<void> {
  const missing: string[] = [];
  for (const [program, name] of Object.entries(packages)) if (!(await onPath(program))) missing.push(name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !(await onPath('apt-get'))) {
    throw new Error(
      `e2e needs ${Object.keys(packages).join(', ')}: install the packages ${missing.join(' and ')}.`,
    );
  }
  say(`Installing ${missing.join(' and ')}.`);
  await withoutServices(async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
  });
}

/** Debian starts a service when it installs it, unless this file says no. */
async function withoutServices(install: () => Promise<void>): Promise<void> {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' }).then(
    () => true,
    () => false,
  );
  try {
    await install();
  } finally {
    if (ours) await rm(policy, { force: true });
  }
}

async function onPath(program: string): Promise<boolean> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const found = await access(join(folder, program)).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
