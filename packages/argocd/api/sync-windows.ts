import type { Clock } from '@sluice/core/clock';
import { at, items, type Json, text } from '../json.ts';
import { type SyncWindow, type SyncWindows, sameWindow } from '../windows/sync-windows.ts';
import type { Client, Query } from './client.ts';
import type { ApplicationName } from './port.ts';

/**
 * The windows of an application, from Argo CD's own answer about them.
 * The time zone stands in the AppProject alone, which not every token may read: without it a window has none.
 */
export async function readWindows(
  client: Client,
  clock: Clock,
  { project }: ApplicationName,
  answer: Json,
): Promise<SyncWindows> {
  const assigned = items(at(answer, 'assignedWindows')).map(window);
  const zones = assigned.length === 0 ? [] : await ofProject(client, project);
  return {
    assigned: assigned.map((one) => ({ ...one, ...zoneOf(one, zones) })),
    active: items(at(answer, 'activeWindows')).map(window),
    canSync: at(answer, 'canSync') === true,
    takenAt: clock.now(),
  };
}

async function ofProject(client: Client, project: string): Promise<readonly SyncWindow[]> {
  const query: Query = {};
  const reply = await client.get(`/api/v1/projects/${encodeURIComponent(project)}`, query, { attempts: 1 });
  if (!reply.ok) return [];
  return items(at(reply.body, 'spec', 'syncWindows')).map((one) => ({
    ...window(one),
    timeZone: text(at(one, 'timeZone')) ?? '',
  }));
}

/** Of windows that are the same but for their zones nobody knows which one is meant. */
function zoneOf(one: SyncWindow, all: readonly SyncWindow[]): Pick<SyncWindow, 'timeZone'> {
  const zones = new Set(all.filter((other) => sameWindow(one, other)).map(({ timeZone }) => timeZone));
  const [timeZone] = zones;
  return zones.size === 1 && timeZone !== undefined ? { timeZone } : {};
}

const window = (value: Json): SyncWindow => ({
  kind: at(value, 'kind') === 'allow' ? 'allow' : 'deny',
  schedule: text(at(value, 'schedule')) ?? '',
  duration: text(at(value, 'duration')) ?? '',
  manualSync: at(value, 'manualSync') === true,
});
