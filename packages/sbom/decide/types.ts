import type { ScanReason } from '../reasons.ts';
import type { Finding, Package, Rating, Sbom, Scan, Severity, Unmatched } from '../types.ts';

export type Threshold = 'any' | 'low' | 'medium' | 'high' | 'critical' | 'none';

/** An entry of the allow-list. */
export interface Allowance {
  /** Any name of the vulnerability. */
  readonly id: string;
  /** A purl, with or without version, or the name as the ecosystem writes it; undefined: in every package. */
  readonly package?: string;
  readonly reason: string;
  /** The last day on which it holds, in UTC: `2026-12-31`. */
  readonly expires: string;
  /** Where it stands. */
  readonly file: string;
  readonly line: number;
}

/** What a statement is about: a package by its purl, a component of an SBOM by its ref, or a product by its purl, with all that is in it. */
export interface VexSubject {
  /** As it is written: a purl, or the `bom-ref` of a component. */
  readonly id: string;
  /** `urn:uuid:…` of the SBOM that a BOM-Link names. */
  readonly serial?: string;
  /** Only in these versions of it. */
  readonly versions?: readonly string[];
  /** Only these of what the product holds; empty: all of it. */
  readonly within: readonly string[];
}

/** What a VEX document says of one vulnerability in some packages. */
export interface VexStatement {
  /** Id and aliases. */
  readonly names: readonly string[];
  readonly subjects: readonly VexSubject[];
  /** It takes a finding out (`not_affected`, `fixed`, `false_positive`, `resolved`…), or says that it is real or not known yet. */
  readonly clears: boolean;
  /** The document's word: `not_affected`. */
  readonly status: string;
  /** For people: justification and detail. */
  readonly because: string;
  /** Milliseconds since the epoch; undefined where neither the statement nor its document tells. */
  readonly time?: number;
  /** Where it stands. */
  readonly file: string;
  /** `vulnerabilities[3]`. */
  readonly place: string;
}

/** The catalog of what is known to be exploited. */
export interface Exploited {
  readonly ids: ReadonlySet<string>;
  /** Of which day it is, in UTC: `2026-11-20`. */
  readonly day?: string;
  /** `fail-on-kev`. */
  readonly fails: boolean;
}

/** Probabilities by CVE id, 0 to 1. */
export interface Probabilities {
  readonly scores: ReadonlyMap<string, number>;
  /** Of which day they are, in UTC: `2026-11-20`. */
  readonly day?: string;
  /** `fail-on-epss`: this and more fails. */
  readonly failsFrom?: number;
}

export interface Settings {
  readonly threshold: Threshold;
  readonly onlyFixed: boolean;
  /** Undefined: any number. */
  readonly maxUnmatched?: number;
}

/** 0 to 10 of a vector; undefined where it is none. `cvssScorer` in `cvss.ts` gives it: the library is loaded only where there is a vector. */
export type Scorer = (rating: Rating) => number | undefined;

export interface ScanInput {
  readonly sboms: readonly Sbom[];
  readonly packages: readonly Package[];
  /** Those of the SBOMs; the source's own are in `scan`. */
  readonly unmatched: readonly Unmatched[];
  readonly scan: Scan;
  /** What the base's SBOM lists: then only what is not among it counts. */
  readonly base?: readonly Package[];
  readonly allow: readonly Allowance[];
  readonly vex: readonly VexStatement[];
  readonly kev?: Exploited;
  readonly epss?: Probabilities;
  readonly settings: Settings;
  readonly score: Scorer;
  /** The day in UTC: `2026-11-21`. */
  readonly today: string;
}

export type ScanVerdict = 'clean' | 'vulnerable' | 'could-not-scan';

/** Why a finding counts, the heaviest first. */
export type Cause = 'exploited' | 'epss' | 'severity' | 'unknown-severity';

/** A sentence about a line of a file that was given. */
export interface FileNote {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** An entry of the allow-list that has expired. */
export interface Expired extends FileNote {
  readonly line: number;
  /** What was found that it would have allowed, and nothing else takes out; none: nothing needs it. */
  readonly hides: readonly { readonly id: string; readonly name: string }[];
}

export interface ScanCounts {
  readonly packages: number;
  readonly findings: number;
  readonly blocking: number;
  /** Of the blocking ones. */
  readonly causes: Readonly<Record<Cause, number>>;
  /** Of all findings that are open. */
  readonly severities: Readonly<Record<Severity, number>>;
  readonly allowed: number;
  readonly notAffected: number;
  /** Open, and in the base's SBOM as well. */
  readonly known: number;
  /** Open and new, at the threshold or exploited, and left out by `only-fixed`. */
  readonly withoutFix: number;
  readonly unmatched: number;
}

export interface ScanDecision {
  readonly verdict: ScanVerdict;
  readonly reason: ScanReason;
  /** Every SBOM was looked up, and `maxUnmatched` kept: what was not found is not there. A verdict of `vulnerable` does not say that. */
  readonly isWhole: boolean;
  /** All of them, worst first: those that block, then open ones, then allowed, then not affected. */
  readonly findings: readonly Finding[];
  /** Why each that blocks does so; the same order as `findings`, empty where it does not block. */
  readonly causes: readonly (readonly Cause[])[];
  readonly unmatched: readonly Unmatched[];
  readonly counts: ScanCounts;
  /**
   * They fail the run whatever was found: entries that have expired, and, as a sentence without a full stop, what could not be looked up
   * where the verdict does not say it.
   */
  readonly problems: readonly (Expired | string)[];
  /** Entries that were not used, statements that met nothing, what KEV and EPSS could not tell, and the source's own. */
  readonly warnings: readonly (FileNote | string)[];
}
