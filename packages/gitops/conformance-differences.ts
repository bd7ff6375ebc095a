/**
 * Cases of other projects' tests in which ours differs on purpose: `<file>: <case>` and why, in one sentence.
 * The test fails when a listed case stops differing, or another one starts to.
 */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'plain-manifests: ReplacerWillMatchImageNameInsensitivelyAndReplaceWithLowerCase':
    'A repository in capitals is no valid name in any registry, so it is not taken for the one in lower case.',
  'kustomize-images: UpdateImages_ExistingContainerHasDigest_StripsDigestAndAddsNewTagNode':
    'The digest becomes the empty text, which kustomize takes for none, instead of its line being removed.',
  'helm-step-paths: PathNotFoundInYaml_SkipsImage':
    'The file is left alone as well, but the path that leads nowhere is reported instead of passed over.',
  'image-references: FromReferenceString_PreservesTagCasing':
    'The name is kept as it is written and not put into lower case.',
  'yaml-scalar-splicer: CanReplaceValue_IsFalseForStylesThatCannotBeSpliced':
    'A folded block of one line is written, and read back before that is believed.',
  'kargo-update-field: update through alias node':
    'Writing through an alias would change every other user of the anchor, so the place of the anchor must be named.',
  'kargo-update-field: update alias node itself':
    'An alias of a map holds no single value, so it is not replaced by one.',
  'kustomize-set-image: multiple args with multiple overrides image1=foo.bar.foo:8800/foo/image1:foo-bar image2=my-image2@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3 image3:my-tag':
    'The tag beside a digest given alone becomes the empty text, which kustomize takes for none, instead of its line being removed.',
  'image-updater-set-helm-value: Aliases to mappings are followed':
    'Writing through an alias would change every other user of the anchor, so the place of the anchor must be named.',
  'image-updater-set-helm-value: Aliases to scalars are followed':
    'Writing through an alias would change every other user of the anchor, so the place of the anchor must be named.',
};

interface Asked {
  readonly file: string;
  readonly name: string;
  readonly one: Readonly<Record<string, unknown>>;
  /** The files, edits and kind of the case as text. */
  readonly files: string;
  readonly updates: string;
  readonly called: string;
}

const NOT_BUILT: readonly (readonly [reason: string, asks: (asked: Asked) => boolean])[] = [
  ['patches of a kustomization', ({ one }) => /patch|StrategicMerge/i.test(String(one.variant ?? ''))],
  [
    'patches of a kustomization',
    ({ files, name }) => /patch/i.test(files) && !/StrategicMergePatch/.test(name),
  ],
  [
    'what an Application says of its source',
    ({ name }) => /Plugin|NoPath|NoKustomizationFile|OutOfScope/.test(name),
  ],
  ["Flux's markers in comments", ({ one }) => one.kind === 'flux-setter-marker'],
  ['expressions of yq', ({ file, updates }) => file === 'telefonistka-yq' && updates.includes('select(')],
  [
    'a list of all paths of a file, which nothing of ours needs',
    ({ called }) => /^(?:listPaths|flatten)$/.test(called),
  ],
  ['templates of image-replace-paths', ({ called, one }) => called === 'toOctostache' || 'template' in one],
  ['adding an entry that is not there', ({ name }) => name.startsWith('kustomize: append')],
  [
    'creating what is not there',
    ({ file, name }) => file === 'kargo-update-field' && /^(?:create|add) new/.test(name),
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
    'paths that do not tell the dots of a key from those between keys',
    ({ file, name }) => file.startsWith('image-updater') && /dots|dotted/.test(name),
  ],
  [
    "kustomize's `*` for what stands there",
    ({ file, updates }) => file === 'kustomize-set-image' && updates.includes('*'),
  ],
  [
    'adding an entry that is not there',
    ({ file, one }) => file === 'kustomize-set-image' && one.compare === 'contains',
  ],
  [
    "Kargo's own syntax of paths",
    ({ name, updates }) => /legacy syntax|with colon/.test(name) || updates.includes('.['),
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
    called: String(one.function ?? ''),
  };
  return NOT_BUILT.find(([, asks]) => asks(asked))?.[0];
}
