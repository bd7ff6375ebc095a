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
      why: 'A path that is not there is an error: nothing is created.',
      cases: [
        'create new nested field',
        'add new scalar to end of sequence (legacy syntax)',
        'add new scalar to end of sequence',
        'add new mapping to end of sequence (legacy syntax)',
        'add new mapping to end of sequence',
        'add new item beyond current length (legacy syntax)',
        'add new item beyond current length',
        'add new sequence to end of sequence (legacy syntax)',
        'add new sequence to end of sequence',
      ],
    },
    {
      why: 'One value is replaced by one: a map or a list is none.',
      cases: [
        'update with complex value',
        'replace entire mapping node preserving comments',
        'replace entire sequence node preserving comments',
      ],
    },
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
      why: 'An image is asked for with a tag, a digest or a policy, never without.',
      cases: ['<image>=<image> ngnix=localhost:5000/my-project/ngnix'],
    },
    {
      why: 'An entry says what it wants: `*` for what stands there is no part of it.',
      cases: [
        'override new tag but keep new name image1=*:v1',
        'override new name but keep new tag image1=my-image1:*',
        'keep new name and new tag (rare case) image1=*:*',
        'do not set asterisk as new name for existing image image1=*:v1',
        'do not set asterisk as new name image1=*:v1',
        'do not set asterisk as new tag image1=my-image1:*',
        'keep new name and update digest image2=*@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3',
        'keep new name, remove tag, and set digest image2=*@sha256:24a0c4b4a4c0eb97a1aabb8e29f18e917d05abfe1b7a7c07857230879ce7d3d3',
        'update new name and keep the digest image2=my-image2@*',
      ],
    },
  ],
  'gitops/image-updater-set-helm-value': [
    {
      why: 'A path that is not there is an error: nothing is created.',
      cases: ['Key not found', 'Root key not found', 'Empty values with deep key'],
    },
    {
      why: 'Writing through an alias would change every other user of the anchor, so the place of the anchor must be named.',
      cases: ['Aliases to mappings are followed', 'Aliases to scalars are followed'],
    },
  ],
  'gitops/image-updater-helm-values': [
    {
      why: 'A path that is not there is an error: nothing is created.',
      cases: [
        'missing image-spec path is created without corrupting the rest',
        'missing paths for two images are created',
      ],
    },
  ],
  'gitops/telefonistka-yq': [
    {
      why: 'A path that is not there is an error: nothing is created.',
      cases: ['Test add missing'],
    },
  ],
  'octopus/kustomize-discovery': [
    {
      why: 'An empty list of patches holds none.',
      cases: ['HasPatchesNode_WithEmptyPatchesField_ReturnsTrue'],
    },
    {
      why: 'What a kustomization names as a patch is one, whatever its keys are.',
      cases: ['IsStrategicMergePatchContent_NoKubernetesFields_ReturnsFalse'],
    },
  ],
};

/** Files of cases that no test here runs, and whose they are. */
export const NOT_OURS: Readonly<Record<string, string>> = {
  'gitops/argocd-wait-states': 'The decision of argo-sync-wait runs them, in packages/argocd/decide.',
  'octopus/manifests-step':
    'Templates copied into a repository are no image bump: they are for another action.',
  'octopus/index': 'It tells what the others are.',
};
