import { isBuiltin } from 'node:module';
import type { Plugin } from 'rolldown';

/**
 * An `import` of a built-in module makes Node read each of its exports, also those that load more when they are first read:
 * for `crypto` that is Web Crypto (5 ms), for `http` all of undici (25 ms). Here an export is read when it is used.
 */
export function plainBuiltins(): Plugin {
  return {
    name: 'plain-builtins',
    resolveId(source, _importer, { kind }) {
      // Left as they are: `import()`, which is late anyway, and what the bundler's own runtime imports.
      const isLeft = kind === 'dynamic-import' || source === 'node:module';
      return isBuiltin(source) && !isLeft ? `${PREFIX}${source}` : undefined;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      return `module.exports = process.getBuiltinModule(${JSON.stringify(id.slice(PREFIX.length))});`;
    },
  };
}

const PREFIX = '\0builtin:';

/** What stands for built-in modules in the bundler's graph. */
export const BUILTINS = /^\0builtin:/;
