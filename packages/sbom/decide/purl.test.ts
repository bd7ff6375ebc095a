import { describe, expect, test } from 'vitest';
import { covers, readPurl } from './purl.ts';

const isCovered = (pattern: string, purl: string): boolean => {
  const [read, other] = [readPurl(pattern), readPurl(purl)];
  if (read === undefined || other === undefined) throw new Error('no purl');
  return covers(read, other);
};

describe('what is said of one purl holds for another', () => {
  test.each([
    ['pkg:npm/qs@6.7.0', 'pkg:npm/qs@6.7.0', 'it is the same'],
    ['pkg:npm/qs', 'pkg:npm/qs@6.7.0', 'it has no version'],
    ['pkg:npm/qs@6.7.0', 'pkg:npm/qs@6.7.0?arch=x', 'the other has qualifiers'],
    [
      'pkg:deb/debian/curl?arch=amd64',
      'pkg:deb/debian/curl@8?arch=amd64&distro=d',
      'the other has its qualifiers',
    ],
    ['pkg:npm/%40acme/cart', 'pkg:npm/@acme/cart@1', 'only the encoding differs'],
    ['pkg:NPM/qs', 'pkg:npm/qs', 'the type is in capitals'],
    ['pkg:pypi/Flask_SQLAlchemy', 'pkg:pypi/flask-sqlalchemy', 'PyPI takes both names for one'],
    [
      'pkg:golang/github.com/burntsushi/toml',
      'pkg:golang/github.com/BurntSushi/toml',
      'purl-spec lowers names of Go',
    ],
    ['pkg:golang/example.com/x@1.2.0', 'pkg:golang/example.com/x@v1.2.0', 'one leaves out the v'],
    [
      'pkg:golang/example.com/x@v0.0.0-20190802002840-cff245a6509b',
      'pkg:golang/example.com/x@v0.0.0-20190802002840-cff245a6509b',
      'it is a pseudo-version',
    ],
    ['pkg:golang/example.com/x', 'pkg:golang/example.com/x@v1#y', 'it is about the whole module'],
    ['pkg:golang/example.com/x#y', 'pkg:golang/example.com/x@v1#y', 'it is about the same part'],
  ])('%s, %s: %s', (pattern, purl) => expect(isCovered(pattern, purl)).toBe(true));

  test.each([
    ['pkg:npm/qs@6.7.0', 'pkg:npm/qs', 'the version is not known'],
    ['pkg:npm/qs@6.7.0', 'pkg:npm/qs@6.7.1', 'another version'],
    ['pkg:npm/qs@v6.7.0', 'pkg:npm/qs@6.7.0', 'only Go has a v'],
    ['pkg:npm/JSONStream', 'pkg:npm/jsonstream', 'they are two packages of npm'],
    ['pkg:npm/acme/cart', 'pkg:npm/cart', 'another namespace'],
    ['pkg:npm/qs', 'pkg:pypi/qs', 'another type'],
    ['pkg:deb/debian/curl?arch=amd64', 'pkg:deb/debian/curl@8', 'the other has not its qualifiers'],
    ['pkg:deb/debian/curl?arch=amd64', 'pkg:deb/debian/curl@8?arch=arm64', 'another architecture'],
    ['pkg:golang/example.com/x#y', 'pkg:golang/example.com/x@v1', 'it is about a part'],
  ])('not: %s, %s: %s', (pattern, purl) => expect(isCovered(pattern, purl)).toBe(false));
});

test.each([
  '',
  'lodash',
  'pkg:',
  'pkg:npm',
  'npm/qs',
  'https://example.com/pkg:npm/qs',
  `pkg:npm/${'x'.repeat(5000)}`,
])('is no purl: %.40s', (text) => expect(readPurl(text)).toBeUndefined());
