import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseVex } from '../files/vex.ts';
import { packagesOf } from '../packages.ts';
import { readSbom } from '../read/read.ts';
import { decideScan } from './decide-scan.ts';
import { advisory, match, scanInput } from './testing.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vex-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SBOM = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  version: 3,
  metadata: {
    component: {
      'bom-ref': 'app',
      type: 'application',
      name: 'shop',
      version: '1.4.2',
      purl: 'pkg:oci/shop@sha256%3Aaa?repository_url=example.com/shop',
    },
  },
  components: [
    {
      'bom-ref': 'c1',
      type: 'library',
      group: '@acme',
      name: 'cart',
      version: '2.0.0',
      purl: 'pkg:npm/%40acme/cart@2.0.0',
    },
    { 'bom-ref': 'c2', type: 'library', name: 'Flask', version: '2.0.0', purl: 'pkg:pypi/Flask@2.0.0' },
    {
      'bom-ref': 'c3',
      type: 'library',
      name: 'curl',
      version: '7.88.1-10',
      purl: 'pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12',
    },
    {
      'bom-ref': 'c4',
      type: 'library',
      name: 'x',
      version: 'v0.1.0',
      purl: 'pkg:golang/golang.org/x/text@v0.1.0#encoding',
    },
  ],
};

const openVex = (product: object) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  statements: [
    {
      vulnerability: { name: 'CVE-2026-0001' },
      products: [product],
      status: 'not_affected',
      justification: 'component_not_present',
    },
  ],
});
const cycloneDx = (ref: string) => ({
  bomFormat: 'CycloneDX',
  vulnerabilities: [{ id: 'CVE-2026-0001', analysis: { state: 'false_positive' }, affects: [{ ref }] }],
});
const LINK = 'urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79';

/** The names of the packages that a document clears, of an SBOM in which each has the vulnerability. */
const cleared = async (vex: object): Promise<readonly string[]> => {
  const path = join(folder, 'sbom.json');
  await writeFile(path, JSON.stringify(SBOM));
  const sboms = [await readSbom(path, 'sbom.json')];
  const { packages } = packagesOf(sboms);
  const { value, problems } = parseVex(JSON.stringify(vex), 'vex.json');
  expect(problems).toEqual([]);
  const matches = packages.map((one) => match(one, advisory('CVE-2026-0001')));
  const { findings } = decideScan(scanInput(matches, { sboms, packages, vex: value }));
  return findings.filter(({ status }) => status === 'not-affected').map((one) => one.package.name);
};

const ALL = ['@acme/cart', 'curl', 'flask', 'golang.org/x/text'];

test.each<[string, object, readonly string[]]>([
  ['a scope', openVex({ '@id': 'pkg:npm/%40acme/cart@2.0.0' }), ['@acme/cart']],
  ['a name that its ecosystem writes in small letters', openVex({ '@id': 'pkg:pypi/flask' }), ['flask']],
  ['a distribution, with the architecture', openVex({ '@id': 'pkg:deb/debian/curl?arch=amd64' }), ['curl']],
  ['a distribution, with another architecture', openVex({ '@id': 'pkg:deb/debian/curl?arch=arm64' }), []],
  ['a module of Go', openVex({ '@id': 'pkg:golang/golang.org/x/text@v0.1.0' }), ['golang.org/x/text']],
  ['the image', openVex({ '@id': 'pkg:oci/shop@sha256%3Aaa' }), ALL],
  ['another digest of the image', openVex({ '@id': 'pkg:oci/shop@sha256%3Abb' }), []],
  [
    'one package within the image',
    openVex({ '@id': 'pkg:oci/shop', subcomponents: [{ '@id': 'pkg:npm/%40acme/cart' }] }),
    ['@acme/cart'],
  ],
  ['a BOM-Link to the component', cycloneDx(`${LINK}/3#c1`), ['@acme/cart']],
  ['a BOM-Link to what the SBOM describes', cycloneDx(`${LINK}/3#app`), ALL],
  ['a BOM-Link to another version of the SBOM', cycloneDx(`${LINK}/2#c1`), []],
  ['the SBOM with its own analysis', { ...SBOM, ...cycloneDx('c3') }, ['curl']],
])('%s clears what it names and nothing else', async (_, vex, expected) => {
  expect((await cleared(vex)).toSorted()).toEqual(expected);
});
