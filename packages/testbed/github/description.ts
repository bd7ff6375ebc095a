import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { type Operation, operations } from './operations.ts';

type Node = { readonly [key: string]: unknown };

export interface Match {
  readonly operation: Operation;
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** GitHub's own description of the operations, made strict: no unknown key in a body, no unknown query parameter. */
export interface Description {
  match(method: string, path: string): Match | undefined;
  /** One sentence per problem. `body` is undefined where none was sent. */
  requestProblems(match: Match, query: URLSearchParams, body: unknown): string[];
  responseProblems(operation: Operation, status: number, body: unknown): string[];
  /** Whether the operation takes `page` and `per_page`. */
  isPaged(operation: Operation): boolean;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pointer = (keys: readonly (string | number)[]): string =>
  `github#/${keys.map((key) => encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

/** What GitHub sends and its description leaves out: a key; and that a run of a deleted fork has no `head_repository`. */
const unnamed: Readonly<Record<string, Node>> = {
  'validation-error': { status: { type: 'string' } },
  'workflow-run': {
    head_repository: { nullable: true, $ref: '#/components/schemas/minimal-repository' },
  },
};

/**
 * Forbids keys that a schema does not name, and says `null` where ajv cannot see `nullable` (it wants a `type` beside it, and `null`
 * in an `enum`). What `allOf` adds to another schema is left open: it would forbid all that the other one names.
 */
function tighten(value: unknown, role: 'schema' | 'names' | 'addition' = 'schema'): unknown {
  if (Array.isArray(value)) return value.map((item) => tighten(item, role));
  if (!isNode(value)) return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, tighten(item, roleOf(key, role))]),
  );
  if (role === 'names') return inner;
  if (inner.nullable === true && inner.type === undefined) {
    const { nullable: _, ...rest } = inner;
    return { anyOf: [{ type: 'null' }, rest] };
  }
  if (inner.nullable === true && Array.isArray(inner.enum)) return { ...inner, enum: [...inner.enum, null] };
  const isOpen = role === 'addition' || !isNode(inner.properties) || inner.additionalProperties !== undefined;
  return isOpen ? inner : { ...inner, additionalProperties: false };
}

function roleOf(key: string, above: 'schema' | 'names' | 'addition') {
  if (above !== 'names' && key === 'properties') return 'names';
  return above !== 'names' && key === 'allOf' ? 'addition' : 'schema';
}

const readDescription = (): Node => {
  const file = new URL('../../../test/contract/github.openapi.json', import.meta.url);
  const raw: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const document = isNode(raw) ? raw : {};
  const components = isNode(document.components) ? document.components : {};
  const schemas = Object.entries(isNode(components.schemas) ? components.schemas : {}).map(
    ([name, schema]) => {
      if (!isNode(schema) || !isNode(schema.properties)) return [name, schema];
      return [name, { ...schema, properties: { ...schema.properties, ...unnamed[name] } }];
    },
  );
  const whole = { ...document, components: { ...components, schemas: Object.fromEntries(schemas) } };
  const tight = tighten(whole);
  if (!isNode(tight)) throw new Error('github.openapi.json holds no object');
  return tight;
};

function resolve(document: Node, value: unknown): Node {
  if (!isNode(value)) return {};
  if (typeof value.$ref !== 'string') return value;
  return resolve(document, child(document, ...value.$ref.slice(2).split('/')));
}

function child(document: Node, ...keys: string[]): unknown {
  let value: unknown = document;
  for (const key of keys) value = isNode(value) ? resolve(document, value)[key] : undefined;
  return value;
}

interface Compiled {
  readonly operation: Operation;
  readonly method: string;
  readonly pattern: RegExp;
  readonly pathParameters: readonly { name: string; integer: boolean }[];
  readonly query: ReadonlyMap<string, Node>;
  readonly keys: readonly string[];
  readonly bodyRequired: boolean;
  readonly hasBody: boolean;
}

function compile(document: Node, operation: Operation): Compiled {
  const [method = '', path = ''] = operation.split(' ');
  const keys = ['paths', path, method.toLowerCase()];
  const node = resolve(document, child(document, ...keys));
  const listed = Array.isArray(node.parameters) ? node.parameters : [];
  const parameters = listed.map((item) => resolve(document, item));
  const inPath = new Map(parameters.filter((p) => p.in === 'path').map((p) => [String(p.name), p]));
  const pathParameters: { name: string; integer: boolean }[] = [];
  const source = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = inPath.get(name) ?? {};
    pathParameters.push({ name, integer: resolve(document, parameter.schema).type === 'integer' });
    return parameter['x-multi-segment'] === true ? '(.+)' : '([^/]+)';
  });
  const body = isNode(node.requestBody) ? node.requestBody : undefined;
  return {
    operation,
    method,
    pattern: new RegExp(`^${source}$`),
    pathParameters,
    query: new Map(
      parameters.filter((p) => p.in === 'query').map((p) => [String(p.name), resolve(document, p.schema)]),
    ),
    keys,
    bodyRequired: body?.required === true,
    hasBody: body !== undefined,
  };
}

const coerced = (schema: Node, text: string): unknown => {
  if (schema.type === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (schema.type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
};

const problemsOf = (check: ValidateFunction, value: unknown, where: string): string[] =>
  check(value)
    ? []
    : (check.errors ?? []).map(
        (error) => `${where}${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
      );

let shared: Description | undefined;

/** The description, read once in a process; its schemas are compiled when they are first used. */
export function githubDescription(): Description {
  shared ??= createDescription();
  return shared;
}

function createDescription(): Description {
  const document = readDescription();
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  ajv.addSchema(document, 'github');
  const compiled = new Map(operations.map((operation) => [operation, compile(document, operation)]));
  const validators = new Map<string, ValidateFunction>();
  const validator = (keys: readonly string[]): ValidateFunction => {
    const ref = pointer(keys);
    const known = validators.get(ref) ?? ajv.compile({ $ref: ref });
    validators.set(ref, known);
    return known;
  };
  const of = (operation: Operation): Compiled => {
    const found = compiled.get(operation);
    if (found === undefined) throw new Error(`${operation} is not in the description`);
    return found;
  };

  const queryProblems = (one: Compiled, query: URLSearchParams): string[] =>
    [...query].flatMap(([name, text]) => {
      const schema = one.query.get(name);
      if (schema === undefined) return [`unknown query parameter ${name}`];
      return problemsOf(ajv.compile(schema), coerced(schema, text), `query ${name}`);
    });

  const bodyProblems = (one: Compiled, body: unknown): string[] => {
    if (body === undefined) return one.bodyRequired ? ['a body is required'] : [];
    if (!one.hasBody) return ['this operation takes no body'];
    return problemsOf(
      validator([...one.keys, 'requestBody', 'content', 'application/json', 'schema']),
      body,
      'body',
    );
  };

  const responseKeys = (one: Compiled, status: number): string[] | undefined => {
    const response = child(document, ...one.keys, 'responses', String(status));
    if (!isNode(response)) return undefined;
    return typeof response.$ref === 'string'
      ? response.$ref.slice(2).split('/')
      : [...one.keys, 'responses', String(status)];
  };

  return {
    match(method, path) {
      for (const one of compiled.values()) {
        const found = one.method === method ? one.pattern.exec(path) : null;
        if (found === null) continue;
        const values = one.pathParameters.map(({ name, integer }, index) => {
          const value = decodeURIComponent(found[index + 1] ?? '');
          return { name, value, wrong: integer && !/^\d+$/.test(value) };
        });
        if (values.some(({ wrong }) => wrong)) continue;
        const params = Object.fromEntries(values.map(({ name, value }) => [name, value]));
        return { operation: one.operation, params };
      }
      return undefined;
    },
    requestProblems: ({ operation }, query, body) => [
      ...queryProblems(of(operation), query),
      ...bodyProblems(of(operation), body),
    ],
    responseProblems(operation, status, body) {
      const keys = responseKeys(of(operation), status);
      if (keys === undefined)
        return body === undefined || status >= 400 ? [] : [`${status} is not described`];
      if (!isNode(child(document, ...keys, 'content'))) {
        return body === undefined || status >= 400 ? [] : [`${status} has no body`];
      }
      const check = validator([...keys, 'content', 'application/json', 'schema']);
      return problemsOf(check, body, `answer ${status}`);
    },
    isPaged: (operation) => of(operation).query.has('per_page'),
  };
}
