/** Cuts the bytes of a stream into the texts of its events; what is not whole yet is kept for the next bytes. */
export interface StreamParser {
  /** The events that these bytes complete. Throws a RangeError where one is longer than is read. */
  push(bytes: Uint8Array): readonly string[];
}

/** Kubernetes takes no object above 1.5 MB; Argo CD adds the health of each resource. */
const LONGEST_EVENT = 16 * 1024 * 1024;

/**
 * Server-sent events, as WHATWG's HTML has them: lines end with LF, CR or CRLF, also where a chunk is cut between the two; `data`
 * lines of one event are put together; comments and other fields are left out, and an event is over at an empty line.
 */
export function eventStreamParser(longest = LONGEST_EVENT): StreamParser {
  const lines = lineReader(longest);
  let data: string[] = [];
  let size = 0;
  return {
    push(bytes) {
      const events: string[] = [];
      for (const line of lines(bytes)) {
        if (line === '') {
          if (data.length > 0) events.push(data.join('\n'));
          [data, size] = [[], 0];
        }
        const text = dataOf(line);
        if (text === undefined) continue;
        size += text.length;
        if (size > longest) throw tooLong(longest);
        data.push(text);
      }
      return events;
    },
  };
}

/** One JSON object per line, as Argo CD answers to anyone who does not ask for an event stream. */
export function jsonLinesParser(longest = LONGEST_EVENT): StreamParser {
  const lines = lineReader(longest);
  return { push: (bytes) => lines(bytes).filter((line) => line.trim() !== '') };
}

function dataOf(line: string): string | undefined {
  if (line === 'data') return '';
  if (!line.startsWith('data:')) return undefined;
  return line.slice(line.startsWith('data: ') ? 6 : 5);
}

const tooLong = (longest: number): RangeError =>
  new RangeError(`an event has more than ${longest} characters`);

/** Whole lines without their ends. A byte order mark at the very beginning is none of the text. */
function lineReader(longest: number): (bytes: Uint8Array) => readonly string[] {
  const decoder = new TextDecoder();
  let rest = '';
  let endsWithCR = false;
  return (bytes) => {
    let text = decoder.decode(bytes, { stream: true });
    if (text === '') return [];
    // The LF of a CRLF that was cut in two.
    if (endsWithCR && text.startsWith('\n')) text = text.slice(1);
    endsWithCR = text.endsWith('\r');
    const [first = '', ...others] = text.split(/\r\n|\n|\r/);
    const lines = [rest + first, ...others];
    rest = lines.pop() ?? '';
    if (rest.length > longest || lines.some((line) => line.length > longest)) throw tooLong(longest);
    return lines;
  };
}
