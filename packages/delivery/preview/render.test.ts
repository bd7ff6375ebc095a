import { describe, expect, it } from 'vitest';
import type { Variables } from './placeholder.ts';
import { fill } from './placeholder.ts';
import { renderTemplate, renderUrl } from './render.ts';
import { parseValue, variablesOf } from './variables.ts';

const commit = '1234567e'.padEnd(40, '0');

const variables = (given: Record<string, string> = {}, branch = 'feature/x'): Variables =>
  variablesOf({
    pull: { number: 12, commit, branch },
    project: 'shop',
    folder: 'ephemeral/shop/pr-12',
    image: { registry: 'registry.example', repository: 'shop', tag: '1.0' },
    values: Object.entries(given).map(([name, value]) => ({ name, value })),
  });

function render(text: string, given: Record<string, string> = {}, branch?: string, path = 'a.yaml') {
  const { files, problems } = renderTemplate([{ path, mode: '100644', text }], variables(given, branch));
  return { text: files[0]?.text, problems };
}

describe('a template', () => {
  it.each([
    ['n: <<number>>', 'n: 12'],
    ['i: <<image>>', 'i: registry.example/shop:1.0'],
    ['n: <<image-name>>\nt: "<<image-tag>>"', 'n: registry.example/shop\nt: "1.0"'],
    ['s: <<slug>>.<<project>>', 's: pr-12-feature-x.shop'],
    ['[<<number>>, "<<number>>"]', '[12, "12"]'],
    ['b: "<<branch>>" # <<branch>>', 'b: "feature/x" # feature/x'],
    [`h: "{{ .Values.x }}" # $\{{ github.sha }} $(X) $\{X} <% x %> [[ x ]]`, undefined],
    ['base: &b { a: 1 }\nx: { <<: *b }', undefined],
    ['x: "\\\\<<number>>"', 'x: "\\<<number>>"'],
    ['x: |\n  cat <<EOF\n  <<number>>\n  EOF\n', 'x: |\n  cat <<EOF\n  12\n  EOF\n'],
    ['n: 1\r\nx: <<number>>\r\n', 'n: 1\r\nx: 12\r\n'],
    ['\ufeffx: <<number>>', '\ufeffx: 12'],
    ['<<project>>: 1', 'shop: 1'],
  ])('%j is rendered, and what others mean by their braces stays', (text, expected) => {
    expect(render(text)).toEqual({ text: expected ?? text, problems: [] });
  });

  it.each([
    ['a: 1\nb: <<nobody>>', 'line 2: <<nobody>> is no variable'],
    ['b: << number >>', '<< number >> is no variable'],
    ['b: <<Number>>', '<<Number>> is no variable'],
    ['b: <<constructor>>', '<<constructor>> is no variable'],
  ])('%j names a variable that there is not: an error, with what there is', (text, why) => {
    expect(render(text).problems).toEqual([expect.stringContaining(why)]);
    expect(render(text).problems[0]).toContain('known are number, commit');
  });

  it.each([
    ['x: <<v>>', 'a: b'],
    ['x: <<v>>', 'a #b'],
    ['x: <<v>>', '- a'],
    ['x: <<v>>', '*a'],
    ['x: <<v>>', '&a b'],
    ['x: <<v>>', '!!int 1'],
    ['x: <<v>>', '{a: 1}'],
    ['x: <<v>>', '"a" b'],
    ['x: <<v>>', ''],
    ['x: <<v>>\ny: 1', '|'],
    ['x: [<<v>>]', 'a, b'],
    ['x: [<<v>>]', 'a]'],
    ['x: { y: <<v>> }', 'a, z: 1'],
    ['x: "<<v>>"', 'a"b'],
    ['x: "<<v>>"', 'a\\nb'],
    ['x: "<<v>>"', 'a\\'],
    ["x: '<<v>>'", "a'b"],
    ['<<v>>: 1', 'a: b'],
    ['<<v>>', '---'],
    ['x: a<<v>>', ' #'],
  ])('%j with the value %j would be other YAML than it says: an error', (text, value) => {
    expect(render(text, { v: value }).problems).not.toEqual([]);
  });

  it.each([
    ['x: <<v>>', 'yes'],
    ['x: <<v>>', '3'],
    ['x: <<v>>', '1e3'],
    ['x: <<v>>', 'null'],
    ['x: "<<v>>"', ''],
    ["x: '<<v>>'", 'a"b: {c} # d'],
    ['x: |\n  <<v>>\n', 'a: "b" # c'],
    ['x: <<v>>/a', 'http://b'],
    ['# <<v>>\nx: 1', 'a: "b'],
  ])('%j takes the value %j: what the workflow gives may be typed', (text, value) => {
    expect(render(text, { v: value }).problems).toEqual([]);
  });

  it.each([
    ['c: <<commit>>'],
    ['x: <<branch>>'],
    ['t: <<image-tag>>'],
  ])('%s would be read as a number or a boolean: text has to be in quotes', (text) => {
    const numbers = variablesOf({
      pull: { number: 12, commit: '1'.repeat(40), branch: 'yes' },
      ...{ project: 'shop', folder: 'f', image: { repository: 'shop', tag: '1.10' }, values: [] },
    });
    const of = (one: string) =>
      renderTemplate([{ path: 'a.yaml', mode: '100644', text: one }], numbers).problems;
    expect(of(text)).toEqual([expect.stringContaining('put the placeholder in quotes')]);
    expect(of(text.replace(/<<.*>>/, '"$&"'))).toEqual([]);
  });

  it.each([
    ['a/../b'],
    ['$(x)'],
    ['`x`'],
    ['a\nb'],
    ['🚀'],
    ['-x'],
    ['a b'],
    ['a"b'],
    ['x'.repeat(256)],
    ['a//b'],
    ['.a'],
    [''],
  ])('a branch that is called %j may not stand in a manifest; its slug may', (branch) => {
    expect(render('x: "<<branch>>"', {}, branch).problems).toEqual([expect.stringContaining('use <<slug>>')]);
    expect(render('x: "<<branch>>"', {}, branch, 'run.sh').problems).toHaveLength(1);
    expect(render('x: "<<slug>>"', {}, branch).problems).toEqual([]);
  });

  it('every problem of every file is told at once', () => {
    const { problems, files } = renderTemplate(
      [
        { path: 'a.yaml', mode: '100644', text: 'x: <<a>>\ny: <<b>>' },
        { path: 'b.txt', mode: '100755', text: '<<c>>' },
        { path: 'c.png', mode: '100644', text: undefined },
      ],
      variables(),
    );
    expect(problems).toHaveLength(4);
    expect(files.map(({ path, mode }) => [path, mode])).toContainEqual(['b.txt', '100755']);
  });

  it('a template of Helm is no YAML yet: only values that mean nothing there', () => {
    const chart = 'image: {{ .Values.image }}\n{{- if .x }}\nn: <<v>>\n{{- end }}\n';
    expect(render(chart, { v: 'a-1.0' }).problems).toEqual([]);
    expect(render(chart, { v: 'a: b' }).problems).toEqual([expect.stringContaining('no YAML by itself')]);
  });

  it('a value that looks like a placeholder stays as it is', () => {
    expect(render('x: "<<v>>"', { v: '<<number>>' })).toEqual({ text: 'x: "<<number>>"', problems: [] });
  });
});

describe('a line of values', () => {
  it('is name=text, and the text may hold what it likes', () => {
    expect(parseValue('a-b=x=y "z"')).toEqual({ name: 'a-b', value: 'x=y "z"' });
  });

  it.each([
    ['x'],
    ['X=1'],
    ['=1'],
    ['image=x'],
    ['number=1'],
    ['a b=1'],
    ['a=\u202ex'],
    ['a=\u0000'],
    [`a=${'x'.repeat(1001)}`],
  ])('%j is none', (line) => {
    expect(() => parseValue(line)).toThrow();
  });
});

describe('the address', () => {
  it('holds the variables of the template', () => {
    expect(renderUrl('https://<<slug>>.example/<<number>>', variables())).toBe(
      'https://pr-12-feature-x.example/12',
    );
  });

  it.each([
    ['https://<<branch>>.example/'],
    ['https://<<image>>/'],
    ['https://<<nobody>>/'],
    ['javascript:<<number>>'],
    ['<<slug>>.example'],
    ['https://user:pass@<<slug>>.example/'],
  ])('%s is refused', (template) => {
    expect(() => renderUrl(template, variables())).toThrow();
  });
});

it.each([
  ['<<image-digest>>', 'give `image` with a digest'],
  ['<<image-tag>>', 'give `image` with a tag'],
  ['<<image>>', 'give `image`'],
])('%s without what it is of says which input is missing', (name, why) => {
  expect(fill(`a: ${name}`, new Map()).unknown).toEqual([expect.stringContaining(why)]);
});
