import { boolean, type Inputs, list, names, oneOf, secret, secrets, text } from '@sluice/core/contract';
import { SluiceError } from '@sluice/core/errors';
import { isKeyPart } from '@sluice/core/input-syntax';
import { repositoryPath } from '@sluice/core/repository-path';
import { checkRegistryCredentials, parseRegistryCredential, passwordsOf } from '@sluice/oci/credentials';
import { commitProblems, needsNoToken } from './commit/commit-inputs.ts';
import { isTemplate } from './commit/template.ts';
import { parseCrdPath } from './crd-paths.ts';
import {
  checkImageEntries,
  imageEntryIdentity,
  parseAssignment,
  parseHelmValues,
  parseImageEntry,
} from './entries.ts';
import { isSshKey } from './git/ssh-key.ts';
import { parseImageTemplate } from './image-replace-paths.ts';
import { DOCKER_HUB } from './reference.ts';

/** How to log in to GitHub: a token, or a GitHub App whose tokens are minted when they are needed. */
export const loginInputs = {
  token: secret(),
  'app-id': text(),
  'app-private-key': secret(),
} as const;

/** What to change, where, and how to commit it. */
export const bumpInputs = {
  images: list().of(hinted(parseImageEntry), imageEntryIdentity).check(checkImageEntries),
  set: list().of(hinted((line) => insideRepository(parseAssignment(line)))),
  path: list({ default: '.' }).of(repositoryPath),
  repository: text().check(isRepositoryName),
  branch: text().check(isBranchName),
  checkout: oneOf(['auto', 'workspace', 'clone'], { default: 'auto' }),
  commit: oneOf(['direct', 'pull-request', 'auto', 'none'], { default: 'direct' }),
  'commit-method': oneOf(['api', 'git'], { default: 'api' }),
  'ssh-key': secret().check(isSshKey),
  'ssh-known-hosts': text(),
  message: text().check(isTemplate('text')),
  'pull-request-title': text().check(isTemplate('line')),
  'pull-request-body': text().check(isTemplate('markdown')),
  labels: names(),
  reviewers: names(),
  'team-reviewers': names(),
  'auto-merge': oneOf(['false', 'true', 'merge', 'squash', 'rebase'], { default: 'false' }),
  draft: boolean({ default: 'false' }),
  project: text().check(isKeyPart),
  environment: text().check(isKeyPart),
  tenant: text().check(isKeyPart),
  'helm-values': list().of(hinted((line) => insideRepository(parseHelmValues(line)))),
  'applications-from': oneOf(['none', 'argocd', 'git'], { default: 'none' }),
  'image-replace-paths': list().of(hinted(parseImageTemplate)),
  'crd-paths': list().of(hinted(parseCrdPath)),
  'kustomize-images': oneOf(['update', 'set'], { default: 'update' }),
  'default-registry': text({ default: DOCKER_HUB }),
  'resolve-digests': boolean({ default: 'false' }),
  'registry-credentials': secrets(parseRegistryCredential, passwordsOf).check(checkRegistryCredentials),
  'on-no-match': oneOf(['fail', 'warn'], { default: 'fail' }),
  'allow-downgrade': boolean({ default: 'false' }),
  render: oneOf(['auto', 'always', 'never'], { default: 'auto' }),
  comment: oneOf(['auto', 'always', 'never'], { default: 'auto' }),
  'comment-token': secret(),
} as const;

export type BumpInputs = Inputs<typeof bumpInputs>;
export type LoginInputs = Inputs<typeof loginInputs>;

/** What is wrong with the inputs of a bump together. */
export function bumpProblems(inputs: Partial<BumpInputs & LoginInputs>): readonly string[] {
  const problems: string[] = [];
  if (inputs.images?.length === 0 && inputs.set?.length === 0) {
    problems.push('give `images` or `set`, for example `images: registry.example/shop:1.4.2`');
  }
  if (inputs.tenant && (inputs.project === '' || inputs.environment === '')) {
    problems.push('`tenant` is given without `project` and `environment`: give all three, or no tenant');
  }
  const selects = inputs['applications-from'] === 'argocd' || inputs['applications-from'] === 'git';
  if (selects && (inputs.project === '' || inputs.environment === '')) {
    problems.push(
      '`applications-from` needs `project` and `environment`: Applications are selected by the annotations that name them',
    );
  }
  problems.push(...commitProblems(inputs));
  const login = inputs.commit === 'none' || needsNoToken(inputs) ? [] : loginProblems(inputs);
  return [...problems, ...login];
}

/** What is wrong with the login to GitHub. */
export function loginProblems(inputs: Partial<LoginInputs>): readonly string[] {
  const { token, 'app-id': appId, 'app-private-key': privateKey } = inputs;
  if ((appId === '') !== (privateKey === '')) {
    return ['only one of `app-id` and `app-private-key` is given: give both, or only `token`'];
  }
  if (appId === '' && token === '')
    return ['there is no token: give `token`, or `app-id` and `app-private-key`'];
  return [];
}

/** A credential of `createGitHub` for one repository, from inputs in which `loginProblems` finds nothing. */
export function credentialOf(inputs: LoginInputs, repository: string) {
  const { token, 'app-id': appId, 'app-private-key': privateKey } = inputs;
  if (appId === '') return { type: 'token', token } as const;
  const [owner = '', name = ''] = repository.split('/');
  return { type: 'app', appId, privateKey, owner, repository: name } as const;
}

/** The hint of a parser's error belongs to the sentence: the list of wrong inputs has no other place for it. */
function hinted<T>(parse: (line: string) => T): (line: string) => T {
  return (line) => {
    try {
      return parse(line);
    } catch (error) {
      if (!(error instanceof SluiceError) || error.hint === undefined) throw error;
      throw new Error(`${error.message}. ${error.hint}`);
    }
  };
}

function insideRepository<T extends { readonly file: string }>(line: T): T {
  return { ...line, file: repositoryPath(line.file) };
}

function isRepositoryName(value: string): void {
  const names = value.split('/');
  const good = names.length === 2 && names.every((name) => /^[\w.-]+$/.test(name) && !/^\.{1,2}$/.test(name));
  if (value !== '' && !good) throw new Error('allowed: owner/name');
}

/** git-check-ref-format, for the names that anyone uses. */
function isBranchName(value: string): void {
  const bad = /^[-/.]|[/.]$|\.\.|\/\.|\/\/|@\{|\.lock(\/|$)|[\s~^:?*[\\\x7f]|^refs\//;
  if (bad.test(value)) throw new Error('allowed: the name of a branch, without refs/heads/');
}
