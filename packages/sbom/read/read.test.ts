import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packagesOf } from '../packages.ts';
import type { Sbom } from '../types.ts';
import { cycloneDx, spdx2, spdx3, spdx3InPlace } from './fixtures/documents.ts';
import { readSbom } from './read.ts';
import { bundle, envelope, errorOf, read, statement } from './test-files.ts';

/** Where a package comes from, as people read it. */
const told = (sbom: Sbom) => ({
  subject: sbom.subject,
  packages: packagesOf([sbom]).packages.map(
    ({ purl, paths }) => `${purl} by ${paths.map((path) => path.join(' > '))}`,
  ),
});

const express = 'pkg:npm/express@4.17.1 by shop@1.0.0 > express@4.17.1';
describe('formats', () => {
  it.each(['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'])('reads CycloneDX %s', async (specVersion) => {
    const sbom = await read(cycloneDx({ specVersion }));
    expect(sbom).toMatchObject({
      file: 'sbom.json',
      format: `CycloneDX ${specVersion}`,
      serial: '3e671687-395b-41f5-a30f-a58921a69b79/1',
      roots: ['shop'],
    });
    expect(told(sbom)).toEqual({
      subject: 'shop 1.0.0',
      packages: [express, 'pkg:npm/%40types/qs@6.7.0 by shop@1.0.0 > express@4.17.1 > @types/qs@6.7.0'],
    });
  });

  it.each([
    ['SPDX 2.2', spdx2({ spdxVersion: 'SPDX-2.2' }), 'qs'],
    ['SPDX 2.2.1', spdx2({ spdxVersion: 'SPDX-2.2.1' }), 'qs'],
    ['SPDX 2.3', spdx2(), 'qs'],
    ['SPDX 3.0.1', spdx3(), 'qs'],
    ['SPDX 3.0.0', spdx3({ '@context': 'https://spdx.org/rdf/3.0.0/spdx-context.jsonld' }), 'qs'],
  ])('reads %s', async (format, document, last) => {
    const sbom = await read(document);
    expect(sbom.format).toBe(format);
    expect(told(sbom)).toEqual({
      subject: 'shop 1.0.0',
      packages: [express, `pkg:npm/qs@6.7.0 by shop@1.0.0 > express@4.17.1 > ${last}`],
    });
  });

  it.each<[string, unknown]>([
    ['an in-toto statement', statement(cycloneDx())],
    ['a DSSE envelope', envelope(statement(cycloneDx()))],
    ['a Sigstore bundle', bundle(statement(cycloneDx()))],
    ['a statement whose predicate is text', statement(JSON.stringify(cycloneDx()))],
    ['a file with a byte order mark', `\u{feff}${JSON.stringify(cycloneDx())}`],
  ])('reads an SBOM in %s', async (_wrapper, document) => {
    expect(await read(document)).toEqual({ ...(await read(cycloneDx())) });
  });

  it.each<[string, unknown]>([
    ["GitHub's dependency graph", { sbom: spdx2() }],
    ["BuildKit's answer", { SPDX: spdx2() }],
    ['an attestation', bundle(statement(spdx2(), 'https://spdx.dev/Document/v2.3'))],
  ])('reads SPDX in %s', async (_wrapper, document) => {
    expect(await read(document)).toEqual(await read(spdx2()));
  });

  it('takes components that are nested in others for what those bring in', async () => {
    const inner = { type: 'library', name: 'inner', version: '2.0.0', purl: 'pkg:npm/inner@2.0.0' };
    const outer = {
      'bom-ref': 'o',
      type: 'library',
      name: 'outer',
      version: '1.0.0',
      purl: 'pkg:npm/outer@1.0.0',
    };
    const { metadata } = cycloneDx();
    const component = { ...metadata.component, components: [{ ...outer, components: [inner] }] };
    const sbom = await read(cycloneDx({ metadata: { component }, components: [], dependencies: [] }));
    expect(told(sbom).packages).toEqual([
      'pkg:npm/outer@1.0.0 by shop@1.0.0 > outer@1.0.0',
      'pkg:npm/inner@2.0.0 by shop@1.0.0 > outer@1.0.0 > inner@2.0.0',
    ]);
  });

  it('keeps components apart that have one ref, or none', async () => {
    const one = { 'bom-ref': 'same', type: 'library', name: 'a', version: '1.0.0' };
    const { components } = await read(
      cycloneDx({ components: [one, { ...one, name: 'b' }, { ...one, name: 'c', 'bom-ref': undefined }] }),
    );
    expect(components.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'shop']);
    expect(new Set(components.map(({ ref }) => ref)).size).toBe(4);
  });

  it('takes what it describes for one of those that it lists only where the two say the same', async () => {
    const log4j = { 'bom-ref': 'shop', type: 'library', name: 'log4j', purl: 'pkg:maven/org.apache/log4j' };
    const { metadata, components } = cycloneDx();
    const kept = packagesOf([await read(cycloneDx({ components: [log4j, ...components] }))]);
    expect(kept.unmatched).toMatchObject([{ component: log4j.purl, why: 'no-version' }]);
    expect(kept.setAside).toMatchObject([{ component: 'pkg:npm/shop@1.0.0', why: 'subject' }]);
    expect(kept.packages.map(({ paths }) => paths[0]?.join(' '))).toEqual([
      'shop@1.0.0 log4j express@4.17.1',
      'shop@1.0.0 log4j express@4.17.1 @types/qs@6.7.0',
    ]);
    const same = await read(cycloneDx({ components: [metadata.component, ...components] }));
    expect(same.components).toHaveLength(3);
  });

  it('takes a component in which others are written for no package, and one that depends on them for one', async () => {
    const inner = { name: 'inner', version: '1', purl: 'pkg:npm/inner@1.0.0', 'bom-ref': 'i' };
    const holder = { name: 'folder', type: 'application', components: [inner] };
    const needs = { name: 'openssl', type: 'library', 'bom-ref': 'o' };
    const dependencies = [{ ref: 'o', dependsOn: ['i'] }];
    const { unmatched, setAside } = packagesOf([
      await read(cycloneDx({ metadata: {}, components: [holder, needs], dependencies })),
    ]);
    expect(setAside.map(({ component, why }) => [component, why])).toEqual([['folder', 'group']]);
    expect(unmatched.map(({ component }) => component)).toEqual(['openssl']);
  });

  it("takes Trivy's lock files for no packages", async () => {
    const properties = [{ name: 'aquasecurity:trivy:Class', value: 'lang-pkgs' }];
    const lock = { name: 'package-lock.json', type: 'application', 'bom-ref': 'l', properties };
    const dependencies = [{ ref: 'l', dependsOn: ['qs'] }];
    const sbom = await read(cycloneDx({ components: [lock], dependencies }));
    expect(packagesOf([sbom]).setAside.map(({ why }) => why)).toEqual(['group', 'subject']);
  });

  it.each([
    ['attributionTexts', ['Class: lang-pkgs', 'Type: npm']],
    ['annotations', [{ annotator: 'Tool: trivy', comment: 'Class: lang-pkgs' }]],
  ])("takes Trivy's lock files in SPDX for no packages, by %s", async (key, value) => {
    const lock = {
      SPDXID: 'l',
      name: 'package-lock.json',
      primaryPackagePurpose: 'APPLICATION',
      [key]: value,
    };
    const document = spdx2({ packages: [lock], relationships: [] });
    expect(packagesOf([await read(document)]).setAside.map(({ why }) => why)).toEqual(['group']);
  });

  it('takes none of several packages that an SPDX document describes for its subject', async () => {
    const { packages } = spdx2();
    const documentDescribes = packages.map(({ SPDXID }) => SPDXID);
    const { unmatched, setAside } = packagesOf([await read(spdx2({ documentDescribes }))]);
    expect(setAside).toEqual([]);
    expect(unmatched.map(({ component }) => component)).toEqual(['shop 1.0.0']);
  });

  it('reads packages of SPDX 3.0 that are written out where others name them', async () => {
    const sbom = await read(spdx3InPlace());
    expect(sbom.components.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(told(sbom).packages).toContain('pkg:npm/e@1.0.0 by a > e');
  });

  it('reads the one element of an SPDX 3.0 document that has no list of them', async () => {
    const { '@graph': graph, '@context': context } = spdx3InPlace();
    const sbom = await read({ ...graph[0], '@context': context });
    expect(sbom.components.map(({ name }) => name).sort()).toEqual(['a', 'b']);
  });

  it.each([
    'https://spdx.org/rdf/3.0.1/terms/',
    'spdx:',
  ])('reads SPDX 3.0 whose classes and words are written as whole addresses: %s', async (terms) => {
    const text = JSON.stringify(spdx3())
      .replaceAll('"software_Package"', `"${terms}Software/Package"`)
      .replaceAll('"software_Sbom"', `"${terms}Software/Sbom"`)
      .replaceAll('"library"', `"${terms}Software/SoftwarePurpose/library"`)
      .replaceAll('"Relationship"', `"${terms}Core/Relationship"`)
      .replaceAll('"dependsOn"', `"${terms}Core/RelationshipType/dependsOn"`)
      .replaceAll('"packageUrl"', `"${terms}Core/ExternalIdentifierType/packageUrl"`);
    expect(text.split(terms)).toHaveLength(10);
    expect(await read(JSON.parse(text))).toEqual(await read(spdx3()));
  });

  it('takes an SPDX 3.0 element of another class that has a package URL for a package', async () => {
    const made = {
      type: 'acme_Package',
      spdxId: 'urn:x',
      name: 'ws',
      software_packageUrl: 'pkg:npm/ws@8.0.0',
    };
    const { components } = await read(spdx3({ '@graph': [...spdx3()['@graph'], made] }));
    expect(components.map(({ purl }) => purl)).toContain('pkg:npm/ws@8.0.0');
  });

  it('takes each purl of an SPDX package for a component of its own', async () => {
    const refs = ['pkg:npm/a@1.0.0', 'pkg:npm/b@1.0.0', 'pkg:npm/a@1.0.0'];
    const externalRefs = refs.map((referenceLocator) => ({ referenceType: 'purl', referenceLocator }));
    const { components } = await read(spdx2({ packages: [{ SPDXID: 'x', name: 'x', externalRefs }] }));
    expect(components.map(({ purl }) => purl)).toEqual(refs.slice(0, 2));
  });
});

describe('what writers say beside the purl', () => {
  const property = (name: string, value: string) => ({ name: `aquasecurity:trivy:${name}`, value });
  const libssl = {
    name: 'libssl3',
    version: '3.0.11-1',
    type: 'library',
    purl: 'pkg:deb/debian/libssl3@3.0.11-1',
  };
  const names = (sbom: Sbom) =>
    packagesOf([sbom]).packages.map(({ ecosystem, name, version }) => `${ecosystem} ${name} ${version}`);

  it('takes the source package and the distribution of Trivy in CycloneDX', async () => {
    const properties = [
      property('SrcName', 'openssl'),
      property('SrcVersion', '3.0.11'),
      property('SrcRelease', '1'),
      property('SrcEpoch', '2'),
      { name: 7 },
    ];
    const system = { type: 'operating-system', name: 'debian', version: '12.5' };
    const sbom = await read(cycloneDx({ components: [system, { ...libssl, properties }] }));
    expect(names(sbom)).toEqual(['Debian:12 openssl 2:3.0.11-1']);
  });

  it('takes the source package and the distribution of Trivy in SPDX', async () => {
    const system = {
      SPDXID: 'os',
      name: 'debian',
      versionInfo: '12.5',
      primaryPackagePurpose: 'OPERATING-SYSTEM',
    };
    const sourceInfo = 'built package from: openssl 3.0.11-1';
    const externalRefs = [{ referenceType: 'purl', referenceLocator: libssl.purl }];
    const sbom = await read(
      spdx2({ packages: [system, { SPDXID: 'a', name: 'libssl3', sourceInfo, externalRefs }] }),
    );
    expect(names(sbom)).toEqual(['Debian:12 openssl 3.0.11-1']);
  });

  it.each([
    [
      'CycloneDX',
      cycloneDx({ components: [{ ...libssl, properties: [{ name: 'syft:package:type', value: 'deb' }] }] }),
    ],
    [
      'SPDX',
      spdx2({
        packages: [
          {
            SPDXID: 'a',
            name: 'libssl3',
            sourceInfo: 'acquired package info from DPKG DB: /var/lib/dpkg/status.d/libssl3',
            externalRefs: [{ referenceType: 'purl', referenceLocator: libssl.purl }],
          },
        ],
      }),
    ],
  ])('knows that Syft names a source wherever it has another name, in %s', async (_format, document) => {
    expect(packagesOf([await read(document)]).unmatched).toEqual([]);
  });

  it.each([
    [
      'CycloneDX',
      cycloneDx({ components: [{ name: 'openssl', version: '1', type: 'file', cpe: 'cpe:2.3:a:x' }] }),
    ],
    [
      'SPDX',
      spdx2({
        packages: [
          {
            ...{ SPDXID: 'a', name: 'openssl', versionInfo: '1', primaryPackagePurpose: 'FILE' },
            externalRefs: [{ referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a:x' }],
          },
        ],
        relationships: [],
      }),
    ],
  ])('takes a file with a version and a CPE for a program, in %s', async (_format, document) => {
    expect(packagesOf([await read(document)]).unmatched).toMatchObject([
      { component: 'openssl 1', why: 'no-purl' },
    ]);
  });

  it("takes Syft's word that a repository is an action", async () => {
    const action = { name: 'actions/checkout', purl: 'pkg:github/actions/checkout@v4' };
    const properties = [{ name: 'syft:package:type', value: 'github-action' }];
    const sbom = await read(cycloneDx({ components: [{ ...action, properties }, action] }));
    expect(names(sbom)).toEqual(['GitHub Actions actions/checkout v4']);
    expect(packagesOf([sbom]).unmatched).toHaveLength(1);
  });
});

describe('what an SBOM says that it does not hold', () => {
  it.each<[string, unknown, readonly string[] | undefined]>([
    [
      'nothing',
      cycloneDx({ compositions: [{ aggregate: 'complete' }, { aggregate: 'unknown' }] }),
      undefined,
    ],
    [
      'an incomplete composition',
      cycloneDx({ compositions: [{ aggregate: 'incomplete_third_party_only' }] }),
      ['it says that it does not list everything (`compositions`): what it leaves out was not looked up.'],
    ],
    [
      'dependencies that it does not list',
      cycloneDx({ dependencies: [{ ref: 'shop', dependsOn: ['express', 'gone', 'urn:cdx:x/1#y'] }] }),
      ['2 dependencies are named and not listed: not looked up.'],
    ],
    [
      'services, which are no packages',
      cycloneDx({
        services: [{ 'bom-ref': 's', name: 's' }],
        dependencies: [{ ref: 'shop', dependsOn: ['s'] }],
      }),
      undefined,
    ],
    [
      'what another document lists',
      spdx2({
        relationships: [
          {
            spdxElementId: 'SPDXRef-shop',
            relationshipType: 'DEPENDS_ON',
            relatedSpdxElement: 'DocumentRef-b:SPDXRef-log4j',
          },
        ],
      }),
      [
        'it brings in what other documents list (`DocumentRef-`): not looked up, unless they are scanned as well.',
      ],
    ],
    [
      'files of a package, which are no packages',
      spdx2({
        relationships: [
          {
            spdxElementId: 'SPDXRef-shop',
            relationshipType: 'CONTAINS',
            relatedSpdxElement: 'SPDXRef-File-a',
          },
        ],
      }),
      undefined,
    ],
  ])('is told of %s', async (_what, document, expected) => {
    const sbom = await read(document);
    expect(sbom.warnings).toEqual(expected);
    expect(packagesOf([sbom]).warnings).toEqual((expected ?? []).map((text) => `sbom.json: ${text}`));
  });
});

describe('several documents in one file', () => {
  const provenance = bundle(statement({ buildDefinition: {} }, 'https://slsa.dev/provenance/v1'));
  const lines = (...documents: unknown[]) =>
    documents.map((document) => `${JSON.stringify(document)}\n`).join('');

  it.each<[string, unknown]>([
    [
      'one in a line, as `gh attestation download` writes them',
      lines(provenance, bundle(statement(spdx2()))),
    ],
    ["GitHub's list", { attestations: [{ bundle: provenance }, { bundle: bundle(statement(spdx2())) }] }],
  ])('takes the one that is an SBOM of %s', async (_what, content) => {
    expect(await read(content)).toEqual(await read(spdx2()));
  });

  it.each<[string, unknown, string]>([
    ['two SBOMs', lines(spdx2(), cycloneDx()), 'it holds 2 SBOMs, where each has to be in a file of its own'],
    ['none', lines(provenance, provenance), 'none of its 2 documents is an SBOM'],
    [
      'an SBOM that is broken',
      lines(provenance, cycloneDx({ components: 1 })),
      'components is a number, not a list',
    ],
  ])('refuses %s', async (_what, content, problem) => {
    expect((await errorOf(content)).problems).toEqual([problem]);
  });
});

const conformance = new URL(
  '../../../../shared/conformance/sbom/proton-bridge-v1.6.3.cdx.json',
  import.meta.url,
);

it.skipIf(!existsSync(conformance))('finds each package of an SBOM of cyclonedx-gomod', async () => {
  const sbom = await readSbom(conformance.pathname, 'proton-bridge.json');
  const { packages, unmatched, setAside } = packagesOf([sbom]);
  expect([packages.length, unmatched.length, setAside.length]).toEqual([201, 0, 1]);
  expect(packages.every(({ ecosystem }) => ecosystem === 'Go')).toBe(true);
  // Nothing in that SBOM needs it.
  const pathless = packages.filter(({ paths }) => paths.length === 0).map(({ name }) => name);
  expect(pathless).toEqual(['github.com/kr/pty']);
  expect(packages.map(({ name }) => name)).toContain('github.com/BurntSushi/toml');
});
