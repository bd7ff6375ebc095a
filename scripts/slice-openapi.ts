/**
 * Writes `test/contract/github.openapi.json`: the operations that the GitHub stand-in answers, with the schemas that they
 * refer to, cut out of GitHub's own description. The package is 385 MB unpacked, so it is fetched into a temporary folder
 * and only one file of it is unpacked. Run it after a change of `operations` or of the version: `node scripts/slice-openapi.ts`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operations } from '../packages/testbed/github/operations.ts';

const source = '@octokit/openapi@23.0.2';
const member = 'package/generated/api.github.com.json';
const target = new URL('../test/contract/github.openapi.json', import.meta.url);

/** Words for people, and examples: more than half of the bytes, and nothing that decides. */
const dropped = new Set([
  'description',
  'example',
  'examples',
  'externalDocs',
  'summary',
  'tags',
  'title',
  'x-github',
  'x-github-breaking-changes',
]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without `dropped`, except where such a word is the name of a property. */
function strip(value: Json, names: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => strip(item, false));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => names || !dropped.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, strip(item, !names && key === 'properties')]));
}

function at(document: Json, pointer: readonly string[]): Json {
  let value: Json | undefined = document;
  for (const key of pointer) value = isObject(value) ? value[key] : undefined;
  if (value === undefined) throw new Error(`The description has no ${pointer.join('/')}.`);
  return value;
}

/** Every `#/components/…` that a value refers to. */
function references(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  const own = typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

function cut(document: Json): JsonObject {
  const paths: { [path: string]: JsonObject } = {};
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ');
    const found = strip(at(document, ['paths', path, method.toLowerCase()]), false);
    paths[path] = { ...paths[path], [method.toLowerCase()]: found };
  }
  const components: { [section: string]: JsonObject } = {};
  const waiting = references(paths);
  const seen = new Set<string>();
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    if (seen.has(reference)) continue;
    seen.add(reference);
    const [, , section = '', name = ''] = reference.split('/');
    const found = strip(at(document, ['components', section, name]), false);
    components[section] = { ...components[section], [name]: found };
    waiting.push(...references(found));
  }
  const sorted = Object.entries(components).map(([section, members]): [string, Json] => [
    section,
    Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1))),
  ]);
  return {
    'x-source': source,
    openapi: at(document, ['openapi']),
    paths,
    components: Object.fromEntries(sorted),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'slice-openapi-'));
try {
  execFileSync('npm', ['pack', '--silent', source], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['-xzf', archive, member], { cwd: folder });
  const document: Json = JSON.parse(readFileSync(join(folder, member), 'utf8'));
  const text = `${JSON.stringify(cut(document))}\n`;
  writeFileSync(target, text);
  console.log(`${operations.length} operations of ${source}, ${Math.round(text.length / 1024)} kB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
