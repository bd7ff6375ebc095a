import type { Repository } from './types.ts';

/** How long a read shows what was before a write: so many reads, so many milliseconds, or until the later of both. */
export interface LagRule {
  readonly reads?: number;
  readonly ms?: number;
}

/** Where reads come late. GitHub answers from replicas: what an API has written, another read may not see at once. */
export interface LagRules {
  /** What Git lists and fetches of a ref that the API moved. */
  readonly git?: LagRule;
  /** The same in REST: refs, branches, heads of pull requests. */
  readonly rest?: LagRule;
  /** A new pull request in lists. */
  readonly pulls?: LagRule;
}

type Side = keyof LagRules;

interface Stale {
  readonly old: string | undefined;
  readonly at: number;
  reads: number;
}

export interface Lags {
  /** Empty at the start: every read sees every write. */
  rules: LagRules;
  /** The API moved a ref, from `old` (undefined: it is new). */
  moved(repository: Repository, ref: string, old: string | undefined): void;
  /** What a read of a ref sees, which stands at `sha`. Counts as a read. */
  seen(
    side: 'git' | 'rest',
    repository: Repository,
    ref: string,
    sha: string | undefined,
  ): string | undefined;
  /** A pull request was opened. */
  opened(repository: Repository, number: number): void;
  /** Whether a list lacks a pull request. Counts as a read. */
  hides(repository: Repository, number: number): boolean;
}

/** The lag of one stand-in's reads. */
export function createLags(now: () => number): Lags {
  const stale = new Map<string, Stale>();
  const begin = (side: Side, name: string, old: string | undefined): void => {
    if (lags.rules[side] === undefined) return;
    const known = stale.get(`${side} ${name}`); // moved again before anybody saw it
    stale.set(`${side} ${name}`, { old: known === undefined ? old : known.old, at: now(), reads: 0 });
  };
  const isStale = (side: Side, name: string): Stale | undefined => {
    const one = stale.get(`${side} ${name}`);
    const rule = lags.rules[side];
    if (one === undefined || rule === undefined) return undefined;
    one.reads += 1;
    if (one.reads <= (rule.reads ?? 0) || now() < one.at + (rule.ms ?? 0)) return one;
    stale.delete(`${side} ${name}`);
    return undefined;
  };
  const lags: Lags = {
    rules: {},
    moved(repository, ref, old) {
      begin('git', `${repository.dir} ${ref}`, old);
      begin('rest', `${repository.dir} ${ref}`, old);
    },
    seen(side, repository, ref, sha) {
      const one = isStale(side, `${repository.dir} ${ref}`);
      return one === undefined ? sha : one.old;
    },
    opened: (repository, number) => begin('pulls', `${repository.dir} ${number}`, undefined),
    hides: (repository, number) => isStale('pulls', `${repository.dir} ${number}`) !== undefined,
  };
  return lags;
}
