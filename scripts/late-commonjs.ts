import type { Plugin } from 'rolldown';

/**
 * What a module of CommonJS does when it is loaded waits until the function or class that it exports is first called: `semver` compiles
 * ninety regular expressions, which takes 4 ms of every start, and most runs compare no versions. `packages`: those whose modules export
 * one function or class, and nothing that is read without a call.
 */
export function lateCommonJs(packages: readonly string[]): Plugin {
  return {
    name: 'late-commonjs',
    async resolveId(source, importer, { kind }) {
      if (kind !== 'import-statement' || !packages.includes(source.split('/')[0] ?? '')) return undefined;
      const found = await this.resolve(source, importer, { kind, skipSelf: true });
      return found && !found.external ? `${LATE}${found.id}` : undefined;
    },
    load(id) {
      if (!id.startsWith(LATE)) return undefined;
      const module = JSON.stringify(id.slice(LATE.length));
      // An ordinary function, so that `new` works as well.
      return `let exported;
export default function (...args) {
  exported ??= require(${module});
  return new.target ? new exported(...args) : exported(...args);
}`;
    },
  };
}

const LATE = '\0late:';
