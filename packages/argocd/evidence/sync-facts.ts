import { SluiceError } from '@sluice/core/errors';
import type { Observed, SyncOrder, UnavailableAt } from '../decide/types.ts';
import type { SyncWindows } from '../windows/sync-windows.ts';
import type { Sources } from './evidence.ts';

/** The sync windows of the application. */
export const windowsOf = (sources: Sources): Promise<SyncWindows | UnavailableAt> =>
  datedOrUnavailable(sources, () => sources.argocd.syncWindows(sources.selected.application));

/** Who syncs what an ApplicationSet generates. */
export const orderOf = ({ application }: Observed, sources: Sources): Promise<SyncOrder | UnavailableAt> =>
  datedOrUnavailable(sources, async () => {
    const owner = application.applicationSet ?? '';
    return {
      ...(await sources.argocd.syncOrder(sources.selected.application, owner)),
      takenAt: sources.clock.now(),
    };
  });

/** What explains a sync ends no wait where it cannot be had; and it is not asked for with each look. */
async function datedOrUnavailable<T>({ clock }: Sources, ask: () => Promise<T>): Promise<T | UnavailableAt> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code === 'argocd-token') throw error;
    if (error.kind !== 'platform' && error.kind !== 'permission') throw error;
    const denied = error.code === 'argocd-permission';
    return { unavailable: error.message, takenAt: clock.now(), ...(denied && { denied }) };
  }
}
