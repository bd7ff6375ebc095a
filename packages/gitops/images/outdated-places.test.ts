import { describe, expect, test } from 'vitest';
import type { Edit, Place } from '../change.ts';
import { suspectsOf } from './outdated-places.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const NEW = `sha256:${'b'.repeat(64)}`;

const container: Place = {
  ...{ type: 'container', apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop', list: 'containers' },
  container: 'app',
};
const helm = (holds: 'reference' | 'repository' | 'tag' | 'digest'): Place => ({
  ...{ type: 'helm-value', path: `image.${holds}`, holds },
});
const kustomize = (field: 'newName' | 'newTag' | 'digest'): Place => ({
  ...{ type: 'kustomize-image', name: 'shop', field },
});
const value: Place = { type: 'value', document: 0, path: 'version' };

describe('what versions do not tell', () => {
  const version = (reference: string) => ({ repository: 'registry.example/shop', reference });
  const shop = (rest: string) => `registry.example/shop${rest}`;

  test.each<[string, Place, Edit['from'], string, string, string, string]>([
    ['commits', container, shop(':abc'), shop(':def'), shop(':def'), 'abc', 'def'],
    ['a version and a commit', container, shop(':1.2.3'), shop(':def'), shop(':def'), '1.2.3', 'def'],
    [
      'builds of one version',
      container,
      shop(':1.2.3-abc'),
      shop(':1.2.3-def'),
      shop(':1.2.3-def'),
      '1.2.3-abc',
      '1.2.3-def',
    ],
    ['digests', container, shop(`@${DIGEST}`), shop(`@${NEW}`), shop(`@${NEW}`), DIGEST, NEW],
    ['a tag that moves', container, shop(`:x@${DIGEST}`), shop(`:x@${NEW}`), shop(`:x@${NEW}`), DIGEST, NEW],
    ['no tag', container, shop(''), shop(':def'), shop(':def'), 'latest', 'def'],
    ['tags of a kustomization', kustomize('newTag'), 'abc', 'def', shop(':def'), 'abc', 'def'],
    ['a tag that is a number', helm('tag'), 123, '124', shop(':124'), '123', '124'],
    ['a tag with its digest', helm('tag'), `abc@${DIGEST}`, 'def', shop(':def'), DIGEST, 'def'],
    ['digests of values', helm('digest'), DIGEST, NEW, shop(`@${NEW}`), DIGEST, NEW],
    [
      'a hash without its algorithm',
      helm('digest'),
      DIGEST.replace('sha256:', ''),
      NEW,
      shop(`@${NEW}`),
      DIGEST,
      NEW,
    ],
  ])('is %s', (_, place, from, to, image, found, wanted) => {
    const edit = { place, from, to, image };
    expect(suspectsOf({ files: [{ path: 'a.yaml', edits: [edit] }] })).toEqual([
      { path: 'a.yaml', edit, images: { found: version(found), wanted: version(wanted) } },
    ]);
  });

  test('is a text that `set` writes', () => {
    const edit = { place: value, from: 'abc', to: 'def' };
    expect(suspectsOf({ files: [{ path: 'a.yaml', edits: [edit] }] })).toEqual([{ path: 'a.yaml', edit }]);
  });

  test.each<[string, Place, Edit['from'], Edit['to'], string | undefined]>([
    ['two versions', container, shop(':1.2.3'), shop(':1.2.4'), shop(':1.2.4')],
    ['a version and what came before it', container, shop(':1.2.3-rc.1'), shop(':1.2.3'), shop(':1.2.3')],
    ['builds of two versions', container, shop(':1.2.3-abc'), shop(':1.2.4-def'), shop(':1.2.4-def')],
    ['versions with another digest', container, shop(`:1.2.3@${DIGEST}`), shop(':1.2.4'), shop(':1.2.4')],
    ['what is so already', container, shop(':abc'), shop(':abc'), shop(':abc')],
    ['the name of a repository', kustomize('newName'), 'shop', shop(''), shop(':abc')],
    ['the digest beside a version', kustomize('digest'), DIGEST, '', shop(':1.2.4')],
    ['a field that is added', kustomize('newTag'), null, 'abc', shop(':abc')],
    ['versions that `set` writes', value, '1.2.3', '1.2.4', undefined],
    ['a number that `set` writes', value, 2, 3, undefined],
    ['a text that `set` writes where there was none', value, '', 'abc', undefined],
  ])('is not %s', (_, place, from, to, image) => {
    const edit = { place, from, to, ...(image !== undefined && { image }) };
    expect(suspectsOf({ files: [{ path: 'a.yaml', edits: [edit] }] })).toEqual([]);
  });
});
