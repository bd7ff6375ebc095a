import type { ImageContents } from './packages.ts';

/** A CycloneDX document of what was read of an image; what holds packages and is not read is in it too, without a purl, and so is counted. */
export function cycloneDx(name: string, { packages, unread }: ImageContents): string {
  const components = [
    ...packages.map(({ name, version, purl }) => ({ type: 'library', 'bom-ref': purl, name, version, purl })),
    ...unread.map((path) => ({ type: 'library', 'bom-ref': path, name: path })),
  ];
  return `${JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'container', 'bom-ref': 'image', name } },
    components,
    dependencies: [{ ref: 'image', dependsOn: components.map((one) => one['bom-ref']) }],
  })}\n`;
}
