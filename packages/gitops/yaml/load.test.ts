import { expect, test } from 'vitest';
import { loadYaml, MAX_TEXT } from './load.ts';

test.each([
  ['a: {{ .Values.x }}\n', 'template'],
  ['{{- if .Values.x }}\na: 1\n{{- end }}\n', 'template'],
  ['a: x-{{ .Values.y }}\n', 'template'],
  ['a:\n  - {{ include "x" . }}\n', 'template'],
  ['a: b: c\n', 'not-yaml'],
  ['<html></html>\n<body>: x: y', 'not-yaml'],
  [`a: ${'x'.repeat(MAX_TEXT)}`, 'too-large'],
  [`a:\n${'- 1\n'.repeat(150_000)}`, 'too-large'],
  [`a: [${'1,'.repeat(150_001)}]`, 'too-large'],
])('%.40j is not read: %s', (text, reason) => {
  expect(loadYaml(text)).toMatchObject({ ok: false, reason, message: expect.stringMatching(/^it (is|has)/) });
});

test.each([
  'a: "{{ .x }}"\n',
  "a: '{{name}}'\n",
  '# {{ .x }}\na: 1\n',
  'a: |\n  {{ .x }}\n',
  'a: {b: {c: 1}}\n',
  `a: "${'x '.repeat(1_000_000)}"`,
])('%.40j is no template: what looks like one is quoted, or a comment', (text) => {
  expect(loadYaml(text)).toMatchObject({ ok: true });
});
