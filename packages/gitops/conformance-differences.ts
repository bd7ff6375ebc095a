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

/** Why a case asks for something that is not built here; undefined where it is. Such cases are counted, not run. */
export function outOfScope(file: string, one: Readonly<Record<string, unknown>>): string | undefined {
  const name = String(one.name);
  const variant = String(one.variant ?? '');
  const called = String(one.function ?? '');
  if (/patch|StrategicMerge/i.test(variant)) return 'patches of a kustomization';
  if (/^(?:listPaths|flatten)$/.test(called))
    return 'a list of all paths of a file, which nothing of ours needs';
  if (called === 'toOctostache' || 'template' in one) return 'templates of image-replace-paths';
  if (name.startsWith('kustomize: append')) return 'adding an entry that is not there';
  if (file === 'kargo-update-field' && /^(?:create|add) new/.test(name)) return 'creating what is not there';
  if (/complex value|entire (?:mapping|sequence)/.test(name)) return 'replacing a value by a map or list';
  if (/^missing .*created|[Kk]ey not found|deep key/.test(name) && one.compare !== 'error')
    return 'creating what is not there';
  if (file.startsWith('image-updater') && /dots|dotted/.test(name))
    return 'paths that do not tell the dots of a key from those between keys';
  if (file === 'kustomize-set-image' && /\*/.test(JSON.stringify(one.updates)))
    return "kustomize's `*` for what stands there";
  if (file === 'kustomize-set-image' && one.compare === 'contains')
    return 'adding an entry that is not there';
  if (/legacy syntax|with colon/.test(name) || JSON.stringify(one.updates)?.includes('.['))
    return "Kargo's own syntax of paths";
  return undefined;
}
