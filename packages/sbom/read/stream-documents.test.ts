import { describe, expect, it } from 'vitest';
import { cycloneDx, spdx2, spdx3, spdx3InPlace } from './fixtures/documents.ts';
import { startGathering } from './gather.ts';
import { streamFile } from './stream.ts';
import { bundle, envelope, errorOf, fileOf, read, statement } from './test-files.ts';

describe('piece by piece', () => {
  const stream = (content: unknown) => streamFile(fileOf(content), startGathering('sbom.json'));

  it.each<[string, unknown]>([
    ['CycloneDX', cycloneDx()],
    ['CycloneDX with empty lists', cycloneDx({ components: [], dependencies: [] })],
    [
      'CycloneDX whose head comes last',
      JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(cycloneDx()).reverse()))),
    ],
    ['SPDX 2.3', spdx2()],
    [
      'SPDX 2.3 with what Trivy says of a lock file',
      spdx2({
        packages: [
          { SPDXID: 'a', name: 'a', attributionTexts: ['Class: lang-pkgs'] },
          { SPDXID: 'b', name: 'b', annotations: [{ comment: 'Class: lang-pkgs' }] },
        ],
      }),
    ],
    ['SPDX 3.0', spdx3()],
    ['SPDX 3.0 whose packages are written out in place', spdx3InPlace()],
    ['SPDX 3.0 without a graph', { ...spdx3InPlace()['@graph'][0], '@context': spdx3()['@context'] }],
    ['an in-toto statement', statement(spdx2())],
    ['a Sigstore bundle', bundle(statement(cycloneDx()))],
    ["GitHub's dependency graph", { sbom: spdx2() }],
  ])('%s reads as it does in one go', async (_format, document) => {
    expect(await stream(document)).toEqual(await read(document));
  });

  it('names the same problems', async () => {
    const document = cycloneDx({
      components: [{ name: 'a', purl: 7 }, 'x'],
      dependencies: 'none',
      specVersion: '9',
    });
    const problems = (await errorOf(document)).problems;
    expect(problems).toHaveLength(4);
    await expect(stream(document)).rejects.toMatchObject({ problems });
  });

  it('refuses two documents in one', async () => {
    await expect(stream({ ...cycloneDx(), predicate: spdx2() })).rejects.toThrow(
      'it holds more than one document',
    );
  });

  it.each<[string, object]>([
    ['beside what is encoded', { ...envelope(cycloneDx()), components: [{ name: 'a' }] }],
    ['in an SBOM that holds another', { ...cycloneDx(), ...envelope(cycloneDx()) }],
    ['beside what is stated', { ...statement(cycloneDx()), components: [{ name: 'a' }] }],
  ])('refuses what would be dropped: packages %s, as in one go', async (_what, content) => {
    const several = 'it holds more than one document';
    expect((await errorOf(content)).problems).toEqual([several]);
    await expect(stream(content)).rejects.toThrow(several);
  });

  const head = '"bomFormat":"CycloneDX","specVersion":"1.6"';
  it.each<[string, string, string]>([
    ['two lists', `{${head},"components":[{"name":"a"}],"components":[]}`, 'components'],
    ['a list and none', `{${head},"components":[],"components":null}`, 'components'],
    ['a name with an escape', `{${head},"components":[],"compon\\u0065nts":[]}`, 'components'],
    ['two heads', `{${head},"specVersion":"1.5","components":[]}`, 'specVersion'],
    ['two documents in one place', `{"predicate":{${head}},"x":["\\"{"],"predicate":{}}`, 'predicate'],
    ['two purls', `{${head},"components":[{"name":"a","purl":"x","purl":"y"}]}`, 'purl'],
    [
      'two lists in a component',
      `{${head},"components":[{"name":"a","components":[{"name":"b","purl":"x"}],"components":[]}]}`,
      'components',
    ],
    [
      'two lists in what it describes',
      `{${head},"metadata":{"component":{"name":"a","components":[{"name":"b"}],"components":null}}}`,
      'components',
    ],
    [
      'two names around an object that has it too',
      `{${head},"components":[{"name":"a","components":[{"name":"b","purl":"x"}],"n\\u0061me":"c"}]}`,
      'name',
    ],
    [
      'two lists of what is wrapped',
      `{"x":{"components":1},"predicate":{${head},"y":[{}],"components":[],"components":[]}}`,
      'components',
    ],
  ])('refuses %s, as in one go', async (_what, content, name) => {
    expect((await errorOf(content)).problems).toEqual([`it has \`${name}\` twice`]);
    await expect(stream(content)).rejects.toThrow(`it has \`${name}\` twice`);
  });

  it.each<[string, string]>([
    [
      'in what is not read',
      `{${head},"x":[{"purl":1,"purl":2}],"components":[{"name":"a","y":{"name":{"a":[]},"name":1}}]}`,
    ],
    [
      'in two objects',
      `{${head},"components":[{"name":"a","purl":"x","components":[{"name":"b"}]},{"name":"a"}]}`,
    ],
    ['that is not read', `{${head},"x":1,"x":{"components":1,"components":2},"components":[{"name":"a"}]}`],
  ])('reads a name that is there twice %s, as in one go', async (_what, content) => {
    expect(await stream(content)).toEqual(await read(content));
  });

  it.each([
    '{"a":1,}',
    '{"a" 1}',
    '{"bomFormat":"CycloneDX"',
    '[1,2',
    '{}{}',
    '{"a":[}',
    '[1 2]',
    '{1:2}',
    '',
  ])('takes %j for no JSON', async (content) => {
    await expect(stream(content)).rejects.toThrow('it is no JSON');
  });
});
