import { SluiceError } from '@sluice/core/errors';
import type { World } from '@sluice/core/run';
import { type ApplicationsFrom, findScopes } from '../applications/find-scopes.ts';
import type { ApplicationLister } from '../applications/port.ts';
import type { FoundScopes, TargetScope } from '../applications/types.ts';
import { headOf } from '../commit/commit.ts';
import { workspaceSnapshot } from '../git/workspace.ts';
import type { BumpInputs, LoginInputs } from '../inputs.ts';
import type { Planned } from './bump-parts.ts';
import { type Decision, planOfNothing, type Target } from './bump-plan.ts';
import { openSource, type Source } from './bump-source.ts';

/** What a bump asks of Argo CD; only where `applications-from` says so. */
export interface BumpPorts {
  readonly applications?: () => Promise<ApplicationLister>;
}

/** The repositories and branches of a run, opened; or why there is none to change. */
export type Sources = AsyncDisposable &
  (
    | { readonly type: 'open'; readonly sources: readonly Source[] }
    | { readonly type: 'none'; readonly planned: Planned }
  );

/** Opens what the inputs name: one repository, or those that the annotated Applications are made from. */
export async function openSources(
  inputs: BumpInputs & LoginInputs,
  world: World,
  ports: BumpPorts = {},
): Promise<Sources> {
  const stack = new AsyncDisposableStack();
  const dispose = { [Symbol.asyncDispose]: () => stack.disposeAsync() };
  try {
    if (inputs['applications-from'] === 'none') {
      return { type: 'open', sources: [stack.use(await openSource(inputs, world))], ...dispose };
    }
    // The repository of the workflow is often another, which the token need not reach.
    const isRead = inputs['applications-from'] === 'git' || inputs.commit === 'none';
    const own = isRead ? stack.use(await openSource(inputs, world)) : undefined;
    const found = await findScopes({
      key: keyOf(inputs),
      from: await applicationsFrom(inputs, own, ports),
      serverUrl: world.context.serverUrl,
      defaultRegistry: inputs['default-registry'],
      log: world.log,
    });
    for (const sentence of found.warnings) world.log.warning(sentence);
    const decision = refusalOf(found);
    if (decision !== undefined) {
      const target = own?.target ?? namedTarget(inputs, world);
      const plan = planOfNothing(inputs, target, decision);
      return { type: 'none', planned: { target, plan }, ...dispose };
    }
    const sources = new Map<string, Source>();
    for (const scope of found.targets) {
      const opened = await openScope(scope, own, inputs, world);
      if (opened !== own) stack.use(opened);
      // One Application may name the default branch, and another follow HEAD.
      const id = `${opened.target.repository.toLowerCase()} ${opened.target.branch}`;
      const source = sources.get(id) ?? opened;
      const scopes = [...(source.target.scope?.scopes ?? []), ...scope.scopes];
      sources.set(id, { ...source, target: { ...source.target, scope: { ...scope, scopes } } });
    }
    onePullRequestEach(inputs, [...sources.values()]);
    return { type: 'open', sources: [...sources.values()], ...dispose };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** A deployment has one branch for its pull request in a repository: with two bases it would carry the one into the other. */
function onePullRequestEach({ commit }: BumpInputs, sources: readonly Source[]): void {
  if (commit !== 'pull-request' && commit !== 'auto') return;
  const byRepository = Map.groupBy(sources, ({ target }) => target.repository.toLowerCase());
  for (const [repository, several] of byRepository) {
    if (several.length < 2) continue;
    const branches = several
      .map(({ target }) => target.branch)
      .toSorted()
      .join(' and ');
    throw new SluiceError(
      'input',
      'invalid-input',
      `A deployment has one pull request in a repository, and its Applications are made from ${branches} of ${repository}.`,
      { hint: 'Use `commit: direct`, or tell the Applications apart by `tenant`.' },
    );
  }
}

/** What the inputs name, for what is said where nothing is opened. */
function namedTarget({ repository, branch }: BumpInputs, { context }: World): Target {
  const name = repository === '' ? context.repository : repository;
  return { repository: name, url: `${context.serverUrl}/${name}`, branch };
}

const keyOf = ({ project, environment, tenant }: BumpInputs) => ({ project, environment, tenant });

async function applicationsFrom(
  inputs: BumpInputs,
  own: Source | undefined,
  { applications }: BumpPorts,
): Promise<ApplicationsFrom> {
  if (inputs['applications-from'] === 'argocd') {
    if (applications === undefined) throw new Error('applications-from: argocd without a port to Argo CD');
    return { type: 'argocd', lister: await applications() };
  }
  if (own === undefined) throw new Error('applications-from: git without a repository');
  const snapshot =
    own.type === 'workspace'
      ? await workspaceSnapshot(own.root, own.git)
      : await own.repository.snapshot(await headOf(own.repository, own.target));
  return { type: 'git', snapshot, paths: inputs.path, where: own.target.repository };
}

function refusalOf({ refusals, none }: FoundScopes): Decision | undefined {
  const [refusal, ...more] = refusals;
  if (refusal !== undefined) {
    const why = [refusal, ...more].map(({ message }) => message).join('; ');
    return { type: 'refused', reason: refusal.reason, why, hint: refusal.hint };
  }
  if (none === undefined) return undefined;
  const { reason, message, hint } = none;
  return { type: 'not-found', reason, why: message.replace(/\.$/, ''), hint };
}

/** The repository and branch of a scope; the one that is open already where it is the same. */
async function openScope(
  scope: TargetScope,
  own: Source | undefined,
  inputs: BumpInputs & LoginInputs,
  world: World,
): Promise<Source> {
  const { repository, branch } = scope;
  const isOwn = repository.toLowerCase() === own?.target.repository.toLowerCase();
  if (own?.type === 'workspace') {
    // What a pull request checks out is no branch: it stands for the one that it goes to.
    const checkedOut = own.target.branch.startsWith('refs/') ? branch : own.target.branch;
    if (isOwn && (branch === '' || branch === checkedOut)) return own;
    throw new SluiceError(
      'input',
      'invalid-input',
      `\`commit: none\` edits the workspace, which is ${own.target.branch} of ${own.target.repository}, and an Application is made from ${branch === '' ? '' : `${branch} of `}${repository}.`,
      { hint: 'Use `commit: direct` or `commit: pull-request`.' },
    );
  }
  const wanted = branch === '' ? await defaultBranch(isOwn ? own : undefined) : branch;
  if (own !== undefined && isOwn && wanted === own.target.branch) return own;
  return await openSource({ ...inputs, repository, branch: wanted }, world);
}

/** Empty: that of a repository that is not open yet. */
async function defaultBranch(own: Extract<Source, { type: 'remote' }> | undefined): Promise<string> {
  return own === undefined ? '' : await own.repository.defaultBranch();
}
