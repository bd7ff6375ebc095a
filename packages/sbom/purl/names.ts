import type { Purl } from './purl.ts';

/** What no registry has in a name: blanks, what is left of encoding a name twice, and parts that are empty. */
const ANY = /^[^\s%/]+(?:\/[^\s%/]+)*$/;

/**
 * What names look like, with namespace, by type of purl. Wider than the registries' own rules, because old packages break those; what
 * it leaves out, none of them can have, so that an answer of *nothing known* would say nothing.
 */
const NAMES: ReadonlyMap<string, RegExp> = new Map([
  // https://doc.rust-lang.org/cargo/reference/manifest.html#the-name-field
  ['cargo', /^[\w-]+$/],
  // https://getcomposer.org/doc/04-schema.md#name
  ['composer', /^[\w.-]+\/[\w.-]+$/],
  // https://guides.rubygems.org/name-your-gem/
  ['gem', /^[\w.-]+$/],
  // https://go.dev/ref/mod#go-mod-file-ident: no `!`, which stands for a capital in the module cache alone.
  ['golang', /^[\w.~+-]+(?:\/[\w.~+-]+)*$/],
  // https://maven.apache.org/pom.html#Maven_Coordinates
  ['maven', /^[\w./-]+$/],
  // https://github.com/npm/validate-npm-package-name: what is the same in an address, and a scope has its `@`.
  ['npm', /^(?:@[\w.~!*'()-]+\/)?[\w.~!*'()-]+$/],
  // https://learn.microsoft.com/nuget/reference/nuspec#id
  ['nuget', /^[\p{L}\p{M}\p{N}_.-]+$/u],
  // https://peps.python.org/pep-0508/#names
  ['pypi', /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i],
]);

/** Whether a registry of this type can have a package of this name. */
export function isPossibleName({ type, namespace, name }: Purl): boolean {
  const whole = [...namespace, name].join('/');
  return ANY.test(whole) && (NAMES.get(type)?.test(whole) ?? true);
}
