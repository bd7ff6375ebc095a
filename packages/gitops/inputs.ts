import { boolean, type Inputs, list, oneOf, secret, text } from '@sluice/core/contract';
import { SluiceError } from '@sluice/core/errors';
import { checkImageEntries, parseAssignment, parseHelmValues, parseImageEntry } from './entries.ts';
import { DOCKER_HUB } from './reference.ts';
import { repositoryPath } from './repository-path.ts';

/** How to log in to GitHub: a token, or a GitHub App whose tokens are minted when they are needed. */
export const loginInputs = {
  token: secret(),
  'app-id': text(),
  'app-private-key': secret(),
} as const;

/** What to change, where, and how to commit it. */
export const bumpInputs = {
  images: list().of(hinted(parseImageEntry)).check(checkImageEntries),
  set: list().of(hinted((line) => insideRepository(parseAssignment(line)))),
  path: list({ default: '.' }).of(repositoryPath),
  repository: text().check(isRepositoryName),
  branch: text().check(isBranchName),
  commit: oneOf(['direct', 'pull-request', 'none'], { default: 'direct' }),
  message: text(),
  'pull-request-title': text(),
  'pull-request-body': text(),
  project: text().check(isOneLine),
  environment: text().check(isOneLine),
  tenant: text().check(isOneLine),
  'helm-values': list().of(hinted((line) => insideRepository(parseHelmValues(line)))),
  'default-registry': text({ default: DOCKER_HUB }),
  'on-no-match': oneOf(['fail', 'warn'], { default: 'fail' }),
  'allow-downgrade': boolean({ default: 'false' }),
} as const;

export type BumpInputs = Inputs<typeof bumpInputs>;
export type LoginInputs = Inputs<typeof loginInputs>;

/** Inputs that are wrong together only. Throws a SluiceError `invalid-input`. */
export function checkBumpInputs(inputs: BumpInputs): void {
  if (inputs.images.length === 0 && inputs.set.length === 0) {
    throw wrong(
      'An input is missing: give `images` or `set`.',
      'Name what to set, for example images: registry.example/shop:1.4.2',
    );
  }
  if (inputs.tenant !== '' && (inputs.project === '' || inputs.environment === '')) {
    throw wrong(
      'The input `tenant` is given without `project` and `environment`.',
      'Give all three, or no tenant.',
    );
  }
}

/** A credential of `createGitHub` for one repository. Throws a SluiceError `invalid-input` where the inputs are none. */
export function credentialOf(inputs: LoginInputs, repository: string) {
  const { token, 'app-id': appId, 'app-private-key': privateKey } = inputs;
  const [owner = '', name = ''] = repository.split('/');
  if (appId !== '' && privateKey !== '') {
    return { type: 'app', appId, privateKey, owner, repository: name } as const;
  }
  if (appId !== '' || privateKey !== '') {
    throw wrong('Only one of `app-id` and `app-private-key` is given.', 'Give both, or give `token`.');
  }
  if (token === '') {
    throw wrong('There is no token.', 'Give `token`, or `app-id` and `app-private-key`.');
  }
  return { type: 'token', token } as const;
}

function wrong(message: string, hint: string): SluiceError {
  return new SluiceError('input', 'invalid-input', message, { hint });
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

function isOneLine(value: string): void {
  if (/\p{Cc}/u.test(value) || value.length > 100)
    throw new Error('allowed: one line of at most 100 characters');
}
