import { describe, expect, it } from 'vitest';
import { diffObjects } from './objects.ts';

const object = (kind: string, name: string, more: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: shop\n${more}\n`;
const stream = (...objects: readonly string[]) => objects.join('---\n');

describe('objects', () => {
  it('are compared by name, whatever their order', () => {
    const [a, b] = [object('ConfigMap', 'a', 'data: {x: "1"}'), object('ConfigMap', 'b', 'data: {y: "1"}')];
    expect(diffObjects(stream(a, b), stream(b, a))).toEqual({ count: 0, text: '' });
    const { count, text } = diffObjects(stream(a, b), stream(object('ConfigMap', 'b', 'data: {y: "2"}'), a));
    expect(count).toBe(1);
    expect(text).toContain('--- a/ConfigMap/shop/b\n');
    expect(text).toContain("-  'y': '1'\n+  'y': '2'");
  });

  it('that come or go are shown whole', () => {
    const { count, text } = diffObjects(object('Job', 'old', ''), object('Job', 'new', ''));
    expect(count).toBe(2);
    expect(text).toContain('-  name: old');
    expect(text).toContain('+  name: new');
  });

  it('named after a hash of their content are one', () => {
    const { count, text } = diffObjects(
      object('ConfigMap', 'conf-7h6b2f9k5m', 'data: {x: "1"}'),
      object('ConfigMap', 'conf-f8k2m5t9gb', 'data: {x: "2"}'),
    );
    expect(count).toBe(1);
    expect(text).toContain('-  name: conf-7h6b2f9k5m\n+  name: conf-f8k2m5t9gb');
  });

  it('of a List are compared one by one', () => {
    const list = (tag: string) =>
      `apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Pod, metadata: {name: a}, image: "${tag}"}\n  - {apiVersion: v1, kind: Pod, metadata: {name: b}}\n`;
    expect(diffObjects(list('1'), list('2'))).toMatchObject({
      count: 1,
      text: expect.stringContaining('a/Pod/a'),
    });
  });
});

describe('the data of a Secret', () => {
  const secret = (value: string, extra = '') =>
    object('Secret', 's', `data: {token: ${value}${extra}}\nstringData: {plain: ${value}}`);

  it('is never shown, but that it is another one', () => {
    const { count, text } = diffObjects(secret('aGVsbG8='), secret('c2VjcmV0', ', more: bW9yZQ=='));
    expect(count).toBe(1);
    expect(text).toContain('-  token: (hidden)\n');
    expect(text).toContain('+  token: (hidden), another value than before\n');
    expect(text).toContain('+  more: (hidden)');
    expect(text).not.toMatch(/aGVsbG8|c2VjcmV0|bW9yZQ/);
  });

  it('is not shown where a Secret comes, stands in another object, or was last applied', () => {
    const nested = `apiVersion: x/v1\nkind: Bundle\nmetadata: {name: n}\nspec:\n  template:\n    kind: Secret\n    data: {a: aGVsbG8=}\n`;
    const applied = object('Secret', 't', '').replace(
      'metadata:\n',
      'metadata:\n  annotations: {kubectl.kubernetes.io/last-applied-configuration: aGVsbG8=}\n',
    );
    const odd = object('Secret', 'u', 'data: aGVsbG8=');
    const { count, text } = diffObjects('', stream(nested, applied, odd, secret('aGVsbG8=')));
    expect(count).toBe(4);
    expect(text).not.toContain('aGVsbG8');
  });
});

it('what multiplies without end is not compared', () => {
  const lines = Array.from(
    { length: 9 },
    (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]`,
  );
  const bomb = `kind: X\nmetadata: {name: x}\na0: &a0 [1]\n${lines.join('\n')}\n`;
  expect(() => diffObjects('', bomb)).toThrow('it holds too many values');
});
