interface Asked {
  readonly file: string;
  readonly name: string;
  readonly one: Readonly<Record<string, unknown>>;
  /** The files, edits and kind of the case as text. */
  readonly files: string;
  readonly updates: string;
}

/** What the cases of a file ask for that is not there; whoever builds it takes the line out. */
const NOT_BUILT: readonly (readonly [reason: string, asks: (asked: Asked) => boolean])[] = [
  ["Flux's markers in comments", ({ one }) => one.kind === 'flux-setter-marker'],
  [
    'expressions of yq',
    ({ file, updates }) => file === 'gitops/telefonistka-yq' && updates.includes('select('),
  ],
  ['adding an entry that is not there', ({ name }) => name.startsWith('kustomize: append')],
  [
    'creating what is not there',
    ({ file, name }) => file === 'gitops/kargo-update-field' && /^(?:create|add) new/.test(name),
  ],
  ['creating what is not there', ({ name }) => name === 'Test add missing'],
  [
    'replacing a value by a map or list',
    ({ name }) => /complex value|entire (?:mapping|sequence)/.test(name),
  ],
  [
    'creating what is not there',
    ({ name, one }) => /^missing .*created|[Kk]ey not found|deep key/.test(name) && one.compare !== 'error',
  ],
  [
    "Kargo's own syntax of paths",
    ({ file, name, updates }) =>
      file !== 'gitops/image-policies' && (/legacy syntax|with colon/.test(name) || updates.includes('.[')),
  ],
];

/** Why a case asks for something that is not built here; undefined where it is. Such cases are counted, not run. */
export function outOfScope(file: string, one: Readonly<Record<string, unknown>>): string | undefined {
  const asked = {
    file,
    name: String(one.name),
    one,
    files: JSON.stringify(one.files ?? {}),
    updates: JSON.stringify(one.updates ?? []),
  };
  return NOT_BUILT.find(([, asks]) => asks(asked))?.[0];
}
