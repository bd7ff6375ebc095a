import path from 'node:path';
import { API, type Checker, type Type, type Symbol as TypeSymbol } from 'typescript/unstable/sync';
import { commentOf, jsonSchema } from './json-schema.ts';

/** A code of `reason`, and what it means. */
export interface ReasonCode {
  readonly code: string;
  readonly meaning: string;
}

/** What the types say of an action's `result`. */
export interface ActionResult {
  /** The folder in `actions/`. */
  readonly name: string;
  /** `sluice.<action>.v1` */
  readonly schema: string;
  /** The text of its JSON Schema. */
  readonly text: string;
  /** The verdict of a run that ended by an error. */
  readonly unknown: string;
  readonly reasons: readonly ReasonCode[];
  /** Those of a run that ended by an error. */
  readonly errors: readonly ReasonCode[];
}

const home = 'https://raw.githubusercontent.com/sluice-delivery/sluice/main/docs/schema';

/** Reads the types of scripts/result-types.ts with the compiler itself, so that nothing is said twice. */
export function actionResults(root: string): readonly ActionResult[] {
  const compiler = new API({ cwd: root });
  try {
    const [project] = compiler
      .updateSnapshot({ openProjects: [path.join(root, 'tsconfig.json')] })
      .getProjects();
    const file = project?.program.getSourceFile(path.join(root, 'scripts/result-types.ts'));
    const module = file && project?.checker.getSymbolAtLocation(file);
    if (project === undefined || module === undefined)
      throw new Error('scripts/result-types.ts is not there');
    const { checker } = project;
    const actions = checker.getMemberInModuleExports(module, 'ActionResults');
    if (actions === undefined) throw new Error('scripts/result-types.ts has no ActionResults');
    return checker
      .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(actions))
      .map((action) => actionResult(checker, action));
  } finally {
    compiler.close();
  }
}

function actionResult(checker: Checker, action: TypeSymbol): ActionResult {
  const part = (name: string) => property(checker, typeOf(checker, action), name);
  const schema = literal(checker, part('schema'));
  const document = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `${home}/${schema}.json`,
    title: schema,
    description: commentOf(checker, action),
    ...jsonSchema(checker, part('result')),
  };
  return {
    name: action.name,
    schema,
    text: `${JSON.stringify(document, null, 2)}\n`,
    unknown: literal(checker, part('unknown')),
    reasons: codes(checker, part('reasons')),
    errors: codes(checker, part('errors')),
  };
}

const codes = (checker: Checker, type: Type): readonly ReasonCode[] =>
  checker
    .getPropertiesOfType(type)
    .map((code) => ({ code: code.name, meaning: literal(checker, typeOf(checker, code)) }));

function property(checker: Checker, type: Type, name: string): Type {
  const found = checker.getPropertyOfType(type, name);
  if (found === undefined) throw new Error(`${checker.typeToString(type)} has no ${name}`);
  return typeOf(checker, found);
}

function typeOf(checker: Checker, symbol: TypeSymbol): Type {
  const type = checker.getTypeOfSymbol(symbol);
  if (type === undefined) throw new Error(`${symbol.name} has no type`);
  return type;
}

function literal(checker: Checker, type: Type): string {
  if (type.isStringLiteralType()) return type.value;
  throw new Error(`${checker.typeToString(type)} is not one text`);
}
