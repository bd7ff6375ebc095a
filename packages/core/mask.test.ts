import { expect, test } from 'vitest';
import { createMasker, maskedLog, partsOf } from './mask.ts';
import { code, escapeMarkdown } from './summary.ts';

const pem =
  '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabcdefghijklmnop\n-----END RSA PRIVATE KEY-----';

test('a key is masked as a whole and line by line, but not its first and last line', () => {
  expect(partsOf(`${pem}\n`)).toEqual([pem, 'MIIEpAIBAAKCAQEA', 'abcdefghijklmnop']);
  const written = pem.replaceAll('\n', '\\n');
  expect(partsOf(written)).toEqual([written, 'MIIEpAIBAAKCAQEA', 'abcdefghijklmnop']);
});

test('a token is masked in the form in which Git sends it too', () => {
  const basic = Buffer.from('x-access-token:ghs_0123456789').toString('base64');
  const masker = createMasker();
  masker.add('ghs_0123456789');
  expect(masker.hide(`Authorization: basic ${basic}`)).not.toContain('Z2hz');
  expect(partsOf('  ')).toEqual([]);
});

test('a log that masks shows no secret on any level', () => {
  const lines: string[] = [];
  const note = (message: string) => void lines.push(message);
  const masker = createMasker();
  const log = maskedLog({ debug: note, info: note, warning: note, error: note }, masker);
  log.mask?.('hunter22');
  for (const level of ['debug', 'info', 'warning', 'error'] as const) log[level]('it is hunter22');
  expect(lines).toEqual(Array(4).fill('it is ***'));
});

test.each([
  ['escaped for a page', escapeMarkdown],
  ['inline code', code],
  ['inline code in which a backslash stands before a pipe', (text: string) => code(`\\|${text}`)],
])('a password with the signs of Markdown is hidden where it is %s', (_, written) => {
  const masker = createMasker();
  masker.add('a_b*c|d<e>');
  expect(written('it is a_b*c|d<e>')).toMatch(/b.*c.*d/);
  expect(masker.hide(written('it is a_b*c|d<e>'))).toMatch(/it is \*\*\*/);
});
