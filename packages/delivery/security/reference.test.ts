import { describe, expect, it } from 'vitest';
import { addressOf } from './address.ts';
import { parseReference, payloadSbom } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const url = 'https://github.com/acme/app/releases/download/v1/sbom.cdx.json';

describe('an SBOM is named by its address and its digest', () => {
  it('in an input', () => {
    expect(parseReference(`${url}@${digest}`)).toEqual({ url, digest });
    expect(parseReference(`https://a.example/@sha256:b@${digest}`).url).toBe('https://a.example/@sha256:b');
  });

  it.each([
    [url, 'no digest'],
    [`${url}@sha256:abc`, '64 digits'],
    [`${url}@${digest.toUpperCase()}`, 'no digest'],
    [`sbom.json@${digest}`, 'no https:// URL'],
    [`file:///etc/passwd@${digest}`, 'no https:// URL'],
    [`https://u:p@a.example/x@${digest}`, 'holds a login'],
    [`https://a.example/${'x'.repeat(3000)}@${digest}`, 'no https:// URL'],
    ['missing', '`scan` needs `sbom`'],
  ])('%s is none', (given, message) => {
    expect(() => parseReference(given)).toThrow(message);
  });

  it.each([
    ['no SBOM', {}, undefined],
    ['none', { sbom: null }, undefined],
    ['one', { sbom: { url, digest } }, { url, digest }],
    ['one without digest', { sbom: { url } }, { unreadable: expect.stringContaining('digest') }],
    ['a text', { sbom: url }, { unreadable: expect.any(String) }],
    ['a list', { sbom: [url, digest] }, { unreadable: expect.any(String) }],
    ['numbers', { sbom: { url: 1, digest: 2 } }, { unreadable: expect.any(String) }],
    [
      'another scheme',
      { sbom: { url: 'data:,x', digest } },
      { unreadable: expect.stringContaining('https') },
    ],
  ])('in a payload that holds %s', (_, payload, expected) => {
    expect(payloadSbom(payload)).toEqual(expected);
  });
});

describe('an address', () => {
  const github = { serverUrl: 'https://github.com', apiUrl: 'https://api.github.com' };
  const enterprise = { serverUrl: 'http://ghes.example', apiUrl: 'http://ghes.example/api/v3' };

  it.each([
    [url, github, { type: 'release', repository: 'acme/app', tag: 'v1', file: 'sbom.cdx.json' }],
    [
      'https://github.com/acme/app/releases/download/app%2Fv1/my%20sbom.json',
      github,
      { type: 'release', repository: 'acme/app', tag: 'app/v1', file: 'my sbom.json' },
    ],
    [
      'https://api.github.com/repos/acme/app/releases/assets/12',
      github,
      { type: 'asset', repository: 'acme/app', id: 12 },
    ],
    [
      'http://ghes.example/api/v3/repos/acme/app/releases/assets/12',
      enterprise,
      { type: 'asset', repository: 'acme/app', id: 12 },
    ],
    ['https://api.github.com.evil.example/repos/a/b/releases/assets/1', github, { type: 'plain' }],
    ['https://evil.example/acme/app/releases/download/v1/x', github, { type: 'plain' }],
    ['https://github.com:8443/acme/app/releases/download/v1/x', github, { type: 'plain' }],
    ['https://api.github.com/repos/acme/app/releases/assets/12/../../../other', github, { type: 'plain' }],
    ['https://api.github.com/user', github, { type: 'plain' }],
    ['https://github.com/acme/app/releases/download/%FF/x', github, { type: 'plain' }],
  ])('%s is asked with a token only where it is a file of a release on GitHub', (given, where, expected) => {
    expect(addressOf(given, where)).toMatchObject(expected);
  });

  it.each([
    'http://a.example/x',
    'http://ghes.example/acme/app/raw/main/x',
    'http://169.254.169.254/latest',
  ])('%s is not fetched', (given) => {
    expect(() => addressOf(given, enterprise)).toThrow('is no https:// address');
  });
});
