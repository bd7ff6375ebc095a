import { describe, expect, test } from 'vitest';
import { imagesOf } from '../manifest.ts';
import { renderDirectory } from './directory.ts';
import { renderHelm } from './helm.ts';
import { renderKustomize } from './kustomize.ts';
import { renderTemplate } from './template.ts';

const pod = (name: string, image: string) => `kind: Pod
apiVersion: v1
metadata: {name: ${name}}
spec: {containers: [{name: app, image: ${JSON.stringify(image)}}]}
`;
const files = (entries: Readonly<Record<string, string>>) => new Map(Object.entries(entries));

describe('plain manifests', () => {
  const tree = files({
    'app/a.yaml': `${pod('a', 'a:1')}---\n${pod('b', 'b:1')}`,
    'app/c.json': JSON.stringify({ kind: 'List', items: [{ kind: 'Pod', metadata: { name: 'c' } }] }),
    'app/below/d.yaml': pod('d', 'd:1'),
    'other/e.yaml': pod('e', 'e:1'),
  });

  test.each([
    [false, 3],
    [true, 4],
  ])('of one folder, with recurse: %s', (recurse, count) => {
    expect(renderDirectory(tree, 'app', recurse)).toHaveLength(count);
  });

  test('that cannot be read name the file and the line', () => {
    expect(() => renderDirectory(files({ 'app/x.yaml': 'a:\n  b: [1\n' }), 'app', false)).toThrow(
      /Failed to unmarshal "x.yaml".*yaml: line \d/,
    );
  });
});

describe('kustomize', () => {
  const overlay = (body: string) =>
    files({
      'base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'base/pod.yaml': pod('web', 'registry.example/web:1.0'),
      'over/kustomization.yaml': `resources: [../base]\n${body}`,
    });

  test.each([
    ['nothing', '', 'registry.example/web:1.0'],
    ['newTag', 'images: [{name: registry.example/web, newTag: "2.0"}]', 'registry.example/web:2.0'],
    [
      'newName',
      'images: [{name: registry.example/web, newName: mirror.example/web}]',
      'mirror.example/web:1.0',
    ],
    [
      'digest',
      'images: [{name: registry.example/web, digest: sha256:abc}]',
      'registry.example/web@sha256:abc',
    ],
    ['another name', 'images: [{name: registry.example/api, newTag: "2.0"}]', 'registry.example/web:1.0'],
  ])('images with %s', (_, body, wanted) => {
    expect(renderKustomize(overlay(body), 'over', undefined).flatMap(imagesOf)).toEqual([wanted]);
  });

  test("the Application's images come last", () => {
    const tree = overlay('images: [{name: registry.example/web, newTag: "2.0"}]');
    const rendered = renderKustomize(tree, 'over', {
      images: ['registry.example/web=mirror.example/web:3.0'],
    });
    expect(rendered.flatMap(imagesOf)).toEqual(['mirror.example/web:3.0']);
  });

  test('what is not rendered here is an error, and so is a tag that is a number', () => {
    expect(() => renderKustomize(overlay('namePrefix: x-\n'), 'over', undefined)).toThrow('namePrefix');
    expect(() => renderKustomize(overlay('images: [{name: web, newTag: 2.0}]'), 'over', undefined)).toThrow(
      'cannot unmarshal number',
    );
  });
});

describe('Helm', () => {
  const scope = { Values: { tag: '1.0', on: true, list: { a: 1 } }, Release: { Name: 'web' } };

  test.each([
    ['{{ .Values.tag }}', '1.0'],
    ['{{ .Values.tag | quote }}', '"1.0"'],
    ['{{ .Values.none | default "x" }}', 'x'],
    ['{{ printf "%s-%s" .Release.Name .Values.tag }}', 'web-1.0'],
    ['a: {{- toYaml .Values.list | nindent 2 }}', 'a:\n  a: 1'],
    ['{{/* said */}}b', 'b'],
    ['{{- if .Values.on }}yes{{ else }}no{{ end }}', 'yes'],
    ['{{ if .Values.none }}yes{{ else }}no{{ end }}', 'no'],
  ])('%s', (template, wanted) => {
    expect(renderTemplate(template, scope)).toBe(wanted);
  });

  test('what is not evaluated here is an error', () => {
    expect(() => renderTemplate('{{ range .Values.list }}', scope)).toThrow('range');
    expect(() => renderTemplate('{{ include "labels" . }}', scope)).toThrow('include');
  });

  test('parameters win over value files, and those over values.yaml', () => {
    const tree = files({
      'chart/Chart.yaml': 'name: web\n',
      'chart/values.yaml': 'image: {name: web, tag: "1"}\n',
      'chart/prod.yaml': 'image: {tag: "2"}\n',
      'chart/templates/pod.yaml': pod('web', '{{ .Values.image.name }}:{{ .Values.image.tag }}'),
    });
    const images = (helm: object) =>
      renderHelm(tree, 'chart', { app: 'web', namespace: 'web', helm, refs: new Map() }).flatMap(imagesOf);
    expect(images({})).toEqual(['web:1']);
    expect(images({ valueFiles: ['prod.yaml'] })).toEqual(['web:2']);
    const parameters = [{ name: 'image.tag', value: '3' }];
    expect(images({ valueFiles: ['prod.yaml'], parameters })).toEqual(['web:3']);
    expect(() => images({ valueFiles: ['none.yaml'] })).toThrow('no such file');
  });
});
