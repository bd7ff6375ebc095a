import { packagesOf } from './packages.ts';
import type { Component, Sbom } from './types.ts';

export const sbomOf = (components: readonly Partial<Component>[], more: Partial<Sbom> = {}): Sbom => ({
  file: 'sbom.json',
  format: 'CycloneDX 1.6',
  components: components.map((component, index) => ({ ref: String(index), name: 'x', ...component })),
  dependsOn: new Map(),
  roots: [],
  ...more,
});

export const packages = (...components: Partial<Component>[]) => packagesOf([sbomOf(components)]).packages;
export const short = (component: Partial<Component>) =>
  packages(component).map(({ ecosystem, name, version }) => `${ecosystem} | ${name} | ${version}`);
