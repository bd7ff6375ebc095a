/**
 * Which relationship means that one package brings in another, and which way round. SPDX 2.3, table 68
 * (https://spdx.github.io/spdx-spec/v2.3/relationships-between-SPDX-elements/), and the `RelationshipType` of SPDX 3.0, whose names
 * are the same but for case and underscores. `true`: the one that it stands at needs the other; `false`: the other needs it.
 */
const NEEDS: ReadonlyMap<string, boolean> = new Map([
  ['dependson', true],
  ['contains', true],
  ['hasprerequisite', true],
  ['dynamiclink', true],
  ['staticlink', true],
  ['hasdynamiclink', true],
  ['hasstaticlink', true],
  ['hasoptionaldependency', true],
  ['hasprovideddependency', true],
  ['hasoptionalcomponent', true],
  ['dependencyof', false],
  ['builddependencyof', false],
  ['devdependencyof', false],
  ['optionaldependencyof', false],
  ['provideddependencyof', false],
  ['runtimedependencyof', false],
  ['testdependencyof', false],
  ['prerequisitefor', false],
  ['containedby', false],
  ['packageof', false],
  ['optionalcomponentof', false],
]);

/** Undefined: it says nothing of who brings in whom. */
export const needsOther = (type: string): boolean | undefined => NEEDS.get(plain(type));
export const describes = (type: string): boolean => plain(type) === 'describes';
export const describedBy = (type: string): boolean => plain(type) === 'describedby';

const plain = (type: string): string => type.replaceAll('_', '').toLowerCase();
