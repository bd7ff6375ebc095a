import type { Mutant } from './mutants.ts';

/** Of what was so before the change, and of what has changed since it was asked for. */
export const LEFT_MUTANTS: readonly Mutant[] = [
  {
    rule: 'synced: what is OutOfSync is left so, whatever it was before',
    file: 'excused.ts',
    from: "before(resource, look)?.sync === 'OutOfSync' &&",
    to: '',
    test: 'synced.test.ts',
  },
  {
    rule: 'synced: what was Synced since is left OutOfSync',
    file: 'excused.ts',
    from: 'look.history.resources.get(keyOf(resource))?.wasSynced !== true &&',
    to: '',
    test: 'synced.test.ts',
  },
  {
    rule: 'synced: it is OutOfSync by nothing that it lists, and left so',
    file: 'synced.ts',
    from: ' && other.length > 0',
    to: '',
    test: 'synced.test.ts',
  },
  {
    rule: 'synced: nothing is synced for what is left',
    file: 'synced.ts',
    from: 'if (willSync(look)) return false;',
    to: '',
    test: 'synced.test.ts',
  },
  {
    rule: 'synced: an unknown state is left so',
    file: 'synced.ts',
    from: "sync.status === 'OutOfSync' && other",
    to: 'other',
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
    from: 'before(resource, look)?.health === resource.health &&',
    to: '',
    test: 'healthy.test.ts',
  },
  {
    rule: 'healthy: what was Healthy since is left Degraded',
    file: 'excused.ts',
    from: 'look.history.resources.get(keyOf(resource))?.wasHealthy !== true &&',
    to: '',
    test: 'excused.test.ts',
  },
  {
    rule: 'healthy: what a Helm value goes into beside its image is nothing of the change',
    file: 'excused.ts',
    from: 'touchesNamedObjects(look) ? objectsOfChange(look) : undefined',
    to: 'objectsOfChange(look)',
    test: 'excused.test.ts',
  },
  {
    rule: 'effective: what was rendered by the spec of before counts',
    file: 'renderings.ts',
    from: 'evidence.renderedBy === undefined || hasSameSources(evidence.renderedBy, wanted)',
    to: 'true',
    test: 'renderings.test.ts',
  },
];
