/**
 * Text in which nothing is hidden: control characters, and those that only change how others are shown (bidirectional
 * overrides, zero-width ones), stand as their code. So a commit message cannot colour a log, or make a diff read
 * otherwise than it is (https://trojansource.codes). Line ends and tabs stay, and the joiner of emoji.
 */
export function visible(text: string): string {
  // Most text is plain, and the classes of Unicode take a millisecond of the start to compile.
  if (PLAIN.test(text)) return text;
  return text.replace(
    /(?![\t\n\r\u{200d}])[\p{Cc}\p{Cf}\u{2028}\u{2029}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

const PLAIN = /^[\t\n\r -~]*$/;
