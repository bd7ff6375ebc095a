import { compareDigits, compareEntries, compareText, isDigits, orderBy } from './order.ts';

const pattern =
  /^(?:(?<epoch>[0-9]+):)?(?<version>[0-9A-Za-z][0-9A-Za-z._+~^]*)(?:-(?<release>[0-9A-Za-z][0-9A-Za-z._+~^]*))?$/;

interface Version {
  readonly epoch: string;
  readonly version: readonly string[];
  readonly release: readonly string[];
}

function parse(text: string): Version | undefined {
  const groups = pattern.exec(text)?.groups;
  if (groups?.version === undefined) return undefined;
  return {
    epoch: groups.epoch ?? '',
    version: segments(groups.version),
    release: segments(groups.release ?? ''),
  };
}

/** Other characters only stand between: `1.0`, `1_0` and `1..0` are the same. */
function segments(text: string): readonly string[] {
  return text.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? [];
}

function compareSegments(a: string, b: string): number {
  const left = rank(a);
  const order = left - rank(b);
  if (order !== 0) return order;
  return left === number ? compareDigits(a, b) : compareText(a, b);
}

const number = 4;

/** `1.0~rc1` before `1.0` before `1.0^git1` before `1.0a` before `1.0.1`. */
function rank(segment: string): number {
  if (segment === '~') return 0;
  if (segment === '') return 1;
  if (segment === '^') return 2;
  return isDigits(segment) ? number : 3;
}

/**
 * Epoch, version, release, each as rpmvercmp does: https://rpm.org/docs/latest/man/rpm-version.7 (no epoch is
 * epoch 0). What has no release comes before all releases of its version, so what mends one is not in it.
 */
export const rpm = orderBy(
  parse,
  (a, b) =>
    compareDigits(a.epoch, b.epoch) ||
    compareEntries(a.version, b.version, '', compareSegments) ||
    compareEntries(a.release, b.release, '', compareSegments),
);
