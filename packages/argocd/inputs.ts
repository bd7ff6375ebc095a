import {
  boolean,
  duration,
  type Inputs,
  integer,
  list,
  oneOf,
  secret,
  secrets,
  text,
} from '@sluice/core/contract';
import { passwordsIn } from '@sluice/core/input-syntax';
import { type LoginInputs, loginProblems } from '@sluice/gitops/inputs';
import { parseChanges } from './change-input.ts';
import {
  distinctHeaders,
  distinctServers,
  parseHeader,
  parseServer,
  parseServerToken,
} from './login/login-inputs.ts';
import { givesNoWay, methodProblems } from './login/method.ts';
import { isArtifactRevision } from './select/artifact.ts';
import { isLabelSelector } from './select/label-selector.ts';

/** Where Argo CD is and how to log in. `required`: whether an action cannot do without. */
export const argocdLogin = (given: { readonly required: boolean }) =>
  ({
    'argocd-server': list({ ...given, secretsIn: passwordsIn })
      .of(parseServer)
      .check(distinctServers),
    'argocd-token': secrets(parseServerToken, (entry) => [parseServerToken(entry).token]),
    'argocd-oidc': boolean({ default: 'false' }),
    'argocd-oidc-connector': text({ default: 'github-actions' }),
    'argocd-username': text(),
    'argocd-password': secret(),
    'argocd-headers': secrets(parseHeader, (entry) => [parseHeader(entry).value]).check(distinctHeaders),
    'argocd-ca': text(),
    'argocd-client-certificate': text(),
    'argocd-client-key': secret(),
    'argocd-insecure': boolean({ default: 'false' }),
  }) as const;

/** Which applications to watch, and when they count as live. */
export const watchInputs = {
  applications: list().of(parseApplicationPattern),
  selector: text().check(isLabelSelector),
  expect: integer({ default: '1', min: 1, max: 1000 }),
  sync: oneOf(['never', 'when-manual', 'always'], { default: 'never' }),
  'sync-resources': oneOf(['all', 'changed'], { default: 'all' }),
  'sync-options': list().of(parseSyncOption),
  prune: boolean({ default: 'false' }),
  scope: oneOf(['changed', 'application'], { default: 'changed' }),
  until: oneOf(['started', 'paused', 'complete'], { default: 'complete' }),
  timeout: duration({ default: '15m' }),
  settle: duration({ default: '10s' }),
  'degraded-grace': duration({ default: '60s' }),
  'registry-aliases': list().of(parseAlias),
} as const;

/** What to wait for, where it does not come from the same step. */
export const expectationInputs = {
  change: text().of(parseChanges),
  revision: text().check(isRevision),
  project: text().check(isOneLine),
  environment: text().check(isOneLine),
  tenant: text().check(isOneLine),
  mode: oneOf(['wait', 'once'], { default: 'wait' }),
} as const;

export type ArgoCDLogin = Inputs<ReturnType<typeof argocdLogin>>;
export type WatchInputs = Inputs<typeof watchInputs>;
export type ExpectationInputs = Inputs<typeof expectationInputs>;

/** What is wrong with the inputs of argo-sync-wait together. */
export function waitProblems(
  inputs: Partial<ArgoCDLogin & WatchInputs & ExpectationInputs & LoginInputs>,
): readonly string[] {
  const { change, revision, applications, selector, project } = inputs;
  const problems: string[] = [];
  if ('change' in inputs && change === undefined && revision === '') {
    problems.push(
      '`change` is empty and no `revision` is given: give one of them; the step that should put out `change` wrote nothing (a dry run, or nothing found)',
    );
  }
  if (change !== undefined && revision)
    problems.push('give `change` or `revision`, and not both: `change` is what image-tag-bump puts out');
  if (revision && change === undefined && applications?.length === 0 && !selector && !project) {
    problems.push(
      '`applications` is needed with `revision`, or `selector`, or `project` and `environment`: a commit alone does not tell them',
    );
  }
  if (revision && inputs['sync-resources'] === 'changed')
    problems.push('`sync-resources: changed` needs a `change`: a revision alone does not tell what it is of');
  problems.push(...choiceProblems(inputs));
  return [...problems, ...methodProblems(inputs), ...certificateProblems(inputs), ...loginProblems(inputs)];
}

/** One way to choose the applications; each by itself says which they are. */
export function choiceProblems(
  inputs: Partial<WatchInputs & Pick<ExpectationInputs, 'project' | 'environment' | 'tenant'>>,
): readonly string[] {
  const { applications, selector, project, environment, tenant } = inputs;
  const problems: string[] = [];
  if (Boolean(project) !== Boolean(environment) && project !== undefined && environment !== undefined) {
    problems.push('only one of `project` and `environment` is given: applications are annotated with both');
  }
  if (tenant && project === '') problems.push('`tenant` is given without `project` and `environment`');
  const ways = [
    ...(applications !== undefined && applications.length > 0 ? ['`applications`'] : []),
    ...(selector ? ['`selector`'] : []),
    ...(project ? ['`project`'] : []),
  ];
  if (ways.length > 1)
    problems.push(`${ways.join(' and ')} are given: choose the applications by one of them`);
  return problems;
}

/** What of a sync is given where none is asked for: it does nothing, and whoever gave it may count on it. Sentences for warnings. */
export function idleSyncInputs(inputs: WatchInputs): readonly string[] {
  if (inputs.sync !== 'never') return [];
  const given = [
    ...(inputs.prune ? ['`prune`'] : []),
    ...(inputs['sync-options'].length > 0 ? ['`sync-options`'] : []),
    ...(inputs['sync-resources'] === 'changed' ? ['`sync-resources`'] : []),
  ];
  return given.map(
    (name) =>
      `${name} is for a sync that this step asks for, and \`sync: never\` asks for none: it does nothing here.`,
  );
}

/** What is wrong with the login to Argo CD where it only tells which Applications there are. */
export function applicationsProblems(
  inputs: Partial<ArgoCDLogin> & { readonly 'applications-from'?: string },
): readonly string[] {
  if (inputs['applications-from'] !== 'argocd') return [];
  if (inputs['argocd-server']?.length !== 0 && !givesNoWay(inputs)) return methodProblems(inputs);
  return ['`applications-from: argocd` needs `argocd-server` and `argocd-token`: there the Applications are'];
}

/** What is wrong with the client certificate for Argo CD. */
export function certificateProblems(inputs: Partial<ArgoCDLogin>): readonly string[] {
  if ((inputs['argocd-client-certificate'] === '') === (inputs['argocd-client-key'] === '')) return [];
  return ['only one of `argocd-client-certificate` and `argocd-client-key` is given: give both, or none'];
}

/** Names of Kubernetes objects, in which `*` stands for any part. */
function parseApplicationPattern(entry: string): string {
  if (/^([a-z0-9*][a-z0-9.*-]*\/)?[a-z0-9*][a-z0-9.*-]*$/.test(entry)) return entry;
  if (entry.includes(',')) throw new Error('allowed: one per line, not separated by commas');
  throw new Error(
    'allowed: the name of an Application, or namespace/name; `*` stands for any part of either',
  );
}

/** As `argocd app sync --sync-option` takes it. */
function parseSyncOption(entry: string): string {
  if (/^[A-Z][A-Za-z]*=[A-Za-z]+$/.test(entry)) return entry;
  throw new Error('allowed: <option>=<value>, as CreateNamespace=true');
}

function isOneLine(value: string): void {
  if (/[\r\n]/.test(value)) throw new Error('allowed: one line');
}

function parseAlias(entry: string): { readonly from: string; readonly to: string } {
  const [from = '', to = '', ...rest] = entry.split('=').map((part) => part.trim());
  if (from === '' || to === '' || rest.length > 0) {
    throw new Error(
      'allowed: <prefix in Git>=<prefix in the cluster>, as docker.io=mirror.example/docker.io',
    );
  }
  return { from, to };
}

function isRevision(value: string): void {
  if (value !== '' && !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value) && !isArtifactRevision(value)) {
    throw new Error(
      'allowed: a commit, as 40 hexadecimal digits; `sha256:…` of an OCI artifact; the version of a chart',
    );
  }
}
