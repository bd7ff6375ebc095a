import { expect, describe as group, it } from 'vitest';
import { eventStreamParser, jsonLinesParser, type StreamParser } from './stream-parse.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The events of a text that comes in chunks of so many bytes. */
function inChunks(parser: StreamParser, content: Uint8Array, size: number): readonly string[] {
  const events: string[] = [];
  for (let at = 0; at < content.length; at += size)
    events.push(...parser.push(content.subarray(at, at + size)));
  return events;
}

group('an event stream', () => {
  it.each([
    ['as Argo CD sends it', 'data: {"a":1} \n\n\n:\ndata: {"a":2} \n\n\n', ['{"a":1} ', '{"a":2} ']],
    ['with CRLF', 'data: {"a":1}\r\n\r\ndata: {"a":2}\r\n\r\n', ['{"a":1}', '{"a":2}']],
    ['with CR alone', 'data: 1\r\rdata: 2\r\r:\r', ['1', '2']],
    ['with comments before, in and after an event', ': hello\n\n:\ndata: 1\n: between\n\n:\n', ['1']],
    ['with several data lines', 'data: {"a":\ndata: 1}\n\n', ['{"a":\n1}']],
    ['without a space after the colon, and with one too many', 'data:1\n\ndata:  2\n\n', ['1', ' 2']],
    ['with other fields', 'event: x\nid: 7\nretry: 100\ndata: 1\n\n', ['1']],
    ['with an event that has no data', 'event: x\n\ndata: 1\n\n', ['1']],
    ['with a data line that is empty', 'data\n\ndata:\ndata: 1\n\n', ['', '\n1']],
    ['with a byte order mark', '\u{feff}data: 1\n\n', ['1']],
    ['with letters of several bytes', 'data: {"name":"grün ✓ 🚀"}\n\n', ['{"name":"grün ✓ 🚀"}']],
    ['without the end of its last event', 'data: 1\n\ndata: {"cut":', ['1']],
  ])('%s, wherever its bytes are cut', (_, text, events) => {
    const content = bytes(text);
    for (let size = 1; size <= content.length; size++)
      expect(inChunks(eventStreamParser(), content, size)).toEqual(events);
  });

  it('with an event that is too long is read no further, also where it has no end or is in many lines', () => {
    expect(eventStreamParser(10).push(bytes('data: 1\n\n'))).toEqual(['1']);
    expect(() => eventStreamParser(10).push(bytes(`data: ${'x'.repeat(20)}`))).toThrow(RangeError);
    expect(() => eventStreamParser(10).push(bytes(`data: ${'x'.repeat(20)}\n\n`))).toThrow(RangeError);
    expect(() => eventStreamParser(10).push(bytes('data: 123\n'.repeat(5)))).toThrow(RangeError);
  });

  it('of many events is as long as it likes', () => {
    const parser = eventStreamParser(10);
    for (let count = 0; count < 1000; count++)
      expect(parser.push(bytes('data: 1234\n\n:\n'))).toEqual(['1234']);
  });
});

group('newline JSON', () => {
  it('is one event per line, wherever its bytes are cut', () => {
    const content = bytes('\u{feff}{"a":"ü"}\n\n{"a":2}\r\n{"a":');
    for (let size = 1; size <= content.length; size++)
      expect(inChunks(jsonLinesParser(), content, size)).toEqual(['{"a":"ü"}', '{"a":2}']);
  });

  it('with a line that is too long is read no further', () => {
    expect(() => jsonLinesParser(10).push(bytes('x'.repeat(20)))).toThrow(RangeError);
  });
});
