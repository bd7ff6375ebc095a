import { go } from './go.ts';
import type { Order } from './order.ts';
import { semver } from './semver.ts';

export type { Order } from './order.ts';

/* Ecosystems by https://ossf.github.io/osv-schema/#defined-ecosystems, without what follows the first colon. */
const orders: ReadonlyMap<string, Order> = new Map([
  ['crates.io', semver],
  ['GitHub Actions', semver],
  ['Go', go],
  ['Hex', semver],
  ['npm', semver],
  ['SwiftURL', semver],
]);

/** The order of an ecosystem's versions as OSV names it (`npm`, `Debian:12`); `undefined` where it is not known here. */
export function orderOf(ecosystem: string): Order | undefined {
  const colon = ecosystem.indexOf(':');
  return orders.get(colon < 0 ? ecosystem : ecosystem.slice(0, colon));
}
