const UNITS = { h: 3_600_000, m: 60_000, s: 1000 } as const;

/** Milliseconds of `90s`, `10m`, `1h30m`. Throws an Error that says what is allowed. */
export function milliseconds(raw: string): number {
  const match = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(raw);
  if (raw === '' || match === null) {
    throw new Error('allowed: a duration with its unit, such as 90s, 10m or 1h30m');
  }
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * UNITS.h + Number(minutes) * UNITS.m + Number(seconds) * UNITS.s;
}

const BYTES = { KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

/** Bytes of `512MB`, `1GiB`. Throws an Error that says what is allowed. */
export function bytes(raw: string): number {
  const match = /^(\d{1,6})(KB|MB|GB|KiB|MiB|GiB)$/.exec(raw);
  const unit = Object.entries(BYTES).find(([name]) => name === match?.[2]);
  if (match === null || unit === undefined)
    throw new Error('allowed: a size with its unit, such as 512MB, 512MiB or 1GB');
  return Number(match[1]) * unit[1];
}

/** The entries of a list: a JSON array of strings, or one per line. */
export function entriesOf(raw: string): readonly string[] {
  return jsonArray(raw) ?? lines(raw);
}

/** The names of a list: a JSON array of strings, or separated by commas or line ends. */
export function namesOf(raw: string): readonly string[] {
  return (
    jsonArray(raw) ??
    lines(raw).flatMap((line) =>
      line
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
  );
}

function lines(raw: string): readonly string[] {
  return raw
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function jsonArray(raw: string): readonly string[] | undefined {
  if (!raw.trimStart().startsWith('[')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw new Error(
      'allowed: one entry per line, or a JSON array of strings; this begins as JSON and is none',
    );
  }
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) {
    return value.map((entry) => entry.trim()).filter((entry) => entry !== '');
  }
  throw new Error('allowed: one entry per line, or a JSON array of strings');
}

/** A project, an environment or a tenant. U+2028 and U+2029 end a line too, where commit messages are read for trailers. */
export function isKeyPart(value: string): void {
  if (/[\p{Cc}\u{2028}\u{2029}]/u.test(value) || value.length > 100)
    throw new Error('allowed: one line of at most 100 characters');
}

/** User and password of a URL; the password of one who did not encode it may hold a slash. */
const USERINFO = /\/\/([^\s"/?#]*:[^\s"]*|[^\s"/?#]*)@/g;

/** A text in which no URL has a user and password, to be shown. */
export function withoutUserinfo(text: string): string {
  return text.replace(USERINFO, '//***@');
}

/** The passwords of the URLs in a text, or the users where they have none: some put a token there. */
export function passwordsIn(text: string): readonly string[] {
  return [...text.matchAll(USERINFO)].map(([, userinfo = '']) => userinfo.slice(userinfo.indexOf(':') + 1));
}
