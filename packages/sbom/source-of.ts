import { join, relative } from 'node:path';
import type { World } from '@sluice/core/run';
import type { ScanInputs } from './inputs.ts';
import type { Source } from './types.ts';

/** Where the inputs say that vulnerabilities are looked up. Only that one is loaded. */
export async function sourceOf(
  inputs: Pick<ScanInputs, 'source' | 'database' | 'osv-url'>,
  world: World,
  root: string,
): Promise<Source> {
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
      return (await import('./database/open.ts')).openDatabase(
        // As sentences show it: the runner starts an action in the workspace.
        relative('', join(root, inputs.database ?? '')) || '.',
      );
    case 'osv-scanner':
      return (await import('./sources/osv-scanner.ts')).osvScannerSource(scannerPorts(world));
    case 'grype':
      return (await import('./sources/grype.ts')).grypeSource(scannerPorts(world));
    case 'trivy':
      return (await import('./sources/trivy.ts')).trivySource(scannerPorts(world));
  }
}

const scannerPorts = ({ exec, env, log, signal, context: { tempDir } }: World) => ({
  ...{ exec, env, log, signal, tempDir },
});
