import type { ArgoCDLogin } from '../inputs.ts';
import { emptySecret, type Server } from './login-inputs.ts';

/** How to log in to one server. */
export type LoginMethod =
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'oidc'; readonly connector: string }
  | { readonly type: 'password'; readonly username: string; readonly password: string };

type Ways = Pick<
  ArgoCDLogin,
  'argocd-token' | 'argocd-oidc' | 'argocd-oidc-connector' | 'argocd-username' | 'argocd-password'
>;

/**
 * Of what is given, the first that is for this server: a token under its name, a token without a name, the identity of the run, user
 * and password. Undefined where nothing is.
 */
export function loginMethod({ name }: Server, ways: Ways): LoginMethod | undefined {
  const tokens = ways['argocd-token'];
  const given = tokens.find(({ server }) => server === name) ?? tokens.find(({ server }) => server === '');
  if (given !== undefined) return { type: 'token', token: given.token };
  if (ways['argocd-oidc']) return { type: 'oidc', connector: ways['argocd-oidc-connector'] };
  const { 'argocd-username': username, 'argocd-password': password } = ways;
  return username === '' || password === '' ? undefined : { type: 'password', username, password };
}

/** Whether nothing is given to log in with. What is malformed is something. */
export const givesNoWay = (inputs: Partial<ArgoCDLogin>): boolean =>
  inputs['argocd-token']?.length === 0 && inputs['argocd-oidc'] !== true && inputs['argocd-username'] === '';

/** What is wrong with the ways to log in together, server by server. What is malformed excuses nothing, and is not told again. */
export function methodProblems(inputs: Partial<ArgoCDLogin>): readonly string[] {
  const servers = inputs['argocd-server'] ?? [];
  return [
    ...pairProblems(inputs),
    ...tokenProblems(servers, inputs['argocd-token'] ?? []),
    ...unusedProblems(servers, inputs),
    ...missingProblems(servers, inputs),
  ];
}

function pairProblems({
  'argocd-username': username,
  'argocd-password': password,
}: Partial<ArgoCDLogin>): readonly string[] {
  if (username === undefined || password === undefined || (username === '') === (password === '')) return [];
  return ['only one of `argocd-username` and `argocd-password` is given: give both, or none'];
}

/** Told by number: what stands before the `=` may be a part of a secret. */
function tokenProblems(servers: readonly Server[], tokens: ArgoCDLogin['argocd-token']): readonly string[] {
  if (servers.length === 0) return [];
  const names = servers.map(({ name }) => name).filter((name) => name !== '');
  return tokens.flatMap(({ server, token }, at) => {
    const entry = `\`argocd-token\`: entry ${at + 1}`;
    if (token === '')
      return [
        `${entry} names ${names.includes(server) ? server : 'a server'} and holds no token: ${emptySecret}`,
      ];
    if (server !== '' && !names.includes(server)) {
      const known = names.length === 0 ? 'gives no names: give the token alone' : `names ${names.join(', ')}`;
      return [`${entry} is for a server that \`argocd-server\` does not name; it ${known}`];
    }
    const first = tokens.findIndex((one) => one.server === server);
    return first === at
      ? []
      : [`${entry} is for the same server as entry ${first + 1}: give one token for each`];
  });
}

/** What is given and never used would be taken for the way that is. */
function unusedProblems(servers: readonly Server[], inputs: Partial<ArgoCDLogin>): readonly string[] {
  const tokens = inputs['argocd-token'];
  if (servers.length === 0 || tokens === undefined) return [];
  const first = servers.map((server) => firstWay(server, tokens, inputs['argocd-oidc'] === true));
  const problems: string[] = [];
  if (tokens.some(({ server }) => server === '') && !first.includes('a token without a name')) {
    problems.push('`argocd-token`: the token without a name is for no server, as each has one of its own');
  }
  for (const [way, isGiven] of [
    ['argocd-oidc', inputs['argocd-oidc'] === true],
    ['argocd-username', Boolean(inputs['argocd-username'])],
  ] as const) {
    if (isGiven && !first.includes(way)) {
      const other = first.includes('argocd-oidc') ? 'argocd-oidc' : 'argocd-token';
      problems.push(`\`${way}\` is never used, as \`${other}\` comes first: leave one of them out`);
    }
  }
  return problems;
}

type Way = 'a token' | 'a token without a name' | 'argocd-oidc' | 'argocd-username';

function firstWay({ name }: Server, tokens: ArgoCDLogin['argocd-token'], oidc: boolean): Way {
  if (name !== '' && tokens.some(({ server }) => server === name)) return 'a token';
  if (tokens.some(({ server }) => server === '')) return 'a token without a name';
  return oidc ? 'argocd-oidc' : 'argocd-username';
}

function missingProblems(servers: readonly Server[], inputs: Partial<ArgoCDLogin>): readonly string[] {
  const tokens = inputs['argocd-token'];
  if (tokens === undefined || inputs['argocd-oidc'] !== false || inputs['argocd-username'] !== '') return [];
  return servers
    .filter(({ name }) => !tokens.some(({ server }) => server === '' || server === name))
    .map(({ name, url }) => {
      const token = name === '' ? '`argocd-token`' : `\`${name}=…\` in \`argocd-token\``;
      return `there is no way to log in to ${url}: give ${token}, or \`argocd-oidc: true\``;
    });
}
