import { SluiceError } from '@sluice/core/errors';
import type { RepositoryAddress } from './address.ts';

/** What is asked of whom, for sentences. */
export interface Question extends RepositoryAddress {
  /** `the tags of library/nginx` */
  readonly what: string;
}

export interface Access {
  /** Who asked; absent for nobody. */
  readonly user?: string | undefined;
  /** Programs that may know a login, and are not started. */
  readonly helpers: readonly string[];
}

export function loginError({ registry, what }: Question, { user, helpers }: Access): SluiceError {
  const message =
    user === undefined
      ? `The registry ${registry} does not show ${what} without a login.`
      : `The registry ${registry} does not show ${what} to ${user}: the login is wrong, or may not pull there.`;
  const give = `Give \`registry-credentials\`: ${registry}=<user>:<password>, with the right to pull; or check the name of the image.`;
  const unasked = `Docker's configuration leaves its logins to ${helpers.join(', ')}, which is not started here. `;
  return new SluiceError('permission', 'registry-login', message, {
    hint: user === undefined && helpers.length > 0 ? unasked + give : give,
  });
}

export function missingError({ registry, what }: Question): SluiceError {
  return new SluiceError(
    'input',
    'image-not-in-registry',
    `The registry ${registry} does not have ${what}.`,
    {
      hint: 'Check the name and the tag; an image that is built later than this step runs cannot be there yet.',
    },
  );
}

export function unreachableError({ registry }: Question, why: string, cause?: unknown): SluiceError {
  return new SluiceError(
    'platform',
    'registry-unreachable',
    `The registry ${registry} could not be reached: ${why}.`,
    {
      hint: 'Check the name of the registry, the network of the runner and its proxy.',
      cause,
    },
  );
}

export function unavailableError({ registry, what }: Question, said: string): SluiceError {
  return new SluiceError(
    'platform',
    'registry-unavailable',
    `The registry ${registry} did not give ${what}: ${said}.`,
    {
      hint: 'Run the job again later; a login with `registry-credentials` often has a higher limit.',
    },
  );
}

export function answerError({ registry, what }: Question, why: string): SluiceError {
  const message = `What ${registry} answered for ${what} cannot be used: ${why}.`;
  return new SluiceError('platform', 'registry-answer', message, {
    hint: 'Check that this is a registry (OCI distribution, Docker registry v2), and what stands between it and the runner.',
  });
}
