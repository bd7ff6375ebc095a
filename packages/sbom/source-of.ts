import { join } from 'node:path';
import type { World } from '@sluice/core/run';
import type { ScanInputs } from './inputs.ts';
import type { Source } from './types.ts';

/** Where the inputs say that vulnerabilities are looked up. Only that one is loaded. */
export async function sourceOf(inputs: ScanInputs, world: World, root: string): Promise<Source> {
  const { clock, fetch, log, signal } = world;
  switch (inputs.source) {
    case 'osv':
      return (await import('./sources/osv.ts')).osvSource({
        url: inputs['osv-url'],
        clock,
        fetch,
        log,
        signal,
      });
    case 'database':
      return (await import('./database/open.ts')).openDatabase(join(root, inputs.database ?? ''));
    default:
      throw new Error(`no source ${inputs.source}`);
  }
}
