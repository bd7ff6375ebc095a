import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { DIFFERENCES, outOfScope } from './conformance-differences.ts';
import { parseAssignment, parseHelmValues, parseImageEntry } from './entries.ts';
import type { PlanRequest } from './find/edit-plan.ts';
import { isManifestPath } from './find/files.ts';
import { planEdits } from './find/plan-edits.ts';
import { placeReader } from './find/read-place.ts';
import {
  canonicalReference,
  canonicalRepository,
  formatReference,
  parseReference,
  readReference,
} from './reference.ts';
import { parseYaml } from './yaml/tree.ts';
import { isPlainSafe } from './yaml/write.ts';

const FILES = {
  octopus: [
    'plain-manifests',
    'kustomize-images',
    'helm-values-editor',
    'helm-step-paths',
    'image-references',
    'yaml-scalar-splicer',
    'format-invariance',
    'applications-directory-kustomize',
    'kustomize-multi-file',
  ],
  gitops: [
    'format-traps',
    'plain-scalar-safety',
    'kargo-set-values',
    'kargo-update-field',
    'image-updater-helm-values',
    'image-updater-set-helm-value',
    'image-updater-kustomize-file',
    'kustomize-set-image',
    'flux-setters',
    'telefonistka-yq',
  ],
};

const folder = [
  ...(process.env.SLUICE_SHARED === undefined
    ? []
    : [new URL(`file://${process.env.SLUICE_SHARED}/conformance/`)]),
  new URL('../../../shared/conformance/', import.meta.url),
].find((url) => existsSync(url));

type Case = Readonly<Record<string, unknown>>;

/** What ours makes of a case: undefined where it comes to what the case expects, else what it came to. */
type Runner = (one: Case) => string | undefined;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Case => (typeof value === 'object' && value !== null ? { ...value } : {});

function plan(
  path: string,
  one: Case,
  request: Omit<PlanRequest, 'files'>,
): { after: string; failed: string[]; updated: string[] } {
  const before = text(one.input);
  const defaultRegistry = text(record(one.options).defaultRegistry) || 'docker.io';
  const planned = planEdits({
    files: new Map([[path, before]]),
    allowDowngrade: true,
    defaultRegistry,
    ...request,
  });
  return {
    after: planned.files[0]?.after ?? before,
    failed: [...planned.problems, ...planned.missing].map(({ message }) => message),
    updated: planned.images
      .filter(({ status }) => status === 'updated')
      .map(({ image }) => parseImageEntry(image).image),
  };
}

function compare(one: Case, after: string, failed: readonly string[]): string | undefined {
  if (one.compare === 'error')
    return failed.length > 0 ? undefined : `no error, but ${JSON.stringify(after)}`;
  const wanted = [one.expectedPreserving ?? one.expected, ...list(one.acceptable)];
  const holds = (expected: unknown): boolean => {
    if (one.compare === 'semantic') return isDeepStrictEqual(load(after), load(text(expected)));
    if (one.compare === 'contains')
      return list(one.expectedContains).every((part) => after.includes(text(part)));
    if (one.compare === 'trimmed-exact') return after.trim() === text(expected).trim();
    return after === expected;
  };
  if (failed.length > 0) return failed.join('; ');
  return wanted.some(holds) ? undefined : JSON.stringify(after);
}

const images =
  (path: string, extra: (one: Case) => Omit<PlanRequest, 'files'>): Runner =>
  (one) => {
    const entries = list(one.images).map((image) => parseImageEntry(text(image)));
    const { after, failed, updated } = plan(path, one, { entries, ...extra(one) });
    const defaultRegistry = text(record(one.options).defaultRegistry) || 'docker.io';
    const expected = list(one.expectedUpdated).map((image) =>
      canonicalReference(parseReference(text(image)), defaultRegistry),
    );
    if (!isDeepStrictEqual(updated.toSorted(), expected.toSorted()))
      return `updated ${updated.join(', ')}; ${failed.join('; ')}`;
    return compare(one, after, failed);
  };

/** The folder of an application, or of a kustomization, with all its files. */
function tree(one: Case): string | undefined {
  const source = record(record(record(one.application).spec).source).path ?? one.sourcePath;
  const folder = text(source).replace(/^\.$/, '');
  const before = Object.entries(record(one.files)).map(([path, content]) => [path, text(content)] as const);
  const planned = planEdits({
    files: new Map(before.filter(([path]) => path.startsWith(folder) && isManifestPath(path, folder || '.'))),
    entries: list(one.images).map((image) => parseImageEntry(text(image))),
    defaultRegistry: text(record(one.options).defaultRegistry) || 'docker.io',
  });
  const after = Object.fromEntries([...before, ...planned.files.map(({ path, after: now }) => [path, now])]);
  return isDeepStrictEqual(after, one.expectedFiles) ? undefined : JSON.stringify(after);
}

/** Dotted keys of other tools: every step but a `\.` ends at a dot. */
const assignments =
  (path: string, updates: readonly (readonly [string, unknown])[]): Runner =>
  (one) => {
    try {
      const lines = updates.map(([key, value]) =>
        parseAssignment(
          `${path} ${key}${typeof value === 'string' ? `=${value}` : `:=${JSON.stringify(value)}`}`,
        ),
      );
      const { after, failed } = plan(path, one, { assignments: lines, named: new Set([path]) });
      return compare(one, after, failed);
    } catch (error) {
      return compare(one, text(one.input), [String(error)]);
    }
  };

function reference(one: Case): string | undefined {
  const expected = record(one.expected);
  switch (one.function) {
    case 'compare': {
      const [a, b] = [parseReference(text(one.a)), parseReference(text(one.b))];
      const matchesImage =
        canonicalRepository(a, text(one.aDefaultRegistry)) ===
        canonicalRepository(b, text(one.bDefaultRegistry));
      const found: Case = {
        matchesImage,
        tagMatch: a.tag === b.tag,
        matchesImageAndTag: matchesImage && a.tag === b.tag,
      };
      return Object.keys(expected).every((key) => found[key] === expected[key])
        ? undefined
        : JSON.stringify(found);
    }
    case 'parse': {
      const parsed = readReference(text(one.input));
      if (one.expectedError === true) return parsed === undefined ? undefined : formatReference(parsed);
      const found: Case = { Tag: parsed?.tag, ImageName: parsed?.repository, Registry: parsed?.registry };
      return Object.keys(expected).every((key) => found[key] === expected[key])
        ? undefined
        : JSON.stringify(found);
    }
    default: {
      const parsed = parseReference(text(one.input));
      const written = formatReference({ ...parsed, ...(typeof one.tag === 'string' && { tag: one.tag }) });
      return written === one.expected ? undefined : written;
    }
  }
}

function helmEditor(one: Case): string | undefined {
  if (one.function === 'setValueAtPath')
    return assignments('values.yaml', [[text(one.path), text(one.value)]])(one);
  const parsed = parseYaml(text(one.input));
  const found = parsed.ok
    ? placeReader(parsed.documents)({ type: 'value', document: 0, path: text(one.path) })[0]
    : undefined;
  return String(found) === one.expected ? undefined : String(found);
}

function splicer(one: Case): string | undefined {
  if (one.function !== 'canReplace') {
    const edits = list(one.edits).map((edit) => [text(list(edit)[0]), list(edit)[1]] as const);
    return assignments('a.yaml', edits)(one);
  }
  const wrong = Object.entries(record(one.expected)).filter(([key, can]) => {
    const line = parseAssignment(
      `a.yaml ${key}=other${/: [|>]\n/.test(text(one.input).slice(text(one.input).indexOf(`${key}:`))) ? '\n' : ''}`,
    );
    return (plan('a.yaml', one, { assignments: [line] }).failed.length === 0) !== can;
  });
  return wrong.length === 0 ? undefined : wrong.join('; ');
}

function gitops(one: Case): string | undefined {
  const updates = list(one.updates).map(record);
  if (one.kind === 'plain-scalar-safety')
    return isPlainSafe(text(one.input)) === one.expected ? undefined : 'otherwise';
  if (one.kind === 'image-ref-replace') {
    const lines = updates.map(
      ({ image, tag, digest }) => `${image}:${tag}${digest === undefined ? '' : `@${digest}`}`,
    );
    const { after, failed } = plan('values.yaml', one, { entries: lines.map(parseImageEntry) });
    return compare(one, after, failed);
  }
  // The digests of these cases are too short to be any.
  if (updates.every(({ digest }) => typeof digest === 'string')) {
    return assignments(
      'a.yaml',
      updates.map(({ image, digest }) => [`images[name=${image}].digest`, digest]),
    )(one);
  }
  if (one.kind === 'kustomize-set-image') {
    const { after, failed } = plan('kustomization.yaml', one, {
      entries: updates.map(({ arg }) => parseImageEntry(text(arg))),
    });
    return compare(one, after, failed);
  }
  const path = one.kind === 'json-set-path' ? 'a.json' : 'a.yaml';
  return assignments(
    path,
    updates.map(({ key, yq, value }) => [text(key) || text(yq).replace(/^\./, ''), value]),
  )(one);
}

const RUNNERS: Readonly<Record<string, Runner>> = {
  'plain-manifests': images('manifest.yaml', () => ({})),
  'kustomize-images': images('kustomization.yaml', () => ({})),
  'helm-step-paths': images('values.yaml', (one) => ({
    helmValues: Object.values(record(record(one.options).helmPaths)).map((path) =>
      parseHelmValues(`values.yaml: ${path}`),
    ),
  })),
  'helm-values-editor': helmEditor,
  'image-references': reference,
  'yaml-scalar-splicer': splicer,
  'applications-directory-kustomize': tree,
  'kustomize-multi-file': tree,
};

if (folder === undefined) {
  test.skip(
    'cases of other projects: their folder is not beside this repository and SLUICE_SHARED names no other',
  );
} else {
  const names = new Set<string>();
  test('every listed difference is one of a case', () => {
    expect(Object.keys(DIFFERENCES).filter((name) => !names.has(name))).toEqual([]);
  });
  describe.each(
    Object.entries(FILES).flatMap(([origin, files]) => files.map((file) => [origin, file] as const)),
  )('%s/%s', (origin, file) => {
    const content: unknown = JSON.parse(readFileSync(new URL(`${origin}/${file}.json`, folder), 'utf8'));
    const cases = list(Array.isArray(content) ? content : record(content).cases).map(record);
    const reasons = new Map<string, number>();
    const inScope = cases.filter((one) => {
      const reason = outOfScope(file, one);
      if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      return reason === undefined;
    });
    for (const [reason, count] of reasons) test.skip(`${count} cases are about ${reason}`);
    for (const one of inScope) names.add(`${file}: ${text(one.name)}`);
    test.each(inScope.map((one) => [text(one.name), one] as const))('%s', (name, one) => {
      const run = RUNNERS[file] ?? gitops;
      const difference = run(one);
      if (DIFFERENCES[`${file}: ${name}`] === undefined) expect(difference).toBeUndefined();
      else expect(difference, 'a listed case that differs no longer').toBeDefined();
    });
  });
}
