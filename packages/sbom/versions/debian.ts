import { compareDigits, orderBy } from './order.ts';

/* Debian policy 5.6.12: colons only after an epoch, hyphens only before a revision; the last one starts it. */
const pattern =
  /^(?:(?<epoch>[0-9]+):(?<late>[0-9][0-9A-Za-z.+~:-]*)|(?<plain>[0-9][0-9A-Za-z.+~-]*))(?<!-)$/;

interface Version {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

function parse(text: string): Version | undefined {
  const groups = pattern.exec(text)?.groups;
  const rest = groups?.late ?? groups?.plain;
  if (rest === undefined) return undefined;
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: groups?.epoch ?? '',
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? '' : rest.slice(hyphen + 1),
  };
}

/** In turn what is no digit, by characters, and what is, by its value. */
function compareParts(a: string, b: string): number {
  let left = 0;
  let right = 0;
  while (left < a.length || right < b.length) {
    while (weight(a, left) !== 0 || weight(b, right) !== 0) {
      const order = weight(a, left) - weight(b, right);
      if (order !== 0) return order;
      left++;
      right++;
    }
    const leftEnd = endOfDigits(a, left);
    const rightEnd = endOfDigits(b, right);
    const order = compareDigits(a.slice(left, leftEnd), b.slice(right, rightEnd));
    if (order !== 0) return order;
    left = leftEnd;
    right = rightEnd;
  }
  return 0;
}

/** A tilde comes before all, even the end; then letters, then the rest. A digit ends the part as the end does. */
function weight(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (Number.isNaN(code) || isDigit(code)) return 0;
  if (code === tilde) return -1;
  return isLetter(code) ? code : code + 256;
}

const tilde = 0x7e;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** https://www.debian.org/doc/debian-policy/ch-controlfields.html#version; no revision is revision 0. */
export const debian = orderBy(
  parse,
  (a, b) =>
    compareDigits(a.epoch, b.epoch) ||
    compareParts(a.upstream, b.upstream) ||
    compareParts(a.revision, b.revision),
);
