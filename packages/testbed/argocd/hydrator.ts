import { spawn } from 'node:child_process';
import path from 'node:path';
import type { App } from './app.ts';
import { isoSeconds } from './clock.ts';
import { generationError, renderAt } from './controller.ts';
import { at, textAt, toJson } from './json.ts';
import type { Rig } from './rig.ts';
import type { Hydrator } from './types.ts';

/**
 * The source hydrator: renders the dry source and commits that to the branch that is synced. Its status, and `hydrator.metadata` beside
 * the manifests, are as the documentation of Argo CD describes them. While one runs another one is not begun.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/source-hydrator/
 */
export async function hydrate(rig: Rig, app: App): Promise<void> {
  const hydrator = app.spec.sourceHydrator;
  if (hydrator === undefined || app.hydrating) return;
  const { repoURL, targetRevision = 'HEAD' } = hydrator.drySource;
  const dry = await rig.git.resolve(repoURL, targetRevision).catch(() => undefined);
  const done = textAt(app.status.sourceHydrator, 'lastSuccessfulOperation', 'drySHA');
  const isTried = textAt(app.status.sourceHydrator, 'currentOperation', 'drySHA') === dry;
  if (dry === undefined || (dry === done && isTried)) return;
  app.hydrating = true;
  const operation = {
    ...{ drySHA: dry, startedAt: isoSeconds(rig.clock.now()), sourceHydrator: toJson(hydrator) },
  };
  show(rig, app, { ...operation, phase: 'Hydrating' });
  await rig.clock.sleep(rig.timing.hydration);
  try {
    const hydratedSHA = await commitRendered(rig, app, hydrator, dry);
    const finished = { ...operation, hydratedSHA, finishedAt: isoSeconds(rig.clock.now()) };
    const { phase: _, ...last } = { ...finished, phase: 'Hydrated' };
    show(rig, app, { ...finished, phase: 'Hydrated' }, last);
  } catch (error) {
    const message = `failed to hydrate app: ${generationError(error)}`;
    show(rig, app, { ...operation, phase: 'Failed', message, finishedAt: isoSeconds(rig.clock.now()) });
  } finally {
    app.hydrating = false;
  }
}

function show(rig: Rig, app: App, currentOperation: object, last?: object): void {
  const before = at(app.status.sourceHydrator, 'lastSuccessfulOperation');
  const lastSuccessfulOperation = last === undefined ? before : toJson(last);
  app.status = {
    ...app.status,
    sourceHydrator: {
      currentOperation: toJson(currentOperation),
      ...(lastSuccessfulOperation !== undefined && { lastSuccessfulOperation }),
    },
  };
  rig.emit(app);
}

async function commitRendered(
  rig: Rig,
  app: App,
  { drySource, syncSource, hydrateTo }: Hydrator,
  dry: string,
): Promise<string> {
  if (app.faults.hydration !== undefined) throw new Error(app.faults.hydration);
  const { manifests } = await renderAt(rig, app, [drySource], [dry]);
  const metadata = JSON.stringify({ repoURL: drySource.repoURL, drySha: dry }, undefined, 2);
  const files = {
    [path.posix.join(syncSource.path, 'manifest.yaml')]: manifests
      .map((one) => JSON.stringify(one))
      .join('\n---\n'),
    [path.posix.join(syncSource.path, 'hydrator.metadata')]: metadata,
    'hydrator.metadata': metadata,
  };
  const branch = hydrateTo?.targetBranch ?? syncSource.targetBranch;
  return commitFiles(rig.folder(drySource.repoURL), branch, files, `[Bot] hydrate ${dry}`);
}

/** Files laid over what a branch of a bare repository holds. */
async function commitFiles(
  dir: string,
  branch: string,
  files: Readonly<Record<string, string>>,
  message: string,
): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const parent = await git(dir, ['rev-parse', '--verify', '--quiet', ref]).catch(() => '');
  const lines = [
    `commit ${ref}`,
    `committer Argo CD <argo@argocd.example> ${Math.floor(Date.now() / 1000)} +0000`,
    data(message).trimEnd(),
    ...(parent === '' ? [] : [`from ${parent}`]),
    ...Object.entries(files).map(([file, text]) => `M 100644 inline ${file}\n${data(text).trimEnd()}`),
  ];
  await git(dir, ['fast-import', '--quiet', '--force'], `${lines.join('\n')}\n`);
  return git(dir, ['rev-parse', ref]);
}

function git(dir: string, args: readonly string[], input = ''): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', GIT_CONFIG_NOSYSTEM: '1', HOME: dir };
  const child = spawn('git', ['-C', dir, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8').trim());
      else reject(new Error(Buffer.concat(err).toString('utf8').trim() || `git ${args[0]} failed`));
    });
  });
}
