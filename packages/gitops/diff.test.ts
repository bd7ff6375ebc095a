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

  it('keeps a name with a line break on one line, as Git does', () => {
    expect(unifiedDiff('a\n+b"', '1\n', '2\n').split('\n').slice(0, 2)).toEqual([
      String.raw`--- "a/a\n+b\""`,
      String.raw`+++ "b/a\n+b\""`,
    ]);
  });

  it('is empty for equal texts', () => {
    expect(unifiedDiff('x', 'a\n', 'a\n')).toBe('');
  });
});
