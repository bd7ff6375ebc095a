import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  Kind,
  parse,
  validate,
} from 'graphql';
import { createCommitOnBranch } from './commit-on-branch.ts';
import { repositoryQuery } from './deployment-query.ts';
import type { Hub } from './hub.ts';
import { pullMutations } from './pull-mutations.ts';
import type { Reply, Token } from './types.ts';
import { updateRefs } from './update-refs.ts';

let schema: GraphQLSchema | undefined;

/** GitHub's public schema; about 0.2 s, so only when the first query comes. */
function publicSchema(): GraphQLSchema {
  const file = new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema'));
  schema ??= buildSchema(readFileSync(file, 'utf8'), { assumeValidSDL: true });
  return schema;
}

type Mutation = (hub: Hub, token: Token, input: unknown) => Promise<object>;

/** What the stand-in answers, by the field at the root of an operation. */
const mutations: Readonly<Record<string, Mutation>> = { createCommitOnBranch, updateRefs, ...pullMutations };

interface Checked {
  readonly document?: DocumentNode;
  readonly problems: readonly GraphQLError[];
}

/** Queries as text: the same few come again and again, and GitHub's schema is large to check against. */
const known = new Map<string, Checked>();

function check(query: string): Checked {
  try {
    const document = parse(query);
    return { document, problems: validate(publicSchema(), document) };
  } catch (error) {
    return { problems: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] };
  }
}

function documentOf(query: string): Checked {
  const checked = known.get(query) ?? check(query);
  if (known.size < 100) known.set(query, checked);
  return checked;
}

/** GitHub puts the type beside the message, before path and locations. */
function shaped(error: GraphQLFormattedError): object {
  const { type, ...extensions } = error.extensions ?? {};
  return {
    ...(type === undefined ? {} : { type }),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    message: error.message,
  };
}

const refused = (errors: readonly GraphQLError[]): Reply => ({
  status: 200,
  body: { errors: errors.map((error) => shaped(error.toJSON())) },
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface GraphQLAnswer {
  readonly reply: Reply;
  /** Of the first root field: `createCommitOnBranch`. */
  readonly operation: string;
}

/** Answers `POST /api/graphql`: validated and run with GitHub's schema; other operations than ours are violations. */
export async function answerGraphQL(hub: Hub, token: Token, body: unknown): Promise<GraphQLAnswer> {
  const violate = (sentence: string, errors: readonly GraphQLError[]): GraphQLAnswer => {
    hub.violations.push(sentence);
    return { reply: refused(errors), operation: '?' };
  };
  const query = isRecord(body) ? body.query : undefined;
  if (!isRecord(body) || typeof query !== 'string') {
    return violate('POST /graphql without a query', [
      new GraphQLError('A query attribute must be specified and must be a string.'),
    ]);
  }
  const unknown = Object.keys(body).filter((key) => !['query', 'variables', 'operationName'].includes(key));
  if (unknown.length > 0)
    return violate(`POST /graphql: unknown ${unknown.join(', ')}`, [new GraphQLError('Bad request')]);
  const { document, problems } = documentOf(query);
  if (document === undefined || problems.length > 0) {
    return violate(`GraphQL: ${problems.map(({ message }) => message).join('; ')}`, problems);
  }
  const fields = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.map((field) =>
          field.kind === Kind.FIELD ? field.name.value : '…',
        )
      : [],
  );
  const operation = fields.join(',');
  if (!fields.every((field) => field in mutations || field === 'viewer' || field === 'repository')) {
    return violate(`GraphQL operation ${operation} is not one that the stand-in knows`, [
      new GraphQLError('Unknown operation'),
    ]);
  }
  const result = await execute({
    schema: publicSchema(),
    document,
    variableValues: isRecord(body.variables) ? body.variables : {},
    rootValue: {
      ...Object.fromEntries(
        Object.entries(mutations).map(([name, run]) => [
          name,
          (args: { readonly input: unknown }) => run(hub, token, args.input),
        ]),
      ),
      viewer: { login: token.actor },
      repository: repositoryQuery(hub, token),
    },
  });
  const errors = result.errors ?? [];
  // Without data the variables did not fit the schema: GitHub would refuse them as well.
  if (result.data === undefined)
    return violate(`GraphQL: ${errors.map(({ message }) => message).join('; ')}`, errors);
  const data = JSON.parse(JSON.stringify(result.data));
  const shapes = errors.map((error) => shaped(error.toJSON()));
  return {
    reply: { status: 200, body: { data, ...(shapes.length > 0 ? { errors: shapes } : {}) } },
    operation,
  };
}
