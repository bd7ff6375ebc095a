import { expect, test } from 'vitest';
import { placeOf } from './dockerfile-place.ts';

const text = `# syntax=docker/dockerfile:1
FROM golang:1.26 AS build

COPY . /src
RUN cd /src && \\
  # a comment goes on
  go build -o /app .
FROM scratch
COPY --from=build   /app /app
COPY . /src
RUN ["/app", "check"]
`;
const file = 'docker/app.Dockerfile';
const lineOf = (...lines: string[]) => placeOf(lines, { file, text })?.line;

test('BuildKit names the file and the line above what stands there', () => {
  const lines = [
    '#9 ERROR: process "/app check" did not complete successfully: exit code: 1',
    '------',
    ' > [2/2] RUN ["/app", "check"]:',
    '0.1 no',
    '------',
    'app.Dockerfile:11',
    '--------------------',
    '   9 |     COPY',
    '  11 | >>> RUN ["/app", "check"]',
    '--------------------',
    'ERROR: failed to solve: process "/app check" did not complete successfully: exit code: 1',
  ];
  expect(placeOf(lines, { file, text })).toEqual({ file, line: 11 });
});

test('what a step of the build writes is no place, without the rule below it', () => {
  expect(lineOf('app.Dockerfile:3', 'ERROR: failed to solve: x')).toBeUndefined();
});

test.each([
  ['of BuildKit', 'ERROR: failed to solve: dockerfile parse error on line 4: unknown instruction: COPI', 4],
  [
    'of an old BuildKit',
    'ERROR: failed to solve: failed to create LLB definition: dockerfile parse error line 3: unknown instruction: FOO',
    3,
  ],
  [
    'of buildah',
    'Error: resolving step {Value:env Original:ENV A="x Flags:[] StartLine:2 EndLine:2}: unexpected end of statement',
    2,
  ],
])('the parser %s names the line', (_, line, wanted) => {
  expect(lineOf(line)).toBe(wanted);
});

test.each([
  ['that goes on over lines', 'STEP 3/3: RUN cd /src &&   go build -o /app .', 5],
  ['of a later stage', '[2/2] STEP 2/4: COPY --from=build   /app /app', 9],
  ['as JSON', '[2/2] STEP 4/4: RUN ["/app", "check"]', 11],
])('the last step of buildah, one %s, is found by its words', (_, step, wanted) => {
  expect(
    lineOf('STEP 1/3: FROM golang:1.26 AS build', step, 'Error: building at STEP "…": exit status 1'),
  ).toBe(wanted);
});

test('a BuildKit that names no line names the step above its error', () => {
  const lines = [
    '#4 [build 2/3] RUN cd /src &&   go build -o /app .',
    '#4 ERROR: executor failed running [/bin/sh -c cd /src]: exit code: 1',
    '------',
    ' > [build 3/3] RUN cd /src &&   go build -o /app .:',
    '------',
    'ERROR: failed to solve: executor failed running [/bin/sh -c cd /src]: exit code: 1',
  ];
  expect(lineOf(...lines)).toBe(5);
});

test('where two lines have the same words, none is named', () => {
  expect(lineOf('[2/2] STEP 3/4: COPY . /src')).toBeUndefined();
});

test('a line that the file does not have is none', () => {
  expect(lineOf('ERROR: dockerfile parse error on line 400: x')).toBeUndefined();
});
