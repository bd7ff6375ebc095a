import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cycloneDx, spdx2, spdx3 } from './fixtures/documents.ts';
import { readSbom } from './read.ts';
import { bundle, envelope, errorOf, fileOf, folder, statement } from './test-files.ts';

describe('what is broken', () => {
  it.each<[string, unknown, readonly string[]]>([
    [
      'each field that has a wrong type, and all of them at once',
      cycloneDx({
        components: [
          { name: 'a', purl: 7 },
          { version: '1' },
          'x',
          { name: 'b', components: { name: 'c' } },
          null,
        ],
        dependencies: [{ ref: 1, dependsOn: ['a', 2] }, { dependsOn: 'a' }],
      }),
      [
        'components[0].purl is a number, not a text',
        'components[1].name is missing',
        'components[2] is a text, not an object',
        'components[3].components is an object, not a list',
        'components[4] is null, not an object',
        'dependencies[0].ref is a number, not a text',
        'dependencies[0].dependsOn[1] is a number, not a text',
        'dependencies[1].ref is missing',
        'dependencies[1].dependsOn is a text, not a list',
      ],
    ],
    ['a list that is none', cycloneDx({ components: {} }), ['components is an object, not a list']],
    [
      'an unknown version',
      cycloneDx({ specVersion: '2.0' }),
      ['specVersion is none of 1.2, 1.3, 1.4, 1.5, 1.6, 1.7'],
    ],
    ['a version that is a number', cycloneDx({ specVersion: 1.5 }), ['specVersion is a number, not a text']],
    [
      'an unknown version of SPDX',
      spdx2({ spdxVersion: 'SPDX-2.1' }),
      ['spdxVersion is none of SPDX-2.2, SPDX-2.3'],
    ],
    [
      'what SPDX packages lack',
      spdx2({
        packages: [{ versionInfo: 1, externalRefs: [{ referenceType: 'purl' }] }],
        relationships: [{}],
      }),
      [
        'packages[0].name is missing',
        'packages[0].SPDXID is missing',
        'packages[0].versionInfo is a number, not a text',
        'packages[0].externalRefs[0].referenceLocator is missing',
        'relationships[0].spdxElementId is missing',
        'relationships[0].relationshipType is missing',
        'relationships[0].relatedSpdxElement is missing',
      ],
    ],
    [
      'what SPDX 3 elements lack',
      spdx3({ '@graph': [{}, { type: 'software_Package', name: 'a', software_packageUrl: [] }] }),
      [
        '@graph[0].type is missing',
        '@graph[1].spdxId is missing',
        '@graph[1].software_packageUrl is a list, not a text',
      ],
    ],
    [
      'what SPDX 3 elements lack that are written out in place',
      spdx3({
        '@graph': [
          {
            type: 'Relationship',
            relationshipType: 'dependsOn',
            from: 'a',
            to: [
              { type: 'software_Package', name: 'a' },
              { spdxId: 'b', name: 'b' },
            ],
          },
        ],
      }),
      ['@graph[0].to[0].spdxId is missing', '@graph[0].to[1].type is missing'],
    ],
    [
      'the place in what it is wrapped in',
      bundle(statement(cycloneDx({ components: [{ name: 1 }] }))),
      ['payload.predicate.components[0].name is a number, not a text'].map(
        (problem) => `dsseEnvelope.${problem}`,
      ),
    ],
    [
      'a document of something else',
      { lockfileVersion: 3, packages: {} },
      ['it is neither CycloneDX nor SPDX'],
    ],
    [
      'an attestation of something else',
      statement({ buildDefinition: {} }, 'https://slsa.dev/provenance/v1'),
      ['it is neither CycloneDX nor SPDX, but attests https://slsa.dev/provenance/v1'],
    ],
    ['a payload that is no base64', { ...envelope({}), payload: '%%' }, ['its `payload` is no base64']],
    ['a payload that is no JSON', { ...envelope({}), payload: 'eHg=' }, ['what is wrapped in it is no JSON']],
    ['a list', [cycloneDx()], ['the document is no object']],
    ['an empty file', '', ['it is no JSON: it is empty']],
    ['XML', '<bom xmlns="x"/>', ['it is no JSON, but looks like XML; only JSON is read']],
    [
      'tag-value',
      'SPDXVersion: SPDX-2.3',
      ['it is no JSON, but the tag-value form of SPDX; only JSON is read'],
    ],
    [
      'half a file',
      JSON.stringify(cycloneDx()).slice(0, -9),
      [expect.stringMatching(/^it is no JSON/)] as never,
    ],
    ['UTF-16', Buffer.from('\u{feff}{}', 'utf16le'), ['it is UTF-16 text, where JSON is UTF-8']],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), ['it is no UTF-8 text']],
  ])('names %s', async (_what, document, problems) => {
    const error = await errorOf(document);
    expect(error).toMatchObject({ kind: 'input', code: 'sbom-broken', problems });
    expect(error.message).toContain('sbom.json is no SBOM that can be read: ');
  });

  it('counts the problems that are too many to list', async () => {
    const error = await errorOf(cycloneDx({ components: Array(50).fill(1) }));
    expect(error.problems).toHaveLength(20);
    expect(error.message).toMatch(/; and 30 more\.$/);
  });

  it('shows nothing of the document, and the name of the file as it is', async () => {
    const path = fileOf('{"a": \u{1b}[31m::error::x');
    const error = await readSbom(path, 'a\u{1b}.json').catch((thrown: unknown) => thrown);
    expect(String(error)).not.toMatch(/::error|\p{Cc}/u);
  });

  it('says that there is no such file', async () => {
    await expect(readSbom(join(folder, 'none'), 'none.json')).rejects.toMatchObject({
      code: 'sbom-not-found',
      message: 'none.json cannot be read (ENOENT).',
    });
    await expect(readSbom(folder, 'folder')).rejects.toMatchObject({
      code: 'sbom-not-found',
      message: 'folder cannot be read (it is no file).',
    });
  });
});
