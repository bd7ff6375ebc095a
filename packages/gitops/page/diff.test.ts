import { describe, expect, it } from 'vitest';
import { unifiedDiff } from './diff.ts';

const lines = (...all: string[]) => `${all.join('\n')}\n`;

describe('unifiedDiff', () => {
  it('shows three lines of context around a changed line', () => {
    const before = lines('a', 'b', 'c', 'd', 'tag: 1', 'e', 'f', 'g', 'h');
    expect(unifiedDiff('x.yaml', before, before.replace('tag: 1', 'tag: 2'))).toBe(
      [
        '--- a/x.yaml',
        '+++ b/x.yaml',
        '@@ -2,7 +2,7 @@',
        ' b',
        ' c',
        ' d',
        '-tag: 1',
        '+tag: 2',
        ' e',
        ' f',
        ' g',
      ].join('\n'),
    );
  });

  it('joins changes whose context touches, and parts those far from each other', () => {
    const before = lines(...Array.from({ length: 30 }, (_, line) => `l${line}`));
    const near = unifiedDiff('x', before, before.replace('l5\n', 'L\n').replace('l9\n', 'L\n'));
    const far = unifiedDiff('x', before, before.replace('l5\n', 'L\n').replace('l25\n', 'L\n'));
    expect(near.match(/^@@/gm)).toHaveLength(1);
    expect(far.match(/^@@/gm)).toHaveLength(2);
  });

  it('says when the last line has no line end', () => {
    expect(unifiedDiff('x', 'a', 'b')).toContain('-a\n\\ No newline at end of file\n+b');
  });

  it('shows a change of the number of lines as one hunk', () => {
    expect(unifiedDiff('x', lines('a', 'b: >', '  1', '  2', 'c'), lines('a', 'b: 3', 'c'))).toContain(
      '@@ -1,5 +1,3 @@\n a\n-b: >\n-  1\n-  2\n+b: 3\n c',
    );
  });

  it('shows a line that comes, and a change far from it, as two hunks that say where', () => {
    const before = lines(...Array.from({ length: 30 }, (_, line) => `l${line}`));
    const after = before.replace('l2\n', 'l2\nnew\n').replace('l25\n', 'L\n');
    const diff = unifiedDiff('x', before, after);
    expect(diff.match(/^@@.*/gm)).toEqual(['@@ -1,6 +1,7 @@', '@@ -23,7 +24,7 @@']);
    expect(diff).toContain(' l2\n+new\n l3');
    expect(diff).toContain('-l25\n+L\n');
  });

  it('makes of very many lines that differ one replacement, in bounded time', () => {
    const many = (name: string, count: number) =>
      lines(...Array.from({ length: count }, (_, line) => `${name}${line}`));
    const diff = unifiedDiff('x', many('a', 5000), many('b', 4000));
    expect(diff).toContain('@@ -1,5000 +1,4000 @@');
  });

  it('applies: what it says of the old text makes the new one', () => {
    const before = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
    const after = lines('b', 'x', 'c', 'd', 'e', 'f', 'g', 'h', 'y', 'z', 'j');
    const body = unifiedDiff('x', before, after)
      .split('\n')
      .slice(2)
      .filter((line) => !line.startsWith('@@'));
    const side = (sign: string) =>
      body.filter((line) => [' ', sign].includes(line[0] ?? '')).map((line) => line.slice(1));
    expect(lines(...side('-'))).toBe(before);
    expect(lines(...side('+'))).toBe(after);
  });

  it('keeps a name with a line break on one line, as Git does', () => {
    expect(unifiedDiff('a\n+b"', '1\n', '2\n').split('\n').slice(0, 2)).toEqual([
      String.raw`--- "a/a\n+b\""`,
      String.raw`+++ "b/a\n+b\""`,
    ]);
  });

  it('shows a text that comes whole', () => {
    expect(unifiedDiff('x', '', 'a\n')).toBe('--- a/x\n+++ b/x\n@@ -0,0 +1,1 @@\n+a');
  });

  it('is empty for equal texts', () => {
    expect(unifiedDiff('x', 'a\n', 'a\n')).toBe('');
  });
});
