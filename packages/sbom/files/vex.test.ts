import { describe, expect, test } from 'vitest';
import { parseVex } from './vex.ts';

const parse = (document: unknown) => parseVex(JSON.stringify(document), 'vex.json');
const problems = (document: unknown) => parse(document).problems.map(({ message }) => message);
const NOON = Date.parse('2026-11-01T12:00:00Z');

const openVex = (statement: object, rest: object = {}) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.com/vex-1',
  author: 'team@example.com',
  timestamp: '2026-11-01T12:00:00Z',
  version: 1,
  statements: [
    {
      vulnerability: { name: 'CVE-2026-0001', aliases: ['GHSA-aaaa-bbbb-cccc'] },
      products: [{ '@id': 'pkg:npm/lodash@4.17.0' }],
      status: 'not_affected',
      justification: 'vulnerable_code_not_present',
      ...statement,
    },
  ],
  ...rest,
});
const cycloneDx = (vulnerability: object, rest: object = {}) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { timestamp: '2026-11-01T12:00:00Z' },
  vulnerabilities: [
    {
      id: 'CVE-2026-0001',
      analysis: { state: 'not_affected', justification: 'code_not_reachable', detail: 'not called' },
      affects: [{ ref: 'pkg:npm/lodash@4.17.0' }],
      ...vulnerability,
    },
  ],
  ...rest,
});

describe('OpenVEX', () => {
  test('a statement has its names, products, reason and time', () => {
    expect(parse(openVex({ impact_statement: 'built without it' }))).toEqual({
      problems: [],
      value: [
        {
          names: ['CVE-2026-0001', 'GHSA-aaaa-bbbb-cccc'],
          subjects: [{ id: 'pkg:npm/lodash@4.17.0', within: [] }],
          clears: true,
          status: 'not_affected',
          because: 'vulnerable_code_not_present: built without it',
          time: NOON,
          file: 'vex.json',
          place: 'statements[0]',
        },
      ],
    });
  });
  test.each([
    ['not_affected', true],
    ['fixed', true],
    ['affected', false],
    ['under_investigation', false],
  ])('%s clears: %s', (status, clears) =>
    expect(parse(openVex({ status })).value).toMatchObject([{ clears }]));

  test.each<[string, object, readonly object[]]>([
    [
      'the purl of the identifiers before the id',
      { products: [{ '@id': 'https://example.com/lodash', identifiers: { purl: 'pkg:npm/lodash' } }] },
      [{ id: 'pkg:npm/lodash', within: [] }],
    ],
    [
      'subcomponents of the product',
      {
        products: [
          {
            '@id': 'pkg:oci/shop',
            subcomponents: [{ '@id': 'pkg:npm/lodash' }, { identifiers: { purl: 'pkg:npm/qs' } }],
          },
        ],
      },
      [{ id: 'pkg:oci/shop', within: ['pkg:npm/lodash', 'pkg:npm/qs'] }],
    ],
    [
      'texts, as in the first version',
      { products: ['pkg:oci/shop'], subcomponents: ['pkg:npm/lodash'] },
      [{ id: 'pkg:oci/shop', within: ['pkg:npm/lodash'] }],
    ],
    [
      'a product with nothing but a hash names nothing here',
      { products: [{ hashes: { 'sha-256': 'aa' } }] },
      [],
    ],
    [
      'subcomponents with nothing but a hash narrow it to nothing',
      { products: [{ '@id': 'pkg:oci/shop', subcomponents: [{ hashes: { 'sha-256': 'aa' } }] }] },
      [],
    ],
    ['no product', { products: undefined }, []],
  ])('products: %s', (_, statement, subjects) => {
    expect(parse(openVex(statement))).toMatchObject({ problems: [], value: [{ subjects }] });
  });

  test('the first version names the vulnerability by a text', () =>
    expect(parse(openVex({ vulnerability: 'CVE-2026-0009' })).value).toMatchObject([
      { names: ['CVE-2026-0009'] },
    ]));
  test('its last update is its time, then its own, then that of the document', () => {
    const time = (statement: object, rest = {}) => parse(openVex(statement, rest)).value[0]?.time;
    const [own, updated] = ['2026-11-02T12:00:00Z', '2026-11-03T12:00:00Z'];
    expect(time({ timestamp: own, last_updated: updated })).toBe(Date.parse(updated));
    expect(time({ timestamp: own })).toBe(Date.parse(own));
    expect(time({}, { last_updated: updated })).toBe(NOON);
    expect(time({}, { timestamp: undefined })).toBeUndefined();
  });

  test.each<[object, string]>([
    [
      { status: 'harmless' },
      '`statements[0].status` is none of not_affected, fixed, affected, under_investigation',
    ],
    [
      { status: 'constructor' },
      '`statements[0].status` is none of not_affected, fixed, affected, under_investigation',
    ],
    [{ status: undefined }, '`statements[0].status` is missing'],
    [
      { justification: undefined },
      '`statements[0]` says `not_affected` with neither `justification` nor `impact_statement`',
    ],
    [{ justification: 7 }, '`statements[0].justification` is a number, not a text'],
    [{ vulnerability: undefined }, '`statements[0].vulnerability` is missing'],
    [{ vulnerability: {} }, '`statements[0].vulnerability.name` is missing'],
    [
      { vulnerability: { name: 'A-1', aliases: 'B-1' } },
      '`statements[0].vulnerability.aliases` is a text, not a list',
    ],
    [{ products: 'pkg:npm/x' }, '`statements[0].products` is a text, not a list'],
    [{ products: [null] }, '`statements[0].products[0]` is null, not an object'],
    [{ timestamp: 'yesterday' }, '`statements[0].timestamp` is no time'],
  ])('a broken statement is a problem with its place: %j', (statement, problem) =>
    expect(problems(openVex(statement))).toContain(problem));
});

describe('CycloneDX', () => {
  test('a vulnerability with an analysis has its names, components, reason and time', () => {
    const references = [{ id: 'GHSA-aaaa-bbbb-cccc', source: { name: 'GitHub' } }];
    expect(parse(cycloneDx({ references }))).toEqual({
      problems: [],
      value: [
        {
          names: ['CVE-2026-0001', 'GHSA-aaaa-bbbb-cccc'],
          subjects: [{ id: 'pkg:npm/lodash@4.17.0', within: [] }],
          clears: true,
          status: 'not_affected',
          because: 'code_not_reachable: not called',
          time: NOON,
          file: 'vex.json',
          place: 'vulnerabilities[0]',
        },
      ],
    });
  });
  test.each([
    ['resolved', true],
    ['resolved_with_pedigree', true],
    ['false_positive', true],
    ['not_affected', true],
    ['exploitable', false],
    ['in_triage', false],
  ])('%s clears: %s', (state, clears) =>
    expect(parse(cycloneDx({ analysis: { state } })).value).toMatchObject([{ clears, status: state }]));
  test('without an analysis it says nothing', () =>
    expect(parse(cycloneDx({ analysis: undefined }))).toEqual({ problems: [], value: [] }));
  test('an empty list says nothing', () =>
    expect(parse(cycloneDx({}, { vulnerabilities: [] }))).toEqual({ problems: [], value: [] }));

  const nested = {
    serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
    version: 2,
    metadata: { component: { 'bom-ref': 'root', name: 'shop', purl: 'pkg:npm/shop@1.0.0' } },
    components: [
      { 'bom-ref': 'a', name: 'a', components: [{ 'bom-ref': 'b', name: 'b', purl: 'pkg:npm/b@1.0.0' }] },
      { 'bom-ref': 'pkg:npm/c@1', name: 'c', purl: 'pkg:npm/c@1.0.0' },
    ],
  };
  const SERIAL = '3e671687-395b-41f5-a30f-a58921a69b79/2';
  test.each<[string, object, readonly object[]]>([
    ['root', nested, [{ id: 'pkg:npm/shop@1.0.0', within: [] }]],
    ['b', nested, [{ id: 'pkg:npm/b@1.0.0', within: [] }]],
    ['pkg:npm/c@1', nested, [{ id: 'pkg:npm/c@1.0.0', within: [] }]],
    ['a', nested, [{ id: 'a', serial: SERIAL, within: [] }]],
    ['a', {}, []],
    ['urn:cdx:3e671687/1#pkg:npm/x@1', nested, [{ id: 'pkg:npm/x@1', serial: '3e671687/1', within: [] }]],
    [
      'urn:cdx:3e671687/1#pkg%3Anpm/x%401',
      {},
      [
        { id: 'pkg%3Anpm/x%401', serial: '3e671687/1', within: [] },
        { id: 'pkg:npm/x@1', serial: '3e671687/1', within: [] },
      ],
    ],
    ['urn:cdx:3e671687/1#100%', {}, [{ id: '100%', serial: '3e671687/1', within: [] }]],
  ])('the ref %s is what this document, or the one of the link, calls so', (ref, rest, subjects) => {
    expect(parse(cycloneDx({ affects: [{ ref }] }, rest)).value).toMatchObject([{ subjects }]);
    expect(parse(cycloneDx({ affects: [{ ref }] }, rest)).value[0]?.subjects).toHaveLength(subjects.length);
  });

  test('versions narrow what is cleared: only those that are called unaffected; a range clears none', () => {
    const versions = [
      { version: '1.0' },
      { version: '1.1', status: 'unaffected' },
      { version: '1.2', status: 'affected' },
      { version: '1.3', status: 'unknown' },
      { range: 'vers:npm/>=2', status: 'unaffected' },
    ];
    const affects = [{ ref: 'pkg:npm/x', versions }];
    expect(parse(cycloneDx({ affects })).value).toMatchObject([{ subjects: [{ versions: ['1.1'] }] }]);
    const [exploitable] = parse(cycloneDx({ affects, analysis: { state: 'exploitable' } })).value;
    expect(exploitable?.subjects[0]).not.toHaveProperty('versions');
  });
  test('the last update of the analysis is its time, then its first issue, then that of the document', () => {
    const time = (analysis: object) =>
      parse(cycloneDx({ analysis: { state: 'in_triage', ...analysis }, updated: '2026-11-09T12:00:00Z' }))
        .value[0]?.time;
    const [first, last] = ['2026-11-02T12:00:00Z', '2026-11-03T12:00:00Z'];
    expect(time({ firstIssued: first, lastUpdated: last })).toBe(Date.parse(last));
    expect(time({ firstIssued: first })).toBe(Date.parse(first));
    expect(time({})).toBe(NOON);
  });

  test.each<[object, string]>([
    [{ id: undefined }, '`vulnerabilities[0].id` is missing'],
    [{ analysis: {} }, '`vulnerabilities[0].analysis.state` is missing'],
    [{ analysis: 'not_affected' }, '`vulnerabilities[0].analysis.state` is missing'],
    [
      { analysis: { state: 'harmless' } },
      '`vulnerabilities[0].analysis.state` is none of resolved, resolved_with_pedigree, false_positive, not_affected, exploitable, in_triage',
    ],
    [{ affects: {} }, '`vulnerabilities[0].affects` is an object, not a list'],
    [{ affects: [{}] }, '`vulnerabilities[0].affects[0].ref` is missing'],
    [{ affects: [null] }, '`vulnerabilities[0].affects[0].ref` is missing'],
  ])('a broken vulnerability is a problem with its place: %j', (vulnerability, problem) =>
    expect(problems(cycloneDx(vulnerability))).toEqual([problem]));

  test('100,000 levels of components are read', () => {
    const components = `${'{"components":['.repeat(100_000)}{"bom-ref":"b","purl":"pkg:npm/b@1"}${']}'.repeat(100_000)}`;
    const text = `{"bomFormat":"CycloneDX","components":[${components}],"vulnerabilities":[{"id":"A-1","analysis":{"state":"resolved"},"affects":[{"ref":"b"}]}]}`;
    expect(parseVex(text, 'vex.json').value).toMatchObject([{ subjects: [{ id: 'pkg:npm/b@1' }] }]);
  });
});

describe('an attestation', () => {
  const statement = (predicate: unknown) => ({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://openvex.dev/ns/v0.2.0',
    subject: [],
    predicate,
  });
  const envelope = (payload: unknown) => ({
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(JSON.stringify(payload)).toString('base64'),
    signatures: [],
  });
  const bundle = (dsseEnvelope: unknown) => ({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    dsseEnvelope,
  });
  test.each<[string, unknown]>([
    ['a statement', statement(openVex({}))],
    ['an envelope', envelope(statement(openVex({})))],
    ['a bundle', bundle(envelope(statement(openVex({}))))],
    ['a statement about CycloneDX', envelope(statement(cycloneDx({})))],
  ])('as %s is read', (_, document) => {
    expect(parse(document)).toMatchObject({
      problems: [],
      value: [{ names: expect.arrayContaining(['CVE-2026-0001']), clears: true }],
    });
  });
  test.each<[string, unknown, string]>([
    ['no predicate', statement(undefined), '`predicate` is missing, or not an object'],
    ['another predicate', statement({}), 'this is neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)'],
    ['a payload that is no JSON', { ...envelope({}), payload: 'AAAA' }, 'this is not JSON'],
    ['another payload', envelope({}), 'this is neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)'],
  ])('with %s is a problem', (_, document, problem) => expect(problems(document)).toEqual([problem]));
});

test.each<[string, unknown, string, string]>([
  ['a status', openVex({}), '"status":', '"status":"affected","status":'],
  ['a state', cycloneDx({}), '"state":', '"state":"exploitable","state":'],
  ['by an escape', openVex({}), '"status":', '"\\u0073tatus":"affected","status":'],
])('a document that says %s twice is broken: who knows which of the two counts', (_, document, one, twice) => {
  const text = JSON.stringify(document).replace(one, twice);
  expect(parseVex(text, 'vex.json')).toMatchObject({
    value: [],
    problems: [{ file: 'vex.json', message: expect.stringMatching(/^it has `stat(?:us|e)` twice$/) }],
  });
});

test('a reason is as long as people read', () => {
  const [read] = parse(openVex({ impact_statement: 'x'.repeat(100_000) })).value;
  expect(read?.because).toHaveLength(1001);
});

describe('what is no VEX document is a problem', () => {
  test.each([
    ['', 'this is not JSON'],
    ['{"a": 1', 'this is not JSON'],
    ['[]', 'this is a list, not an object'],
    ['null', 'this is null, not an object'],
    ['{}', 'this is neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)'],
    [
      '{"@context": "https://example.com"}',
      'this is neither OpenVEX (`@context`) nor CycloneDX (`bomFormat`)',
    ],
    ['{"@context": "https://openvex.dev/ns/v0.2.0"}', '`statements` is missing'],
    ['{"bomFormat": "CycloneDX"}', '`vulnerabilities` is missing'],
    ['{"bomFormat": "CycloneDX", "vulnerabilities": {}}', '`vulnerabilities` is an object, not a list'],
    ['{"bomFormat": "CycloneDX", "vulnerabilities": [7]}', '`vulnerabilities[0]` is a number, not an object'],
  ])('%j', (text, message) =>
    expect(parseVex(text, 'vex.json').problems).toMatchObject([{ file: 'vex.json', message }]));
  test('JSON that breaks off has its line', () =>
    expect(parseVex('{\n"a": 1\n"b": 2}', 'vex.json').problems).toMatchObject([{ line: 3 }]));
});
