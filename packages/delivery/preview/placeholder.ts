/** What stands in the place of a name. */
export interface Variable {
  readonly value: string;
  /** It is text, whatever it looks like: the commit `1234567` is no number. Only a value that the workflow gives may be one. */
  readonly isText: boolean;
}

export type Variables = ReadonlyMap<string, Variable>;

/**
 * `<<name>>`, and `\<<` for plain `<<`. Helm and ApplicationSets have `{{ }}`, GitHub `${{ }}`, kustomize and Kubernetes `$(…)`, shells
 * `${…}`, ERB `<% %>`; the merge key `<<:` of YAML has no name between. What only looks like one is told, not passed over.
 */
const TOKEN = /\\<<|<<([ \t]*[A-Za-z][\w.-]{0,60}[ \t]*)>>/g;

/** Variables that are there only with the input `image`, or with a part of it. */
const OF_AN_IMAGE: ReadonlyMap<string, string> = new Map([
  ['image', 'give `image`'],
  ['image-name', 'give `image`'],
  ['image-tag', 'give `image` with a tag'],
  ['image-digest', 'give `image` with a digest, or `resolve-digests: true`'],
]);

export interface Filled {
  readonly text: string;
  readonly used: ReadonlySet<string>;
  /** Placeholders that stand for nothing, each with its line. */
  readonly unknown: readonly string[];
}

/** The text with what `give` says for each name of the variables. A value that looks like a placeholder stays as it is. */
export function fill(
  template: string,
  variables: Variables,
  give: (name: string) => string = (name) => variables.get(name)?.value ?? '',
): Filled {
  const used = new Set<string>();
  const unknown: string[] = [];
  const text = template.replace(TOKEN, (token: string, name: string | undefined, offset: number) => {
    if (name === undefined) return '<<';
    if (!variables.has(name)) {
      const line = template.slice(0, offset).split('\n').length;
      const known = [...variables.keys()].join(', ');
      unknown.push(
        OF_AN_IMAGE.has(name)
          ? `line ${line}: ${token} stands for nothing here: ${OF_AN_IMAGE.get(name)}`
          : `line ${line}: ${token} is no variable: known are ${known}; write \\<< for plain angle brackets`,
      );
      return token;
    }
    used.add(name);
    return give(name);
  });
  return { text, used, unknown };
}
