import { command, writeLine } from './commands.ts';
import { partsOf } from './mask.ts';
import { visible } from './visible.ts';

/** A line of a file of the repository, beside which the message is shown too. */
export interface LogPlace {
  readonly file: string;
  readonly line?: number;
}

/** The lines that a person reads while an action runs. Every implementation escapes what could be a workflow command. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string, place?: LogPlace): void;
  error(message: string, place?: LogPlace): void;
  /** Lines under a title that the reader opens. Groups can neither nest nor interleave, so all of one is written at once. */
  group?(title: string, lines: readonly string[]): void;
  /** Registers a secret: from now on neither the log nor an output nor a summary shows it. */
  mask?(secret: string): void;
}

/**
 * Text that the runner takes for plain text. It reads `::name::` at the beginning of a line, whatever white space
 * stands before it, and the older `##[name]` anywhere in one; a line ends at CR, LF or both.
 */
export function plainText(message: string): string {
  return visible(message)
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^([\s\u0085\u200b]*):(?=:)/, '$1: ').replaceAll('##[', '# #['))
    .join('\n');
}

/** A message of a cluster may have megabytes; more than this of it is no longer read. */
const LONGEST_MESSAGE = 20_000;

function bounded(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
}

/** Writes for GitHub's runner. `warning` and `error` become annotations, of which a step shows ten each. */
export function runnerLog(): Log {
  const info = (message: string) => writeLine(plainText(bounded(message)));
  return {
    debug: (message) => command('debug', bounded(message)),
    info,
    warning: (message, place) => command('warning', visible(bounded(message)), annotated(place)),
    error: (message, place) => command('error', visible(bounded(message)), annotated(place)),
    group(title, lines) {
      command('group', visible(bounded(title)));
      for (const line of lines) info(line);
      command('endgroup', '');
    },
    mask: (secret) => {
      for (const part of partsOf(secret)) command('add-mask', part);
    },
  };
}

const annotated = (place: LogPlace | undefined): Readonly<Record<string, string | number | undefined>> =>
  place === undefined ? {} : { file: visible(place.file), line: place.line };

/** Says nothing. */
export const silentLog: Log = { debug() {}, info() {}, warning() {}, error() {} };
