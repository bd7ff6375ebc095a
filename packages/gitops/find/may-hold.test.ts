import { expect, test } from 'vitest';
import { parseImageEntry } from '../entries.ts';
import { holdTest } from './may-hold.ts';

const image = 'registry.example/payments/api:1.2';

test.each([
  ['a reference', 'image: registry.example/payments/api:1.0'],
  ['a digest', 'payments/api@sha256:0'],
  ['quoted', '{"image":"api"}'],
  ['at the end of a text', 'repository: payments/api'],
  ['in a flow sequence', '[api,web]'],
  ['behind the escaped slash of JSON', String.raw`"payments\/api:1.0"`],
  ['behind an escaped line break', String.raw`"images:\napi: 1\n"`],
  ['in front of an escape', String.raw`"payments/api\n"`],
  ['twice, once as a part of another', 'apiVersion: v1\nimage: api'],
])('the name of the image may stand there: %s', (_, text) => {
  expect(holdTest([parseImageEntry(image)])(text)).toBe(true);
});

test.each([
  'apiVersion: v1',
  'payments-api: 1',
  'api-gateway',
  'api.example',
  'my_api',
  'graphql.api',
  'API',
  '',
])('it does not stand in %j', (text) => {
  expect(holdTest([parseImageEntry(image)])(text)).toBe(false);
});

test('the name of a kustomize entry counts as the image does, and each entry for itself', () => {
  const mayHold = holdTest([parseImageEntry('web=shop:1'), parseImageEntry('b/c.d+e=other:2')]);
  for (const text of ['name: web', 'shop', 'c.d+e', 'x/other:1']) expect(mayHold(text)).toBe(true);
  for (const text of ['webs', 'cxd+e', 'b']) expect(mayHold(text)).toBe(false);
});

test('of no entry nothing holds an image', () => {
  expect(holdTest([])('')).toBe(false);
});
