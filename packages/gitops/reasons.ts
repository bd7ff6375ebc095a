/** The codes of errors while a repository is read by Git, and what each means. */
export interface GitReadErrors {
  readonly 'empty-repository': 'the repository has no branch, or what answers there is not a Git server';
  readonly 'commit-missing': 'the repository does not have the commit';
  readonly 'git-object-missing': 'the repository does not have the content of a file';
}

/** Files that hold no YAML that can be edited. */
interface UnreadableFiles {
  readonly 'too-large': 'a file that an input names is larger than 5 MB, or has too many aliases';
  readonly template: 'a file that an input names is a template (`{{`), not YAML';
  readonly 'not-yaml': 'a file that an input names is not YAML';
}

/** Lines of `set` and `helm-values` that cannot be meant. */
interface WrongLines {
  readonly 'ambiguous-path': 'a path of `set` or `helm-values` matches several elements';
  readonly 'not-a-value': 'a path of `set` or `helm-values` leads to a map or a list';
  readonly 'ambiguous-image': 'a line of `helm-values` names a tag alone, and several images are given';
}

export type WrongInput = keyof (UnreadableFiles & WrongLines);

/** The codes of errors of a bump, and what each means. */
export interface BumpErrors extends UnreadableFiles, WrongLines {
  readonly 'path-not-found': 'the repository has no such file or folder';
  readonly 'not-a-manifest': 'a file of `path` is neither YAML nor JSON';
  readonly 'no-manifests': 'a folder of `path` holds no YAML or JSON file';
  readonly 'not-utf8': 'a file that an input names is not UTF-8 text';
  readonly 'branch-not-found': 'the repository has no such branch';
  readonly 'push-refused': 'the server refuses what is pushed: a secret, a large file, a hook of its own';
  readonly 'commit-not-seen': 'GitHub made the commit, and Git does not show it on the branch';
  readonly 'pull-requests-not-allowed': 'GitHub Actions may not open pull requests in this repository';
  readonly 'no-workspace': '`commit: none`, and no repository is checked out';
  readonly 'workspace-not-writable': 'a file of the workspace could not be written';
  readonly 'workspace-not-readable': 'a file or folder of the workspace could not be read';
  readonly 'no-tag-for-policy': 'no tag of the repository fits the policy, or none of those says when it was built';
  readonly 'policy-undecided': 'a policy cannot decide: it lets a tag through that is no number, takes too long, or too many images through to ask each';
  readonly 'file-changed': 'a file of the workspace changed while it was edited';
}

/** Why one place must not be written. */
interface PlaceRefusals {
  readonly outdated: 'what is in place is newer, by its version, by its source commit or by the run that set it, and `allow-downgrade` is not set';
  readonly 'shared-value': 'an anchor shares the value with a place that does not get the same image';
  readonly 'conflicting-values': 'two different values are wanted for one place';
  readonly 'no-such-field': 'the entry lacks the field, and it cannot be added';
  readonly 'duplicate-key': 'a key above the value stands there twice';
  readonly 'tested-value': 'a `test` of a JSON patch asks for the image in place, and the patch would fail';
  readonly 'not-writable': 'the value has a form that cannot be edited alone: it is empty, tagged, or a block of several lines';
  readonly 'not-provable': 'the value cannot be told from another of that name in the file';
}

export type PlaceRefusal = keyof PlaceRefusals;

/** Why nothing is written. */
export interface PlanRefusals extends PlaceRefusals {
  readonly 'image-not-found': 'no place names an image';
  readonly 'place-not-found': 'a file or a path of `set` or `helm-values` is not there';
  readonly 'nothing-found': 'nothing was found to set';
  readonly 'no-application': 'there is no such Application, none is annotated with the deployment, or the token may not see it';
  readonly 'no-writable-source': 'no source of the annotated Applications can be changed';
  readonly 'pinned-revision': 'an annotated Application follows a tag or a commit, which cannot be changed';
  readonly 'invalid-application': 'the sources of an annotated Application cannot be told apart';
  readonly 'pull-request-behind': "the open pull request's branch lacks a place that the base branch has";
}

/** The codes that tell why a bump has its verdict, and what each means. */
export interface BumpReasons extends PlanRefusals {
  readonly committed: 'the commit is on the branch';
  readonly 'already-set': 'every place held its value already';
  readonly workspace: 'the files of the workspace are edited, and nothing is committed';
  readonly 'pull-request-created': 'a pull request was opened';
  readonly 'pull-request-updated': 'the open pull request was brought up to date';
  readonly 'pull-request-unchanged': 'the open pull request had everything already';
  readonly 'dry-run': 'this run only planned';
  readonly 'branch-protected': 'the protection of the branch refuses a direct commit (GH006)';
  readonly ruleset: 'a ruleset refuses a direct commit (GH013)';
  readonly 'another-repository': 'another repository of the same run could not be written, and this one was left alone';
  readonly 'overwritten-since': 'it was committed, and somebody overwrote it at once';
}

/** With an approved plan there is one more reason to write nothing. */
export interface StalePlan {
  readonly 'plan-stale': 'the plan is not the approved one any more';
}

export type PlanRefusal = keyof PlanRefusals | keyof StalePlan;
export type BumpReason = keyof BumpReasons | keyof StalePlan;

declare module '@sluice/core/errors' {
  interface ErrorCodes extends GitReadErrors, BumpErrors {}
}
