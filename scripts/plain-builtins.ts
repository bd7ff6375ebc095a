import { isBuiltin } from 'node:module';
import type { Plugin } from 'rolldown';

/**
 * An `import` of a built-in module makes Node load it at the start, and read each of its exports, also those that load more when they are
 * first read: for `crypto` that is Web Crypto (5 ms), for `http` all of undici (25 ms). Here an export is read when it is used, and a module
 * of which a bundle uses nothing but functions is loaded when the first of them is called (`crypto`: 4 ms).
 */
export function plainBuiltins(): Plugin {
  return {
    name: 'plain-builtins',
    resolveId(source, _importer, { kind }) {
      // Left as they are: `import()`, which is late anyway, and what the bundler's own runtime imports.
      const isLeft = kind === 'dynamic-import' || source === 'node:module';
      if (!isBuiltin(source) || isLeft) return undefined;
      return `${kind === 'require-call' ? REQUIRED : IMPORTED}${source.replace(/^node:/, '')}`;
    },
    load(id) {
      if (id.startsWith(REQUIRED)) return `module.exports = ${loaded(id.slice(REQUIRED.length))};`;
      if (id.startsWith(IMPORTED)) return exportsOf(id.slice(IMPORTED.length));
      return undefined;
    },
  };
}

const REQUIRED = '\0builtin:require:';
const IMPORTED = '\0builtin:import:';

/** What stands for built-in modules in the bundler's graph; and of those what stands for the ones that CommonJS asks for. */
export const BUILTINS = /^\0builtin:/;
export const REQUIRED_BUILTINS = /^\0builtin:require:/;

const loaded = (name: string): string => `process.getBuiltinModule(${JSON.stringify(`node:${name}`)})`;

/** A module that has the exports of a built-in one. What no bundle uses of it is left out by the bundler. */
function exportsOf(name: string): string {
  const module: unknown = process.getBuiltinModule(name);
  if (typeof module !== 'object' && typeof module !== 'function') throw new Error(`There is no ${name}`);
  const lines = Object.entries(Object.getOwnPropertyDescriptors(module)).map(([key, property]) =>
    key === 'default' ? '' : `const $${key} = ${exportOf(key, property)}; export { $${key} as ${key} };`,
  );
  return [
    'let module;',
    `/* @__NO_SIDE_EFFECTS__ */ const get = () => module ??= ${loaded(name)};`,
    '/* @__NO_SIDE_EFFECTS__ */ const read = (key) => get()[key];',
    '/* @__NO_SIDE_EFFECTS__ */ const later = (key) => new Proxy({}, { get(_, name) {',
    "  const value = get()[key][name]; return typeof value === 'function' ? value.bind(get()[key]) : value;",
    '} });',
    ...lines,
    'export default /* @__PURE__ */ get();',
  ].join('\n');
}

/** Functions and what loads more when it is read, as `webcrypto` does, wait; classes and constants cannot. */
function exportOf(key: string, { get, value }: PropertyDescriptor): string {
  if (get !== undefined) return `/* @__PURE__ */ later(${JSON.stringify(key)})`;
  return isPlainFunction(key, value)
    ? `(...args) => get().${key}(...args)`
    : `/* @__PURE__ */ read(${JSON.stringify(key)})`;
}

/** A class has a capital; what has properties beside, as `realpathSync.native`, is more than what a call gives. */
function isPlainFunction(key: string, value: unknown): boolean {
  if (typeof value !== 'function' || !/^[a-z]/.test(key)) return false;
  return Reflect.ownKeys(value).every((own) => PLAIN.has(own));
}

/** What nobody reads of a function: `homedir` and `tmpdir` have the last two. */
const PLAIN: ReadonlySet<string | symbol> = new Set([
  ...['length', 'name', 'prototype', 'withoutStackTrace'],
  Symbol.toPrimitive,
]);
