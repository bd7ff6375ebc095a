import type { Log } from './log.ts';
import { escapeMarkdown } from './summary.ts';

/** Knows the secrets of a run, and takes them out of text. */
export interface Masker {
  add(secret: string): void;
  hide(text: string): string;
}

/** Shorter texts than this are in too many words: hiding them would garble what is written. The runner masks its log itself. */
const SHORTEST = 6;

export function createMasker(): Masker {
  const secrets = new Set<string>();
  return {
    // On a page it stands as Markdown has it: escaped, and in the cell of a table with its pipes escaped alone.
    add(secret) {
      for (const part of partsOf(secret).filter(({ length }) => length >= SHORTEST)) {
        for (const written of [part, escapeMarkdown(part), part.replaceAll('|', '\\|')]) secrets.add(written);
      }
    },
    hide(text) {
      let hidden = text;
      for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
        hidden = hidden.replaceAll(secret, '***');
      }
      return hidden;
    },
  };
}

/**
 * What is to be masked for one secret: the whole, each line of it (a log has lines; a key may have come with `\\n` for its
 * line ends), and the form in which Git sends a token. The first and last line of a PEM text are no secret.
 */
export function partsOf(secret: string): readonly string[] {
  const whole = secret.trim();
  if (whole === '') return [];
  const lines = whole
    .split(/\r?\n|\\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST && !/^-----[A-Z ]+-----$/.test(line));
  // `x-access-token:` has 15 bytes, so that the token after it is encoded as if it stood alone.
  const encoded = lines.length === 1 ? [Buffer.from(whole).toString('base64')] : [];
  return [...new Set([whole, ...lines, ...encoded])];
}

/** A log that tells the runner and the masker of each secret, and shows none. */
export function maskedLog(log: Log, masker: Masker): Log {
  return {
    debug: (message) => log.debug(masker.hide(message)),
    info: (message) => log.info(masker.hide(message)),
    warning: (message, place) => log.warning(masker.hide(message), place),
    error: (message, place) => log.error(masker.hide(message), place),
    group: (title, lines) => log.group?.(masker.hide(title), lines.map(masker.hide)),
    mask: (secret) => {
      log.mask?.(secret);
      masker.add(secret);
    },
  };
}
