import { argocdLogin, certificateProblems, choiceProblems, watchInputs } from '@sluice/argocd/inputs';
import { givesNoWay, methodProblems } from '@sluice/argocd/login/method';
import {
  boolean,
  commonInputs,
  duration,
  type Inputs,
  integer,
  list,
  oneOf,
  secret,
  text,
} from '@sluice/core/contract';
import { repositoryPath } from '@sluice/core/repository-path';
import { bumpInputs, loginProblems } from '@sluice/gitops/inputs';
import { parseReference } from '@sluice/gitops/reference';
import { parseValue } from './variables.ts';

/** Every verdict of ephemeral-env; `unknown` is that of an error. */
export const previewVerdicts = ['live', 'removed', 'failed', 'timed-out', 'unknown'] as const;
export type PreviewVerdict = (typeof previewVerdicts)[number];
export const goodPreviewVerdicts = ['live', 'removed'] as const satisfies readonly PreviewVerdict[];

const { repository, branch, 'commit-method': method, 'crd-paths': crdPaths } = bumpInputs;
const { 'default-registry': registry, 'helm-values': helmValues } = bumpInputs;
const { 'resolve-digests': resolveDigests, 'registry-credentials': registryCredentials } = bumpInputs;
// All of an environment is judged, a rollout has to be complete, and a sync is of all of it.
const { scope: _, until: __, 'sync-resources': ___, ...watching } = watchInputs;

/** The label that does without, as skip-ephemeral has it. */
const NO_ENVIRONMENT = 'skip-ephemeral';

export const previewInputs = {
  operation: oneOf(['deploy', 'remove', 'sweep'], { default: 'deploy' }),
  project: text({ required: true }).check(isLabel),
  template: text().of(repositoryPath),
  target: text().of(targetPath),
  'pull-request': integer({ min: 1 }),
  image: text().of(parseImage),
  values: list()
    .of(parseValue)
    .check((values) => {
      const names = values.map(({ name }) => name);
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) throw new Error(`${twice} is given twice`);
    }),
  url: text(),
  'max-age': duration({ default: '168h' }),
  limit: integer({ min: 1, max: 1000 }),
  'skip-label': list({ default: NO_ENVIRONMENT }),
  'skip-mode': oneOf(['opt-out', 'opt-in'], { default: 'opt-out' }),
  'skip-allowed': boolean({ default: 'true' }),
  'pull-request-token': secret(),
  repository,
  branch,
  'commit-method': method,
  'crd-paths': crdPaths,
  'default-registry': registry,
  'helm-values': helmValues,
  'resolve-digests': resolveDigests,
  'registry-credentials': registryCredentials,
  ...argocdLogin({ required: false }),
  ...watching,
  ...commonInputs(previewVerdicts),
} as const;

export type PreviewInputs = Inputs<typeof previewInputs>;

/** What is wrong with the inputs together. */
export function previewProblems(inputs: Partial<PreviewInputs>): readonly string[] {
  const { operation, template, 'argocd-server': servers, 'pull-request-token': token } = inputs;
  const problems: string[] = [];
  if (operation === 'deploy') {
    if ('template' in inputs && template === undefined)
      problems.push('`template` is needed to deploy: the folder of the GitOps repository that is rendered');
    if (inputs['dry-run'] === false && servers?.length === 0)
      problems.push('`argocd-server` is needed to deploy: without it nobody could see what runs');
  }
  if (operation === 'sweep' && inputs['pull-request'] !== undefined)
    problems.push(
      '`pull-request` does nothing with `operation: sweep`, which looks at all of them: leave it out',
    );
  // By its own name the default asks for nothing: whoever turns the mode round means another label.
  if (inputs['skip-mode'] === 'opt-in' && inputs['skip-allowed'] !== false && isDefault(inputs['skip-label']))
    problems.push('`skip-label` is needed with `skip-mode: opt-in`: the label that asks for an environment');
  if (inputs['max-age'] === 0)
    problems.push('`max-age` of nothing would remove every environment: give a duration');
  if (token === '') problems.push('`pull-request-token` is needed: leave it out, or give a token');
  if (servers !== undefined && servers.length > 0)
    problems.push(
      ...(givesNoWay(inputs)
        ? [
            '`argocd-token` (or `argocd-oidc: true`, or `argocd-username` and `argocd-password`) is needed with `argocd-server`',
          ]
        : methodProblems(inputs)),
    );
  return [
    ...problems,
    ...certificateProblems(inputs),
    ...choiceProblems({
      ...(inputs.applications && { applications: inputs.applications }),
      ...(inputs.selector && { selector: inputs.selector }),
    }),
    ...loginProblems(inputs),
  ];
}

/** A name that fits into those of objects, labels and comments. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
function isLabel(value: string): void {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(value))
    throw new Error('allowed: small letters, digits and dashes, at most 40 characters');
}

function parseImage(value: string) {
  const reference = parseReference(value);
  if (reference.tag === undefined && reference.digest === undefined)
    throw new Error('allowed: repository:tag, repository:tag@sha256:… or repository@sha256:…');
  // Kubernetes starts no other, and `ghcr.io/${{ github.repository }}` has the capitals of its owner.
  return { ...reference, repository: reference.repository.toLowerCase() };
}

const isDefault = (labels: readonly string[] | undefined): boolean =>
  labels?.length === 1 && labels[0] === NO_ENVIRONMENT;

/** At the root its environments would lie among everything else. */
function targetPath(value: string): string {
  const path = repositoryPath(value);
  if (path === '.') throw new Error('allowed: a folder, not the root of the repository');
  return path;
}

/** The folder of all environments. */
export const targetOf = ({ target, project }: Pick<PreviewInputs, 'target' | 'project'>): string =>
  target ?? `ephemeral/${project}`;
