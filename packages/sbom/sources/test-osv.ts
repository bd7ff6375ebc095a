import type { Clock } from '@sluice/core/clock';
import { silentLog } from '@sluice/core/log';
import { plainFetch } from '@sluice/core/plain-fetch';
import {
  type Lies,
  type OsvOptions,
  type OsvRecord,
  type OsvStandIn,
  startOsv,
} from '@sluice/testbed/osv/start';
import { afterEach, expect } from 'vitest';
import type { Package } from '../types.ts';
import { osvSource } from './osv.ts';

export const modified = '2026-01-02T03:04:05Z';

export function goPackage(name: string, version: string, more: Partial<Package> = {}): Package {
  return {
    ...{ ecosystem: 'Go', name, version, paths: [], files: ['a.cdx.json'] },
    purl: `pkg:golang/${name}@${version}`,
    ...more,
  };
}

export function record(id: string, name: string, more: object = {}): OsvRecord {
  const events = [{ introduced: '0' }, { fixed: '1.4.0' }];
  const affected = [{ package: { ecosystem: 'Go', name }, ranges: [{ type: 'SEMVER', events }] }];
  return { id, modified, summary: `${id} of ${name}`, affected, ...more };
}

export let osv: OsvStandIn;
afterEach(() => osv.close());

/** Scans by a stand-in, and by a clock that does not wait. */
export async function stage(options: OsvOptions, lies: Lies = {}) {
  osv = await startOsv(options);
  Object.assign(osv.lies, lies);
  const pauses: number[] = [];
  const clock: Clock = { now: Date.now, sleep: async (ms) => void pauses.push(ms) };
  const source = osvSource({ url: osv.url, fetch: plainFetch, clock, log: silentLog });
  return { scan: (...packages: Package[]) => source(packages), source, pauses };
}

export const found = ({ matches }: Awaited<ReturnType<Awaited<ReturnType<typeof stage>>['source']>>) =>
  matches.map(({ package: { name, version }, advisory, fixed }) => [name, version, advisory.id, ...fixed]);

export const failure = (code: string, message: RegExp) => ({
  kind: 'platform',
  ...{ code, message: expect.stringMatching(message) },
});
