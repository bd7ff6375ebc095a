import type { WatchInputs } from '../inputs.ts';
import type { Choice } from './candidates.ts';

/** What the inputs say of which applications to watch; `key` is that of annotations, where those select. */
export function choiceOf(
  { applications, selector }: Pick<WatchInputs, 'applications' | 'selector'>,
  key?: { readonly project: string; readonly environment: string; readonly tenant: string },
): Choice {
  if (applications.length > 0) return { type: 'names', names: applications };
  if (selector !== '') return { type: 'selector', selector };
  return key === undefined || key.project === '' ? { type: 'touched' } : { type: 'annotated', key };
}
