import type { PermissionName, Reply } from './types.ts';

const docs = 'https://docs.github.com/rest';

/** GitHub's error body: message, documentation_url and the status as text. */
export const problem = (
  status: number,
  message: string,
  documentation = docs,
  headers?: Readonly<Record<string, string>>,
): Reply => ({
  status,
  body: { message, documentation_url: documentation, status: String(status) },
  ...(headers === undefined ? {} : { headers }),
});

export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  readonly message?: string;
}

/** 422 as GitHub words it, with its list of field errors. */
export const validationFailed = (errors: readonly FieldError[], documentation = docs): Reply => ({
  status: 422,
  body: { message: 'Validation Failed', errors, documentation_url: documentation, status: '422' },
});

export const unprocessable = (message: string, documentation = docs): Reply =>
  problem(422, message, documentation);
export const badCredentials = (): Reply => problem(401, 'Bad credentials');
export const requiresAuthentication = (): Reply => problem(401, 'Requires authentication');
export const notFound = (documentation = docs): Reply => problem(404, 'Not Found', documentation);

/** What an installation token without the permission gets; the header tells which one (or the other) it needs. */
export const notAccessible = (
  names: readonly PermissionName[],
  access: string,
  documentation: string,
): Reply =>
  problem(403, 'Resource not accessible by integration', documentation, {
    'x-accepted-github-permissions': names.map((name) => `${name}=${access}`).join('; '),
  });
