/** A tag that a pattern lets through, and what of it is compared. */
export interface MatchedTag {
  readonly tag: string;
  /** What the first group of the pattern took, or the whole tag where the pattern has none. */
  readonly value: string;
}

const LONGEST_PATTERN = 500;
/** For all tags of a repository together: a hundred thousand need a hundredth of it on an idle machine. */
const TIMEOUT_MS = 5000;
const TIMED_OUT = 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * The pattern in the language of JavaScript. What Flux and Image Updater take is RE2: `(?P<name>…)` is `(?<name>…)` here, and
 * `(?i)` at the beginning a flag. Throws an Error that says what is allowed.
 */
export function readPattern(text: string): RegExp {
  if (text.length > LONGEST_PATTERN)
    throw new Error(`allowed: a regular expression of at most ${LONGEST_PATTERN} characters`);
  const [flag = ''] = /^\(\?i\)/.exec(text) ?? [];
  const source = text.slice(flag.length).replaceAll('(?P<', '(?<');
  try {
    return new RegExp(source, flag === '' ? '' : 'i');
  } catch (error) {
    throw new Error(`allowed: a regular expression; ${error instanceof Error ? error.message : ''}`);
  }
}

/**
 * The tags in which the pattern is found, anywhere. A pattern can take longer over one tag than anyone waits (`(a+)+$`): it runs where
 * V8 ends it after `timeout` milliseconds, undefined then. That is the only reason for `node:vm`: patterns come from the workflow, and are trusted.
 */
export function filterTags(
  pattern: RegExp,
  tags: readonly string[],
  timeout = TIMEOUT_MS,
): readonly MatchedTag[] | undefined {
  const { runInNewContext } = process.getBuiltinModule('node:vm');
  const code = `
    const pattern = new RegExp(source, flags);
    JSON.stringify(JSON.parse(tags).flatMap((tag) => {
      const match = pattern.exec(tag);
      return match === null ? [] : [{ tag, value: match.length > 1 ? match[1] ?? '' : tag }];
    }))`;
  const { source, flags } = pattern;
  try {
    const result: unknown = JSON.parse(
      String(runInNewContext(code, { source, flags, tags: JSON.stringify(tags) }, { timeout })),
    );
    return Array.isArray(result)
      ? result.map(({ tag, value }) => ({ tag: String(tag), value: String(value) }))
      : [];
  } catch (error) {
    // An error of the other realm is no instance of our Error.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === TIMED_OUT)
      return undefined;
    throw error;
  }
}
