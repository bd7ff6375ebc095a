import {
  type Checker,
  SignatureKind,
  SymbolFlags,
  type Type,
  TypeFlags,
  type Symbol as TypeSymbol,
} from 'typescript/unstable/sync';

export interface JsonSchema {
  readonly description?: string;
  readonly const?: string | boolean;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly anyOf?: readonly JsonSchema[];
}

const primitives = [
  [TypeFlags.String, 'string'],
  [TypeFlags.Number, 'number'],
  [TypeFlags.Boolean, 'boolean'],
  [TypeFlags.Null, 'null'],
] as const;

/**
 * The JSON Schema of a type: it takes what the type takes, and no further properties. Comments become descriptions. Throws for
 * a type that JSON has no match for.
 */
export function jsonSchema(checker: Checker, type: Type): JsonSchema {
  const primitive = primitiveName(type);
  if (primitive !== undefined) return { type: primitive };
  if (type.isStringLiteralType() || type.isBooleanLiteralType()) return { const: type.value };
  if (type.isUnionType()) return union(checker, type.getTypes());
  const [element] = checker.isArrayType(type) && type.isTypeReference() ? checker.getTypeArguments(type) : [];
  if (element !== undefined) return { type: 'array', items: described(checker, element) };
  const isObject = type.isObjectType() || type.isIntersectionType();
  const isCallable = checker.getSignaturesOfType(type, SignatureKind.Call).length > 0;
  if (!isObject || isCallable || checker.getIndexInfosOfType(type).length > 0) {
    throw new Error(`JSON Schema has no match for the type ${checker.typeToString(type)}`);
  }
  return object(checker, checker.getPropertiesOfType(type));
}

/** The comment of a symbol of ours in one line; undefined where it has none. */
export function commentOf(checker: Checker, symbol: TypeSymbol | undefined): string | undefined {
  // `Pick` and `Array` have comments of their own, which say nothing here.
  if (symbol === undefined || symbol.declarations.some(({ path }) => path.endsWith('.d.ts')))
    return undefined;
  const comment = symbol.getDocumentationComment(checker).replaceAll(/\s+/g, ' ').trim();
  return comment === '' ? undefined : comment;
}

function object(checker: Checker, properties: readonly TypeSymbol[]): JsonSchema {
  const isRequired = ({ flags }: TypeSymbol) => (flags & SymbolFlags.Optional) === 0;
  return {
    type: 'object',
    properties: Object.fromEntries(
      properties.map((property) => {
        const type = checker.getTypeOfSymbol(property);
        if (type === undefined) throw new Error(`${property.name} has no type`);
        return [property.name, described(checker, type, property)];
      }),
    ),
    required: properties.filter(isRequired).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** With the comment of the property, else that of the type. */
function described(checker: Checker, type: Type, property?: TypeSymbol): JsonSchema {
  const description =
    commentOf(checker, property) ?? commentOf(checker, type.getAliasSymbol() ?? type.getSymbol());
  return { ...(description !== undefined && { description }), ...jsonSchema(checker, type) };
}

/**
 * Texts become one `enum`, primitive types one `type`; what is optional is so by `required` alone. Sorted, so that what the
 * compiler came across first does not show.
 */
function union(checker: Checker, types: readonly Type[]): JsonSchema {
  const members = types.filter(({ flags }) => (flags & TypeFlags.Undefined) === 0);
  const texts = members.flatMap((type) => (type.isStringLiteralType() ? [type.value] : [])).sort();
  const [text, ...moreTexts] = texts;
  const schemas: JsonSchema[] = [];
  if (text !== undefined) {
    schemas.push(moreTexts.length === 0 ? { const: text } : { type: 'string', enum: texts });
  }
  // In a union `boolean` is its two values.
  const isBoolean = members.filter((type) => type.isBooleanLiteralType()).length === 2;
  const names = new Set<string>();
  for (const type of members) {
    const primitive = isBoolean && type.isBooleanLiteralType() ? 'boolean' : primitiveName(type);
    if (primitive !== undefined) names.add(primitive);
    else if (!type.isStringLiteralType()) schemas.push(described(checker, type));
  }
  const [name, ...moreNames] = [...names].sort();
  if (name !== undefined) schemas.push({ type: moreNames.length === 0 ? name : [name, ...moreNames] });
  const [only, ...others] = schemas;
  if (only !== undefined && others.length === 0) return only;
  return { anyOf: schemas.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
}

const primitiveName = ({ flags }: Type): string | undefined =>
  primitives.find(([flag]) => (flags & flag) !== 0)?.[1];
