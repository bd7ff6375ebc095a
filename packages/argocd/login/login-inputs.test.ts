import { parseInputs, secretsOf } from '@sluice/core/contract';
import { expect, describe as group, it } from 'vitest';
import { argocdLogin } from '../inputs.ts';
import { isInTheClear } from './login-inputs.ts';

const spec = argocdLogin({ required: false });
const read = (name: keyof typeof spec, text: string) =>
  parseInputs(spec, { [`INPUT_${name.toUpperCase()}`]: text })[name];

group('argocd-headers', () => {
  it('are sent as they are given', () => {
    const headers = read('argocd-headers', 'CF-Access-Client-Id: abc.access\nX-Key:  a: b ');
    expect(headers).toEqual([
      { name: 'CF-Access-Client-Id', value: 'abc.access' },
      { name: 'X-Key', value: 'a: b' },
    ]);
  });

  it('are secrets, each by itself', () => {
    const secrets = secretsOf(spec, { 'INPUT_ARGOCD-HEADERS': 'X-Key: hunter2\nX-Other: hunter3' });
    expect(secrets).toEqual(expect.arrayContaining(['hunter2', 'hunter3']));
  });

  it.each([
    ['Authorization: Bearer hunter2', /any header but Authorization, which every request has/],
    ['transfer-encoding: chunked', /any header but transfer-encoding/],
    ['X-Key hunter2', /allowed: <name>: <value>/],
    ['["X-Key: hunter2\\r\\nX-Other: hunter2"]', /allowed: <name>: <value>/],
    ['X-Key: hunter2ü', /allowed: <name>: <value>/],
    ['X-Key:', /names X-Key and holds no value: the secret is empty, or not passed/],
    ['X-Key: hunter2\nx-key: hunter3', /x-key is given twice/],
  ])('%j is refused, and nothing of its value is told', (text, message) => {
    expect(() => read('argocd-headers', text)).toThrow(message);
    expect(() => read('argocd-headers', text)).not.toThrow(/hunter/);
  });
});

it.each([
  ['http://argocd.example', true],
  ['http://10.0.0.7:8080/base', true],
  ['http://localhost.example', true],
  ['https://argocd.example', false],
  ['http://localhost:8080', false],
  ['http://127.0.0.1:8080', false],
  ['http://[::1]:8080', false],
])('what is sent to %s can be read on the way: %s', (url, expected) =>
  expect(isInTheClear(url)).toBe(expected));

group('argocd-token', () => {
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjaSJ9.c2ln';

  it('is a token, or one for each name', () => {
    expect(read('argocd-token', jwt)).toEqual([{ server: '', token: jwt }]);
    expect(read('argocd-token', `eu=${jwt}\nus=${jwt}x`)).toEqual([
      { server: 'eu', token: jwt },
      { server: 'us', token: `${jwt}x` },
    ]);
  });

  it('of a secret that is not set is none, and nothing that could be sent', () => {
    const given = read('argocd-token', `eu=${jwt}\nus=`);
    expect(given).toEqual([
      { server: 'eu', token: jwt },
      { server: 'us', token: '' },
    ]);
    expect(secretsOf(spec, { 'INPUT_ARGOCD-TOKEN': `eu=${jwt}\nus=` })).not.toContain('');
  });

  it('is a secret without its name', () => {
    expect(secretsOf(spec, { 'INPUT_ARGOCD-TOKEN': `eu=${jwt}` })).toContain(jwt);
  });
});
