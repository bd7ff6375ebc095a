import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Act, buildAct } from './act.ts';
import { type ArgoCd, startArgoCd } from './argocd.ts';
import { type Binaries, buildBinaries } from './build.ts';
import { callJson } from './http.ts';
import { at, textAt } from './json.ts';
import { type Kubernetes, startKubernetes } from './kubernetes.ts';
import { operate } from './operator.ts';
import { installPackages } from './packages.ts';
import { createProcesses, type Processes } from './processes.ts';

const run = promisify(execFile);

/** Everything real that a scenario runs against. */
export interface Rig {
  /** Temporary; removed at the end. */
  readonly folder: string;
  /** Where the real programs lie, kustomize and Helm among them. */
  readonly bin: string;
  readonly kubernetes: Kubernetes;
  readonly argocd: ArgoCd;
  readonly act: Act;
  readonly processes: Processes;
  /** One line: what runs here, by what it says of itself. */
  versions(): Promise<string>;
  /**
   * Until released, Argo CD cannot render a kustomization in a folder of this name, which makes it fall behind; and
   * no Job ends in a namespace of this name, which keeps a sync running.
   */
  hold(name: string): void;
  release(name: string): void;
  /** Of each of Argo CD's programs the last lines that speak of the application, and what the application shows. */
  lastLines(application: string): Promise<string>;
  stop(): void;
}

/** Builds what is missing and starts all of it in a temporary folder. `stop` ends every process and removes the folder. */
export async function startRig(go: string, say: (line: string) => void): Promise<Rig> {
  await installPackages(say);
  const binaries = await buildBinaries(go, say);
  const act = await buildAct(go, say);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-'));
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const processes = createProcesses(logs);
  const over = new AbortController();
  const stop = (): void => {
    over.abort();
    processes.killAll();
    // A killed program may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  process.once('exit', stop);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  try {
    const held = writeSlowKustomize(folder, binaries);
    const kubernetes = await startKubernetes(processes, binaries.bin, folder);
    const argocd = await startArgoCd(processes, binaries, kubernetes, folder, held.path);
    const isHeld = (name: string): boolean => existsSync(join(held.folder, name));
    void operate(kubernetes, isHeld, over.signal);
    return {
      folder,
      bin: binaries.bin,
      kubernetes,
      argocd,
      act,
      processes,
      versions: () => versions(kubernetes, argocd, act),
      hold: (name) => writeFileSync(join(held.folder, name), ''),
      release: (name) => rmSync(join(held.folder, name), { force: true }),
      lastLines: (application) => lastLines(processes, argocd, application),
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/** A kustomize before the real one that waits while the file of its folder's name is there. */
function writeSlowKustomize(folder: string, binaries: Binaries): { path: string; folder: string } {
  const path = join(folder, 'path');
  const held = join(folder, 'held');
  mkdirSync(path);
  mkdirSync(held);
  const script = [
    '#!/bin/sh',
    // `kustomize build <folder>`
    `if [ "$1" = build ]; then while [ -e '${held}'/"$(basename "$2")" ]; do sleep 0.2; done; fi`,
    `exec '${binaries.bin}/kustomize' "$@"`,
  ].join('\n');
  writeFileSync(join(path, 'kustomize'), `${script}\n`);
  chmodSync(join(path, 'kustomize'), 0o755);
  return { path, folder: held };
}

async function versions(kubernetes: Kubernetes, argocd: ArgoCd, act: Act): Promise<string> {
  const argo = await argocd.call('GET', '/api/version');
  const kube = await kubernetes.get('/version');
  const etcd = await callJson({ method: 'GET', url: `${kubernetes.etcdUrl}/version` });
  const redis = (await run('redis-server', ['--version'])).stdout.match(/v=(\S+)/)?.[1] ?? '?';
  const git = (await run('git', ['--version'])).stdout.trim().replace('git version ', '');
  return [
    `Argo CD ${textAt(argo, 'Version').split('+')[0]}`,
    `Kubernetes ${textAt(kube, 'gitVersion')}`,
    `etcd ${textAt(etcd, 'etcdserver')}`,
    `Redis ${redis}`,
    `kustomize ${textAt(argo, 'KustomizeVersion').split(' ')[0]}`,
    `Helm ${textAt(argo, 'HelmVersion').split('+')[0]}`,
    `act ${act.version}`,
    `Git ${git}`,
    `Node ${process.version}`,
  ].join(', ');
}

async function lastLines(processes: Processes, argocd: ArgoCd, application: string): Promise<string> {
  const logs = processes
    .names()
    .filter((name) => name.startsWith('argocd-'))
    .map((name) => `${name}:\n${processes.tail(name, 8, application)}`);
  const shown = await argocd.call('GET', `/api/v1/applications/${application}`);
  const status = JSON.stringify({ operation: at(shown, 'operation'), status: at(shown, 'status') });
  return [...logs, `application ${application}:\n${status.slice(0, 4000)}`].join('\n');
}
