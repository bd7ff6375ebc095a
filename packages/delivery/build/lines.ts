import { StringDecoder } from 'node:string_decoder';
import { withoutColours } from '@sluice/core/colours';

/** As many of the last lines are kept as anybody reads. */
const MOST_LINES = 60;
/** A longer line is several. */
const LONGEST_LINE = 1000;
/** Of a log that is shown while it is written. */
const MOST_SAID = 50_000;

type Stream = 'stdout' | 'stderr';

export interface Lines {
  add(stream: Stream, chunk: Buffer): void;
  /** The last lines. */
  end(): readonly string[];
}

/** Makes lines of what a program writes, each of one stream, without colours; keeps the last, and tells each at once. */
export function linesOf(say: (line: string) => void = () => {}): Lines {
  const kept: string[] = [];
  const open = { stdout: stream(), stderr: stream() };
  let said = 0;
  const line = (text: string) => {
    const plain = withoutColours(text).trimEnd();
    if (plain.trim() === '') return;
    kept.push(plain);
    if (kept.length > MOST_LINES) kept.shift();
    if (said < MOST_SAID) say(plain);
    else if (said === MOST_SAID) say(`… what it writes after ${MOST_SAID} lines is not shown`);
    said++;
  };
  return {
    add(name, chunk) {
      const from = open[name];
      from.rest += from.decoder.write(chunk);
      // A carriage return alone is a bar of progress that is drawn again.
      const parts = from.rest.split(/\r\n|\n|\r(?=.)/);
      from.rest = parts.pop() ?? '';
      for (const part of parts) for (const piece of piecesOf(part)) line(piece);
      while (from.rest.length > LONGEST_LINE) {
        line(from.rest.slice(0, LONGEST_LINE));
        from.rest = from.rest.slice(LONGEST_LINE);
      }
    },
    end() {
      for (const { rest } of Object.values(open)) line(rest);
      for (const one of Object.values(open)) one.rest = '';
      return kept;
    },
  };
}

const stream = () => ({ decoder: new StringDecoder('utf8'), rest: '' });

function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at === 0 || at < text.length; at += LONGEST_LINE)
    pieces.push(text.slice(at, at + LONGEST_LINE));
  return pieces;
}
