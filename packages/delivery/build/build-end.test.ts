import { expect, test } from 'vitest';
import { buildFailure } from './build-end.ts';

const ended = (code: number | undefined, ...lines: string[]) => ({
  code,
  lines,
  stdout: '',
  timedOut: false,
});

test.each([
  [
    'a step of BuildKit',
    ended(
      1,
      '#7 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1',
      'ERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1',
    ),
    'build-failed',
    /^failed to solve: process/,
  ],
  [
    'a step of buildah',
    ended(
      125,
      'STEP 2/2: COPY nope /x',
      'Error: building at STEP "COPY nope /x": copier: stat: "/nope": no such file or directory',
    ),
    'build-failed',
    /^building at STEP/,
  ],
  [
    'no such base image',
    ended(
      1,
      'ERROR: failed to solve: nope: failed to resolve source metadata for docker.io/library/nope:latest: docker.io/library/nope:latest: not found',
    ),
    'build-failed',
    /not found$/,
  ],
  [
    'a registry without an address',
    ended(
      125,
      'Error: creating build container: initializing source docker://r.example/x:1: pinging container registry r.example: Get "https://r.example/v2/": dial tcp: lookup r.example: no such host',
    ),
    'base-image-not-reached',
    /no such host$/,
  ],
  [
    'a registry that has had enough',
    ended(
      1,
      'ERROR: failed to solve: alpine: failed to resolve source metadata for docker.io/library/alpine:latest: toomanyrequests: You have reached your pull rate limit',
    ),
    'base-image-not-reached',
    /toomanyrequests/,
  ],
  [
    'a program of the build that finds no host',
    ended(
      1,
      'ERROR: failed to solve: process "/bin/sh -c curl x" did not complete successfully: no such host',
    ),
    'build-failed',
    /curl/,
  ],
  [
    'a full disk',
    ended(1, 'ERROR: failed to solve: write /x: no space left on device'),
    'builder-failed',
    /no space/,
  ],
  ['a build that was killed', ended(137, 'a'), 'builder-failed', /a/],
  ['a builder that a signal ended', ended(undefined, 'a'), 'builder-failed', /a/],
  ['a builder that says nothing', ended(1), 'build-failed', /exit code 1/],
])('%s', (_, end, reason, words) => {
  const failure = buildFailure(end);
  expect(failure?.reason).toBe(reason);
  expect(failure?.words).toMatch(words);
});

test('an exit code of 0 is no failure, whatever the log says', () => {
  expect(buildFailure(ended(0, 'ERROR: x'))).toBeUndefined();
});
