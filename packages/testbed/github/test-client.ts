import type { GitHubStandIn } from './start.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface TestClient {
  rest(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  graphql(query: string, variables?: object): Promise<Answer>;
  /** `createCommitOnBranch` with one changed file, the input's other fields over it. */
  commit(fullName: string, expectedHeadOid: string, over?: object): Promise<Answer>;
}

/** The query of the tests: one line, so that the column of an error is easy to tell. */
export const commitQuery =
  'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid url } } }';

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

const answer = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  const json = response.headers.get('content-type')?.startsWith('application/json') === true;
  const body: unknown = text === '' ? undefined : json ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
};

/** A client without any of the product's code: plain requests with a token (none if empty). */
export function testClient(github: GitHubStandIn, token: string): TestClient {
  const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
  const graphql = async (query: string, variables: object = {}): Promise<Answer> =>
    answer(
      await fetch(github.graphqlUrl, {
        method: 'POST',
        headers: authorization,
        body: JSON.stringify({ query, variables }),
      }),
    );
  return {
    graphql,
    rest: async (method, path, body, headers = {}) =>
      answer(
        await fetch(`${github.apiUrl}${path}`, {
          method,
          headers: { ...authorization, ...headers },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        }),
      ),
    commit: (fullName, expectedHeadOid, over = {}) =>
      graphql(commitQuery, {
        input: {
          branch: { repositoryNameWithOwner: fullName, branchName: 'main' },
          expectedHeadOid,
          message: { headline: 'Set x' },
          fileChanges: { additions: [{ path: 'a/b.yaml', contents: base64('x: 2\n') }] },
          ...over,
        },
      }),
  };
}
