import { WRAPPERS } from './envelope.ts';
import { SECTIONS } from './reader.ts';

/** The names whose values are read, in all formats and what they are wrapped in; of anything else nothing is held. */
export const KEPT: ReadonlySet<string> = new Set([
  ...SECTIONS,
  ...WRAPPERS,
  ...['payload', 'payloadType', 'predicateType'],
  ...[
    'bomFormat',
    'specVersion',
    'serialNumber',
    'metadata',
    'component',
    'bom-ref',
    'group',
    'name',
    'version',
  ],
  ...[
    'purl',
    'cpe',
    'compositions',
    'services',
    'aggregate',
    'type',
    'properties',
    'value',
    'ref',
    'dependsOn',
  ],
  ...['spdxVersion', 'SPDXID', 'versionInfo', 'primaryPackagePurpose', 'sourceInfo', 'externalRefs'],
  ...['attributionTexts', 'annotations', 'comment'],
  ...['referenceType', 'referenceLocator', 'spdxElementId', 'relationshipType', 'relatedSpdxElement'],
  ...['@context', '@type', '@id', 'spdxId', 'rootElement', 'externalIdentifier', 'externalIdentifierType'],
  ...[
    'identifier',
    'element',
    'subject',
    'security_assessedElement',
    'from',
    'to',
    'software_packageVersion',
    'software_packageUrl',
    'software_primaryPurpose',
  ],
]);
