/** Cases of one file that differ for one reason, in one sentence. */
export interface Difference {
  readonly why: string;
  readonly cases: readonly string[];
}

/**
 * The cases of other projects' tests in which ours differs on purpose, by their file.
 * The test fails when a listed case stops differing, or another one starts to.
 */
export const DIFFERENCES: Readonly<Record<string, readonly Difference[]>> = {
  'octopus/plain-manifests': [
    {
      why: 'A repository in capitals is no valid name in any registry, so it is not taken for the one in lower case.',
      cases: ['ReplacerWillMatchImageNameInsensitivelyAndReplaceWithLowerCase'],
    },
  ],
  'octopus/kustomize-inline-patches': [
    {
      why: 'The whole file is looked at, not the patches alone, and the number 1.25 in `images:` becomes the text.',
      cases: ['UpdateImages_WithNoPatchesField_ReturnsNoChanges'],
    },
  ],
  'octopus/kustomize-images': [
    {
      why: 'The digest becomes the empty text, which kustomize takes for none, instead of its line being removed.',
      cases: ['UpdateImages_ExistingContainerHasDigest_StripsDigestAndAddsNewTagNode'],
    },
  ],
  'octopus/helm-step-paths': [
    {
      why: 'The file is left alone as well, but the path that leads nowhere is reported instead of passed over.',
      cases: ['PathNotFoundInYaml_SkipsImage'],
    },
  ],
  'octopus/applications-helm': [
    {
      why: 'The tag 2.2 is quoted, as without quotes it would be a number.',
      cases: [
        'HelmSourceWithMultipleMatchesInSameValuesFile_Update',
        'DirectorySource_ImageMatches_ReportsDeploymentWithNonEmptyCommitSha',
      ],
    },
  ],
  'octopus/image-references': [
    {
      why: 'An empty template can only be a mistake, so it is refused instead of finding nothing.',
      cases: ['ConvertToOctostache_Empty'],
    },
    {
      why: 'The name is kept as it is written and not put into lower case.',
      cases: ['FromReferenceString_PreservesTagCasing'],
    },
  ],
  'octopus/yaml-scalar-splicer': [
    {
      why: 'A folded block of one line is written, and read back before that is believed.',
      cases: ['CanReplaceValue_IsFalseForStylesThatCannotBeSpliced'],
    },
  ],
  'octopus/commit-messages': [
    {
      why: 'Nothing is committed where no image changes, so that there is no message of it.',
      cases: ['SummaryWithNoImages_SummaryAndNoImage'],
    },
  ],
  'gitops/kargo-update-field': [
    {
      why: 'Writing through an alias would change every other user of the anchor, so the place of the anchor must be named.',
      cases: ['update through alias node'],
    },
    {
      why: 'An alias of a map holds no single value, so it is not replaced by one.',
      cases: ['update alias node itself'],
    },
  ],
  'gitops/kustomize-set-image': [
    {
      why: 'The tag beside a digest given alone becomes the empty text, which kustomize takes for none, instead of its line being removed.',
      cases: [
        'multiple args with multiple overrides image1=foo.bar.foo:8800/foo/image1:foo-bar image2=my-image2@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3 image3:my-tag',
      ],
    },
  ],
  'gitops/image-updater-set-helm-value': [
    {
      why: 'Writing through an alias would change every other user of the anchor, so the place of the anchor must be named.',
      cases: ['Aliases to mappings are followed', 'Aliases to scalars are followed'],
    },
  ],
};
