import type { Spec } from './contract.ts';

const COMMON_OUTPUTS = ['verdict', 'ok', 'reason', 'summary', 'result'] as const;

/**
 * Compares the inputs in the code with `action.yml` (parsed): names, defaults, `required`, descriptions, and the
 * outputs, which are the five common ones and `outputs`. Returns one sentence for each difference; for tests.
 */
export function contractProblems(
  spec: Spec,
  actionYml: object,
  outputs: readonly string[] = [],
): readonly string[] {
  const written = section(actionYml, 'inputs');
  return [
    ...missing('input', Object.keys(spec), written),
    ...Object.entries(spec).flatMap(([name, input]) => {
      const entry = written.get(name);
      if (entry === undefined) return [];
      const found = String(entry.default ?? '').trim();
      // A default such as `${{ github.token }}` is put in by the runner, so the code has none.
      const agrees = found.startsWith('${{') ? input.default === '' : found === input.default;
      return [
        ...(agrees
          ? []
          : [
              `input ${name}: default ${JSON.stringify(found)} in action.yml, ${JSON.stringify(input.default)} in the code`,
            ]),
        ...((entry.required ?? false) === input.required ? [] : [`input ${name}: \`required\` differs`]),
      ];
    }),
    ...missing('output', [...COMMON_OUTPUTS, ...outputs], section(actionYml, 'outputs')),
  ];
}

type Entry = Readonly<Record<string, unknown>>;

function missing(
  what: string,
  wanted: readonly string[],
  written: ReadonlyMap<string, Entry>,
): readonly string[] {
  return [
    ...wanted.filter((name) => !written.has(name)).map((name) => `${what} ${name}: missing in action.yml`),
    ...[...written.keys()]
      .filter((name) => !wanted.includes(name))
      .map((name) => `${what} ${name}: unknown to the code`),
    ...[...written]
      .filter(([, entry]) => typeof entry.description !== 'string' || entry.description.trim() === '')
      .map(([name]) => `${what} ${name}: has no description`),
  ];
}

function section(actionYml: object, name: string): ReadonlyMap<string, Entry> {
  const found: unknown = Reflect.get(actionYml, name);
  if (!isRecord(found)) return new Map();
  return new Map(Object.entries(found).map(([key, entry]) => [key, isRecord(entry) ? entry : {}]));
}

function isRecord(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
