import { constructFromEvents, type Event, parseEvents, YAMLException } from 'js-yaml';

/** UTF-16 units that may be parsed again: the parser takes a second for 4 to 10 MB. */
const BUDGET = 20_000_000;

/**
 * The parser's events, with offsets in the text as it is. YAML wants every line of a flow collection and of a quoted text indented
 * deeper than what holds it. The reader of kubectl, Helm and kustomize (go-yaml) does not, and a `]` below its own key is what
 * people write: such a line is read as if it were indented.
 */
export function readEvents(text: string): readonly Event[] {
  const lines: number[] = [];
  let indent = '';
  let shown = text;
  let first: unknown;
  for (let read = 0; read <= Math.max(BUDGET, text.length); read += shown.length) {
    try {
      const events = parseEvents(shown, {});
      if (lines.length > 0) moveBack(events, lines, indent.length);
      return events;
    } catch (error) {
      first ??= error;
      indent ||= ' '.repeat(deepest(text) + 1);
      const at = shallowLine(shown, error);
      const line = at === undefined ? -1 : at - lines.length * indent.length;
      // The parser goes from left to right: a line that it refuses again is refused for good.
      if (at === undefined || line <= (lines.at(-1) ?? -1)) throw first;
      lines.push(line);
      shown = shown.slice(0, at) + indent + shown.slice(at);
    }
  }
  throw first;
}

/** What the first document of a text holds; undefined where that is nothing, or the text is not YAML. */
export function readValue(text: string): unknown {
  return readValues(text)[0];
}

/** What each document of a text holds; none where the text is not YAML. */
export function readValues(text: string): readonly unknown[] {
  try {
    return constructFromEvents([...readEvents(text)], { source: text });
  } catch {
    return [];
  }
}

/** Where the line begins that the parser wants deeper; undefined where it is something else, or a document begins or ends there. */
function shallowLine(text: string, error: unknown): number | undefined {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') return undefined;
  const position = error.mark?.position ?? 0;
  const start = Math.max(text.lastIndexOf('\n', position - 1), text.lastIndexOf('\r', position - 1)) + 1;
  return /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(start, start + 4)) ? undefined : start;
}

function deepest(text: string): number {
  let spaces = 0;
  for (const [run] of text.matchAll(/^ +/gm)) spaces = Math.max(spaces, run.length);
  return spaces;
}

function moveBack(events: readonly Event[], lines: readonly number[], indent: number): void {
  const back = (offset: number): number => {
    const moved = lines.findLastIndex((line, index) => line + (index + 1) * indent <= offset) + 1;
    return offset - moved * indent;
  };
  for (const event of events) {
    if ('anchorStart' in event) {
      event.anchorStart = back(event.anchorStart);
      event.anchorEnd = back(event.anchorEnd);
    }
    if ('tagStart' in event) {
      event.tagStart = back(event.tagStart);
      event.tagEnd = back(event.tagEnd);
    }
    if ('valueStart' in event) {
      event.valueStart = back(event.valueStart);
      event.valueEnd = back(event.valueEnd);
    }
  }
}
