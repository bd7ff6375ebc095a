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
      // The bundler's own runtime imports `node:module`, before it can load anything this way.
      const plainly = kind === 'import-statement' && isBuiltin(source) && source !== 'node:module';
      return plainly ? `${PREFIX}${source}` : undefined;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      return `module.exports = process.getBuiltinModule(${JSON.stringify(id.slice(PREFIX.length))});`;
    },
  };
}

const PREFIX = '\0builtin:';
