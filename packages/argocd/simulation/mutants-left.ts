import type { Mutant } from './mutants.ts';

/** Of what was so before the change, and of what has changed since it was asked for. */
export const LEFT_MUTANTS: readonly Mutant[] = [
  {
    rule: 'synced: what is OutOfSync is left so, whatever it was before',
    file: 'excused.ts',
    from: "look.baseline.unwell.some((one) => keyOf(one) === keyOf(resource) && one.sync === 'OutOfSync') &&",
    to: '',
    test: 'synced.test.ts',
  },
  {
    rule: 'synced: an unknown state is left so',
    file: 'synced.ts',
    from: "sync.status === 'OutOfSync' && other.length",
    to: 'other.length',
    test: 'synced.test.ts',
  },
  {
    rule: 'healthy: what is of the change is left Degraded as it was before',
    file: 'excused.ts',
    from: 'ours !== undefined && !ours.some((key) => isSameObject(key, resource))',
    to: 'true',
    test: 'healthy.test.ts',
  },
  {
    rule: 'healthy: all that is Degraded is left so',
    file: 'excused.ts',
    from: "history.resources.get(keyOf(resource))?.recovered !== true &&\n  baseline.unwell.some((one) => keyOf(one) === keyOf(resource) && one.health === 'Degraded')",
    to: 'true',
    test: 'healthy.test.ts',
  },
  {
    rule: 'effective: what was rendered by the spec of before counts',
    file: 'renderings.ts',
    from: 'evidence.renderedBy === undefined || hasSameSources(evidence.renderedBy, wanted)',
    to: 'true',
    test: 'renderings.test.ts',
  },
];
