import { expect, test } from 'vitest';
import { parseNeeds } from './needs.ts';

const jobs = (raw: string) =>
  Object.fromEntries(parseNeeds(raw).jobs.map(({ name, result }) => [name, result]));

test.each([
  ["GitHub's own", '{"a":{"result":"success","outputs":{}},"b":{"result":"skipped","outputs":{"x":"1"}}}'],
  ['a JSON object of results', '{"a":"success","b":"skipped"}'],
  ['outputs that are null', '{"a":{"result":"success","outputs":null},"b":{"result":"skipped"}}'],
  ['the bounded form', 'a: success\nb:skipped'],
  [
    'the bounded form with CRLF, blank lines and comments',
    '\r\n# jobs\r\n  a: success\r\n\r\nb: skipped\r\n',
  ],
])('%s names each job and its result', (_, raw) => {
  expect(jobs(raw)).toEqual({ a: 'success', b: 'skipped' });
});

test.each(['{}', '[]', 'null', '{ }', '# nothing'])('%s names no job', (raw) => {
  expect(parseNeeds(raw).jobs).toEqual([]);
});

test.each([
  ['a result in capitals', '{"a":{"result":"Success"}}', 'Success'],
  ['a result with a space', '{"a":{"result":"success "}}', 'success '],
  ['no result', '{"a":{"outputs":{"result":"success"}}}', ''],
  ['a result that is null', '{"a":{"result":null}}', 'null'],
  ['a job that is null', '{"a":null}', 'null'],
  ['a result that is true', '{"a":{"result":true}}', 'true'],
  ['a result in a list', '{"a":{"result":["success"]}}', '["success"]'],
  ['a result within a result', '{"a":{"result":{"result":"success"}}}', '{"result":"success"}'],
  ['a result of a prototype', '{"a":{"__proto__":{"result":"success"}}}', ''],
  ['a misspelt job of the bounded form', 'a:', ''],
])('%s is kept as it is, and is no success', (_, raw, result) => {
  expect(jobs(raw)).toEqual({ a: result });
});

test('what outputs hold is no job and no result', () => {
  const outputs = {
    x: '{"result":"failure","result":"success"}',
    result: 'failure',
    path: 'C:\\dir\n$(touch x)`id`',
  };
  expect(jobs(JSON.stringify({ a: { outputs, result: 'success' } }))).toEqual({ a: 'success' });
});

test('names are taken as they are, hostile ones too', () => {
  const names = ['$(touch x)', '`id`', 'a"b', 'C:\\dir', 'x\ny', '__proto__', 'constructor'];
  const raw = `{${names.map((name) => `${JSON.stringify(name)}:{"result":"success"}`).join(',')}}`;
  expect(parseNeeds(raw).jobs.map(({ name }) => name)).toEqual(names);
});

test.each([
  ['results without names', '["success"]', /does not say which job/],
  ['a text', '"build"', /names no job/],
  ['the context itself', 'Object', /names no result/],
  ['half of it', '{"a":{"result":"success"}', /this is no JSON/],
  ['JavaScript', "{'a': 'success'}", /this is no JSON/],
  ['a number', '1', /names no result/],
  ['a line without a colon', 'a: success\nb', /"b" names no result/],
  ['a line without a name', ': success', /names no result/],
  ['a job twice', '{"a":{"result":"failure"},"a":{"result":"success"}}', /"a" stands there twice/],
  ['a job twice, one escaped', '{"a":"failure","\\u0061":"success"}', /"a" stands there twice/],
  ['a result twice', '{"a":{"result":"failure","result":"success"}}', /"result" stands there twice/],
  ['a line twice', 'a: failure\na: success', /"a" stands there twice/],
])('%s is refused', (_, raw, said) => {
  expect(() => parseNeeds(raw)).toThrow(said);
});

test('bytes are those of UTF-8', () => {
  expect(parseNeeds('{"ä":"success"}').bytes).toBe(16);
});

test('the expression itself, where nothing evaluated it, is said to be that', () => {
  expect(() => parseNeeds('toJSON(needs)')).toThrow('the expression itself was given');
});
