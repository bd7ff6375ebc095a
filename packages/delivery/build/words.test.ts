import { describe, expect, test } from 'vitest';
import { wordsOf } from './words.ts';

describe('a smoke command is split into words', () => {
  test.each([
    ['/app --version', ['/app', '--version']],
    ['  /app \t a  b ', ['/app', 'a', 'b']],
    ['/app "a b" \'c d\'', ['/app', 'a b', 'c d']],
    ['/app a\\ b', ['/app', 'a b']],
    ['/app --name="a b"c', ['/app', '--name=a bc']],
    ['/app "" \'\'', ['/app', '', '']],
    ['/app "it\'s" \'say "x"\'', ['/app', "it's", 'say "x"']],
    ['/app "a\\b" \'c\\d\' e\\\\f', ['/app', 'a\\b', 'c\\d', 'e\\f']],
    // What a shell would take for its own is text.
    ['sh -c $HOME;ls|x>y&`z`*?[a]~', ['sh', '-c', '$HOME;ls|x>y&`z`*?[a]~']],
    ['/app # no comment', ['/app', '#', 'no', 'comment']],
    ['/über "ß 🚀"', ['/über', 'ß 🚀']],
  ])('%s', (command, words) => {
    expect(wordsOf(command)).toEqual(words);
  });

  test.each([
    ['/app "a', /without its end/],
    ["/app 'a", /without its end/],
    ['/app \\', /without its end/],
    ['""', /a program of the image/],
    ['--privileged', /an option is none/],
    ['"-v" x', /an option is none/],
    ['/app \0', /the character 0/],
  ])('%j is none', (command, why) => {
    expect(() => wordsOf(command)).toThrow(why);
  });
});
