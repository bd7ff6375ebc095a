import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sluice/core/clock';
import { systemExec } from '@sluice/core/exec';
import { createGit } from '@sluice/core/git';
import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import type { Change } from '@sluice/gitops/change';
import { parseAssignment, parseImageEntry } from '@sluice/gitops/entries';
import { planEdits } from '@sluice/gitops/find/plan-edits';
import { openRepository } from '@sluice/gitops/git/git-repository';
import type { TokenOptions } from '@sluice/testbed/argocd/accounts';
import type { ArgoCdStandIn, StandInOptions } from '@sluice/testbed/argocd/options';
import { createScratchRepository, deployment } from '@sluice/testbed/argocd/scratch-repository';
import { startArgoCd } from '@sluice/testbed/argocd/stand-in';
import { createArgoCD } from '../api/argocd.ts';
import { fixedToken } from '../api/authorization.ts';
import { createClient } from '../api/client.ts';
import type { Settings } from '../decide/types.ts';
import { type ApplicationVerdict, type WaitRequest, waitForChange } from './wait.ts';

export const IMAGE = 'registry.example.com/shop';

/** A chart whose Deployment has the image of its values. */
export const chart = (folder: string): Record<string, string> => ({
  [`${folder}/Chart.yaml`]: 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
  [`${folder}/values.yaml`]: `image:\n  repository: ${IMAGE}\n  tag: none\nreplicas: 1\n`,
  [`${folder}/templates/deployment.yaml`]: deployment(
    '{{ .Release.Name }}',
    '{{ .Values.image.repository }}:{{ .Values.image.tag }}',
  ).replace('replicas: 1', 'replicas: {{ .Values.replicas }}'),
});

export interface FamilyBench extends AsyncDisposable {
  readonly argocd: ArgoCdStandIn;
  readonly url: string;
  commit(files: Readonly<Record<string, string | undefined>>): string;
  /** Bumps images, and values by `set`, in the files of `root`, and commits that. */
  bump(images: readonly string[], set?: readonly string[]): Change;
  /** Waits for a change in `root`, and says what became of each application. */
  wait(
    change: Change,
    more?: Partial<Omit<WaitRequest, 'settings'>> & { token?: TokenOptions; settings?: Partial<Settings> },
  ): Promise<Family>;
}

export interface Family {
  readonly all: readonly ApplicationVerdict[];
  /** `name: verdict reason`, in order. */
  readonly verdicts: readonly string[];
  /** The sentence of an application's verdict. */
  sentence(name: string): string;
}

/** Argo CD with an application `root` that renders the folder `root`, automated, over a repository with these files. */
export async function startFamily(
  files: (url: string) => Readonly<Record<string, string>>,
  options: StandInOptions = {},
): Promise<FamilyBench> {
  const repository = createScratchRepository({ README: 'x\n' });
  let now = files(repository.url);
  const base = { sha: repository.commit(now) };
  const argocd = await startArgoCd(options);
  const temp = mkdtempSync(join(tmpdir(), 'sluice-family-'));
  const commit: FamilyBench['commit'] = (changed) => {
    now = Object.fromEntries(
      Object.entries({ ...now, ...changed }).flatMap(([path, text]) =>
        text === undefined ? [] : [[path, text]],
      ),
    );
    base.sha = repository.commit(changed);
    return base.sha;
  };
  await argocd.createApplication({
    ...{ name: 'root', repoURL: repository.url, path: 'root', targetRevision: 'main', namespace: 'argocd' },
    automated: { prune: true, selfHeal: true },
  });
  await argocd.idle('root');
  return {
    argocd,
    url: repository.url,
    commit,
    bump(images, set = []) {
      const own = Object.entries(now).filter(([path]) => path.startsWith('root/'));
      const planned = planEdits({
        ...{
          files: new Map(own),
          entries: images.map(parseImageEntry),
          assignments: set.map(parseAssignment),
        },
        ...{ helmValues: [], crdPaths: [], settings: () => ({ imageReplacePaths: [] }) },
      });
      if (planned.problems.length > 0 || planned.files.length === 0)
        throw new Error(`nothing is planned: ${JSON.stringify([planned.problems, planned.skipped])}`);
      const before = base.sha;
      const sha = commit(Object.fromEntries(planned.files.map(({ path, after }) => [path, after])));
      return {
        ...{
          schema: 'sluice.change.v1',
          repository: repository.url,
          branch: 'main',
          commit: sha,
          base: before,
        },
        files: planned.files.map(({ path, edits }) => ({ path, edits })),
      };
    },
    async wait(change, { token, settings, ...more } = {}) {
      const authorization = fixedToken(argocd.token(token));
      const client = createClient({
        server: argocd.url,
        authorization,
        fetch: plainFetch,
        clock: systemClock,
      });
      const port = createArgoCD(client, systemClock);
      const { application } = await port.get({ name: 'root', namespace: 'argocd', project: 'default' });
      const [source = { repoURL: '', raw: {} }] = application.sources;
      const url = `file://${repository.url}`;
      const dir = mkdtempSync(join(temp, 'clone-'));
      await using opened = await openRepository({
        url,
        dir,
        git: (folder) => createGit({ exec: systemExec, dir: folder, url }),
      });
      const paths = change.files.map(({ path }) => path);
      const all = await waitForChange({
        ...{ repository: opened, clock: systemClock, log: silentLog, expected: { change }, mode: 'wait' },
        selected: [{ argocd: port, application, sourceIndex: 0, source, paths }],
        settings: {
          ...{ scope: 'changed', sync: 'never', until: 'complete', settleMs: 300, degradedGraceMs: 1000 },
          ...{ skewMs: 0, prune: false, registryAliases: [], ...settings },
        },
        timeoutMs: 20_000,
        sync: { prune: false, marker: { name: 'sluice-run', value: 'acme/app/1/1' } },
        ...more,
      });
      return {
        all,
        verdicts: all.map(
          ({ selected, verdict }) => `${selected.application.name}: ${verdict.verdict} ${verdict.reason}`,
        ),
        sentence: (name) =>
          all.find(({ selected }) => selected.application.name === name)?.verdict.sentence ?? '',
      };
    },
    async [Symbol.asyncDispose]() {
      await argocd.close();
      repository.close();
      rmSync(temp, { recursive: true, force: true });
      if (argocd.violations.length > 0) throw new Error(`Argo CD's rules were broken: ${argocd.violations}`);
    },
  };
}
