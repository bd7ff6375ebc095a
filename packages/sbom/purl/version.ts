import { orderOf } from '../versions/orders.ts';

/**
 * Whether this can be one version: GitHub's dependency graph and others put the range of a manifest where a version should be
 * (`^1.2.3`, `>= 4, < 5`, `4.*.*`, `[2.7,2.12)`), a branch (`main`), or where it comes from (`workspace:*`, `file:../x`). Asked for by such
 * a text, a database knows of nothing, which would look like a clean answer.
 */
export const isPlainVersion = (version: string): boolean =>
  /\d/.test(version) &&
  !/^[\^~<>=!([]|[*,|\s]|\)$|\]$/.test(version) &&
  !/^(?:workspace|file|link|portal|git|git\+[a-z]+|github|https?|npm|patch):/i.test(version) &&
  !/^\d+(?:\.\d+)*\.[xX](?:$|[.-])/.test(version);

/**
 * Whether two texts can be one version: equal in its ecosystem's order, or but for an epoch, a `v`, and what some writers add (`1.13.0-java`,
 * `4.1.0.Final`, `2.0.0(react@18)`). The version of an RPM has its epoch beside it in purls. A longer one that comes before the shorter is
 * a pre-release of it, and another; but for a gem's platform, which to its order is one too.
 */
export function isSameVersion(one: string, other: string, ecosystem: string): boolean {
  const order = orderOf(ecosystem);
  const areVersions = order?.isVersion(one) === true && order.isVersion(other);
  if (areVersions && order.compare(one, other) === 0) return true;
  const [short = '', long = ''] = [coreOf(one), coreOf(other)].sort((a, b) => a.length - b.length);
  if (areVersions && ecosystem !== 'RubyGems' && order.compare(long, short) < 0) return false;
  return long.startsWith(short) && /^(?:$|[^\w.]|\.[a-z])/.test(long.slice(short.length));
}

const coreOf = (version: string): string => version.toLowerCase().replace(/^(?:\d+:)?(?:v|go)?(?=\d)/, '');
