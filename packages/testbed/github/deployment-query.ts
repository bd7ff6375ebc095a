import { GraphQLError } from 'graphql';
import { forbidden } from './graphql-refusal.ts';
import { type Hub, visible } from './hub.ts';
import { pullRequestsQuery } from './pull-query.ts';
import { nodeId } from './render/account.ts';
import { timestamp } from './render/links.ts';
import { allows } from './tokens.ts';
import type { Deployment, DeploymentStatus, Token } from './types.ts';

interface Asked {
  readonly first?: number;
  readonly after?: string | null;
  readonly environments?: readonly string[] | null;
}

/** `Deployment` of the schema, as far as anybody asks for it. The payload is JSON as text, also of what was sent as text. */
const rendered = (deployment: Deployment): object => {
  const last = deployment.statuses.at(-1);
  return {
    databaseId: deployment.id,
    environment: last?.environment ?? deployment.environment,
    task: deployment.task,
    payload: JSON.stringify(deployment.payload),
    createdAt: timestamp(deployment.createdAt),
    creator: actorOf(deployment.creator),
    latestStatus: last && renderedStatus(last),
    /** Newest first, as REST lists them; GitHub's documentation does not say. */
    statuses: ({ first = 0, last: end = 0 }: { readonly first?: number; readonly last?: number }) => {
      checkSize(first || end);
      const all = deployment.statuses.toReversed();
      return {
        nodes: (first > 0 ? all.slice(0, first) : all.slice(-end)).map(renderedStatus),
        totalCount: all.length,
      };
    },
  };
};

/** GraphQL leaves out what REST puts behind the name of an App. */
const actorOf = (name: string): object => {
  const login = name.replace(/\[bot\]$/, '');
  return { __typename: login === name ? 'User' : 'Bot', login };
};

const renderedStatus = (status: DeploymentStatus): object => ({
  id: nodeId('DES', status.id),
  state: status.state.toUpperCase(),
  description: status.description,
  createdAt: timestamp(status.createdAt),
  environmentUrl: status.environmentUrl === '' ? null : status.environmentUrl,
  logUrl: status.logUrl,
});

function checkSize(size: number): void {
  if (size < 1 || size > 100) throw new GraphQLError('Requesting more records than the limit of 100');
}

/** `repository(owner, name)` with its Deployments, newest first, at most 100 at once as GitHub gives them. */
export function repositoryQuery(hub: Hub, token: Token) {
  return ({ owner, name }: { readonly owner: string; readonly name: string }): object => {
    const repository = visible(hub, `${owner}/${name}`, token);
    if (repository === undefined) {
      const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
      throw new GraphQLError(message, { extensions: { type: 'NOT_FOUND' } });
    }
    return {
      pullRequests: pullRequestsQuery(token, repository),
      deployments({ first = 0, after, environments }: Asked): object {
        if (!allows(token, 'deployments', 'read')) throw forbidden();
        checkSize(first);
        const all = [...repository.deployments.values()]
          .reverse()
          .filter(({ environment }) => environments?.includes(environment) ?? true);
        const begin = after ? all.findIndex(({ id }) => String(id) === after) + 1 : 0;
        const page = all.slice(begin, begin + first);
        const endCursor = page.at(-1)?.id;
        return {
          nodes: page.map(rendered),
          totalCount: all.length,
          pageInfo: {
            hasNextPage: begin + first < all.length,
            endCursor: endCursor === undefined ? null : String(endCursor),
          },
        };
      },
    };
  };
}
