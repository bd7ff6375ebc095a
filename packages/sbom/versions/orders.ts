import { alpine } from './alpine.ts';
import { bitnami } from './bitnami.ts';
import { debian } from './debian.ts';
import { go } from './go.ts';
import { maven } from './maven.ts';
import { cran, hackage } from './number-lists.ts';
import type { Order } from './order.ts';
import { packagist } from './packagist.ts';
import { pypi } from './pypi.ts';
import { rpm } from './rpm.ts';
import { rubygems } from './rubygems.ts';
import { actions, nuget, semver, semverWithBuild } from './semver.ts';

export type { Order } from './order.ts';

/* Ecosystems by https://ossf.github.io/osv-schema/#defined-ecosystems, without what follows the first colon. */
const orders: ReadonlyMap<string, Order> = new Map([
  ['AlmaLinux', rpm],
  ['Alpaquita', alpine],
  ['Alpine', alpine],
  ['BellSoft Hardened Containers', alpine],
  ['Bioconductor', semver],
  ['Bitnami', bitnami],
  ['Chainguard', alpine],
  ['CRAN', cran],
  ['crates.io', semver],
  ['Debian', debian],
  ['GHC', semver],
  ['GitHub Actions', actions],
  ['Go', go],
  ['Hackage', hackage],
  ['Hex', semver],
  ['Julia', semverWithBuild],
  ['Mageia', rpm],
  ['Maven', maven],
  ['MinimOS', alpine],
  ['npm', semver],
  ['NuGet', nuget],
  ['openEuler', rpm],
  ['openSUSE', rpm],
  ['Packagist', packagist],
  ['Photon OS', rpm],
  ['Pub', semverWithBuild],
  ['PyPI', pypi],
  ['Red Hat', rpm],
  ['Rocky Linux', rpm],
  ['RubyGems', rubygems],
  ['SUSE', rpm],
  ['SwiftURL', semver],
  ['Ubuntu', debian],
  ['Wolfi', alpine],
]);

/** The order of an ecosystem's versions as OSV names it (`npm`, `Debian:12`); `undefined` where it is not known here. */
export function orderOf(ecosystem: string): Order | undefined {
  const colon = ecosystem.indexOf(':');
  return orders.get(colon < 0 ? ecosystem : ecosystem.slice(0, colon));
}
