import { expect, test } from 'vitest';
import { builderEnvironment } from './environment.ts';

test('a builder keeps what it finds its storage, daemon and logins by, and gets no token of the job', () => {
  const kept = {
    ...{ PATH: '/usr/bin', HOME: '/home/runner', DOCKER_HOST: 'tcp://x', STORAGE_DRIVER: 'vfs' },
    ...{ BUILDAH_ISOLATION: 'chroot', REGISTRY_AUTH_FILE: '/a', HTTPS_PROXY: 'http://p', GITHUB_SHA: 'f' },
  };
  const lost = {
    ...{ INPUT_SMOKE: '/x', 'INPUT_REGISTRY-CREDENTIALS': 'r=u:p', GITHUB_TOKEN: 't', GH_TOKEN: 't' },
    ...{ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't', ACTIONS_ID_TOKEN_REQUEST_URL: 'u' },
    ...{ GITHUB_OUTPUT: '/o', GITHUB_ENV: '/e', GITHUB_PATH: '/p', NODE_OPTIONS: '--require x' },
  };
  expect(builderEnvironment({ ...kept, ...lost, EMPTY: undefined })).toEqual(kept);
});
