import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API, type Project } from 'typescript/unstable/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonSchema } from './json-schema.ts';

const source = `
/** A
 * dog. */
interface Dog { readonly bark: 'loud' | 'low'; readonly owner?: string }
interface Named {
  /** As it is called. */
  readonly name: string;
}
export interface Types {
  text: string;
  truth: boolean;
  literal: 'one';
  flag: true;
  scalar: string | number | boolean | null;
  codes: keyof { b: 1; a: 2 };
  list: readonly Dog[];
  picked: Pick<Dog, 'owner'>;
  both: Named & { readonly dog: Dog };
  either: { readonly b: 1 extends 1 ? string : never } | { readonly a: number } | 'none';
  half: 'auto' | true;
  map: Record<string, string>;
  anything: unknown;
  tuple: [string, number];
  when: Date;
  call: () => void;
}
`;

const folder = mkdtempSync(join(tmpdir(), 'types-'));
const compiler = new API({ cwd: folder });
let project: Project | undefined;

beforeAll(() => {
  const options = {
    strict: true,
    noEmit: true,
    target: 'es2025',
    types: [],
    exactOptionalPropertyTypes: true,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['*.ts'] }),
  );
  writeFileSync(join(folder, 'types.ts'), source);
  [project] = compiler.updateSnapshot({ openProjects: [join(folder, 'tsconfig.json')] }).getProjects();
});
afterAll(() => {
  compiler.close();
  rmSync(folder, { recursive: true, force: true });
});

function schemaOf(name: string) {
  const file = project?.program.getSourceFile(join(folder, 'types.ts'));
  const module = file && project?.checker.getSymbolAtLocation(file);
  const types = module && project?.checker.getMemberInModuleExports(module, 'Types');
  const property =
    types && project?.checker.getPropertyOfType(project.checker.getDeclaredTypeOfSymbol(types), name);
  const type = property && project?.checker.getTypeOfSymbol(property);
  if (project === undefined || type === undefined) throw new Error(`no type ${name}`);
  return jsonSchema(project.checker, type);
}

const strict = { type: 'object', additionalProperties: false };
const bark = { type: 'string', enum: ['loud', 'low'] };
const dog = { ...strict, properties: { bark, owner: { type: 'string' } }, required: ['bark'] };

test.each([
  ['text', { type: 'string' }],
  ['truth', { type: 'boolean' }],
  ['literal', { const: 'one' }],
  ['flag', { const: true }],
  ['scalar', { type: ['boolean', 'null', 'number', 'string'] }],
  ['codes', { type: 'string', enum: ['a', 'b'] }],
  ['list', { type: 'array', items: { description: 'A dog.', ...dog } }],
  ['picked', { ...strict, properties: { owner: { type: 'string' } }, required: [] }],
  [
    'both',
    {
      ...strict,
      properties: {
        name: { description: 'As it is called.', type: 'string' },
        dog: { description: 'A dog.', ...dog },
      },
      required: ['name', 'dog'],
    },
  ],
  [
    'either',
    {
      anyOf: [
        { const: 'none' },
        { ...strict, properties: { a: { type: 'number' } }, required: ['a'] },
        { ...strict, properties: { b: { type: 'string' } }, required: ['b'] },
      ],
    },
  ],
  ['half', { anyOf: [{ const: 'auto' }, { const: true }] }],
])('a type is one schema, strict at each level: %s', (name, schema) => {
  expect(schemaOf(name)).toEqual(schema);
});

test.each([
  'map',
  'anything',
  'tuple',
  'when',
  'call',
])('a type that JSON does not have, or that says nothing, is an error: %s', (name) => {
  expect(() => schemaOf(name)).toThrow('JSON Schema has no match for the type');
});
