import { boolean, duration, type Inputs, integer, list, oneOf, secret, text } from '@sluice/core/contract';
import { passwordsIn } from '@sluice/core/input-syntax';
import { type LoginInputs, loginProblems } from '@sluice/gitops/inputs';
import { parseChanges } from './change-input.ts';

/** Where Argo CD is and how to log in. `required`: whether an action cannot do without. */
export const argocdLogin = (given: { readonly required: boolean }) =>
  ({
    'argocd-server': list({ ...given, secretsIn: passwordsIn })
      .of(parseServer)
      .check(oneServer),
    'argocd-token': secret(given),
    'argocd-ca': text(),
    'argocd-client-certificate': text(),
    'argocd-client-key': secret(),
    'argocd-insecure': boolean({ default: 'false' }),
  }) as const;

/** Which applications to watch, and when they count as live. */
export const watchInputs = {
  applications: list().of(parseApplicationName),
  expect: integer({ default: '1', min: 1, max: 1000 }),
  sync: oneOf(['never', 'when-manual', 'always'], { default: 'never' }),
  prune: boolean({ default: 'false' }),
  scope: oneOf(['changed', 'application'], { default: 'changed' }),
  timeout: duration({ default: '15m' }),
  settle: duration({ default: '10s' }),
  'degraded-grace': duration({ default: '60s' }),
  'registry-aliases': list().of(parseAlias),
} as const;

/** What to wait for, where it does not come from the same step. */
export const expectationInputs = {
  change: text().of(parseChanges),
  revision: text().check(isCommit),
  mode: oneOf(['wait', 'once'], { default: 'wait' }),
} as const;

export type ArgoCDLogin = Inputs<ReturnType<typeof argocdLogin>>;
export type WatchInputs = Inputs<typeof watchInputs>;
export type ExpectationInputs = Inputs<typeof expectationInputs>;

/** What is wrong with the inputs of argo-sync-wait together. */
export function waitProblems(
  inputs: Partial<ArgoCDLogin & WatchInputs & ExpectationInputs & LoginInputs>,
): readonly string[] {
  const { change, revision, applications } = inputs;
  const problems: string[] = [];
  if ('change' in inputs && 'revision' in inputs && (change === undefined) === (revision === '')) {
    problems.push('give `change` or `revision`, and not both: `change` is what image-tag-bump puts out');
  }
  if (revision && change === undefined && applications?.length === 0) {
    problems.push('`applications` is needed with `revision`: a commit alone does not tell them');
  }
  return [...problems, ...certificateProblems(inputs), ...loginProblems(inputs)];
}

/** What is wrong with the login to Argo CD where it only tells which Applications there are. */
export function applicationsProblems(
  inputs: Partial<ArgoCDLogin> & { readonly 'applications-from'?: string },
): readonly string[] {
  const { 'argocd-server': server, 'argocd-token': token } = inputs;
  if (inputs['applications-from'] !== 'argocd' || (server?.length !== 0 && token !== '')) return [];
  return ['`applications-from: argocd` needs `argocd-server` and `argocd-token`: there the Applications are'];
}

/** What is wrong with the client certificate for Argo CD. */
export function certificateProblems(inputs: Partial<ArgoCDLogin>): readonly string[] {
  if ((inputs['argocd-client-certificate'] === '') === (inputs['argocd-client-key'] === '')) return [];
  return ['only one of `argocd-client-certificate` and `argocd-client-key` is given: give both, or none'];
}

/** `https://argocd.example/base` or `name=https://…`; what comes back is the URL. */
function parseServer(entry: string): string {
  const [, address = ''] = /^(?:[\w.-]+=)?(.*)$/.exec(entry) ?? [];
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error('allowed: a URL with https:// or http://');
  if (url.username !== '' || url.password !== '')
    throw new Error('allowed: a URL without a user and password');
  if (url.search !== '' || url.hash !== '') throw new Error('allowed: a URL without ? and #');
  return url.href.replace(/\/+$/, '');
}

function oneServer(servers: readonly string[]): void {
  if (servers.length > 1) throw new Error('allowed: one server; run the step once for each');
}

/** Names of Kubernetes objects. */
function parseApplicationName(entry: string): string {
  if (/^([a-z0-9][a-z0-9.-]*\/)?[a-z0-9][a-z0-9.-]*$/.test(entry)) return entry;
  throw new Error('allowed: the name of an Application, or namespace/name');
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

function isCommit(value: string): void {
  if (value !== '' && !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value)) {
    throw new Error('allowed: a commit, as 40 hexadecimal digits');
  }
}
