import { describe, expect, it } from 'vitest';
import { argocdWith } from '../api/test-argocd.ts';
import { parseApplication } from '../observation.ts';
import { type Selection, together } from './select.ts';

const argocd = argocdWith();
const manifest = 'apps/pay/deployment.yaml';

/** A look that found these applications, each of which reads the given files. */
function look(found: Readonly<Record<string, readonly string[]>>, more: Partial<Selection> = {}): Selection {
  const selected = Object.entries(found).map(([name, paths]) => {
    const application = parseApplication({ metadata: { name, namespace: 'argocd' }, spec: {} });
    return {
      argocd,
      application,
      sourceIndex: 0,
      source: { repoURL: 'https://git.example/a', raw: {} },
      paths,
    };
  });
  return {
    selected,
    missing: [],
    unread: [],
    silent: [],
    warnings: [],
    notes: [],
    sentence: 'None.',
    hint: 'Look.',
    ...more,
  };
}

describe('two looks at the same change', () => {
  it('select what either holds, and what both hold as the later one has it', () => {
    const first = look({ pay: [manifest] });
    const later = look({ canary: [manifest], pay: [manifest, 'values.yaml'] });
    expect(together(first, later)).toEqual(later);
    expect(together(first, look({ canary: [manifest] }))).toEqual(
      look({ canary: [manifest], pay: [manifest] }),
    );
  });

  it('still watch what is gone, or reads the change no more', () => {
    const first = look({ pay: [manifest] });
    expect(together(first, look({}, { missing: ['pay'], unread: [manifest] }))).toEqual(first);
  });
});
