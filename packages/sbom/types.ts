/** A component as an SBOM lists it, of whatever format. */
export interface Component {
  /** `bom-ref` or `SPDXID`; made up where there is none. Unique in its SBOM. */
  readonly ref: string;
  readonly name: string;
  readonly version?: string;
  /** As it is written. */
  readonly purl?: string;
  /** Of CycloneDX; of SPDX what its purpose says: a file or the application itself is no package. */
  readonly type?: string;
  /** It is what the SBOM describes, and not among those that it lists. */
  readonly isSubject?: boolean;
  /** The source package that it was built from, where its writer says so beside the purl. */
  readonly source?: { readonly name: string; readonly version?: string };
  /** It has a CPE: it is known somewhere as a product. */
  readonly hasCpe?: true;
  /** Its writer names the source of a package wherever that has another name. */
  readonly saysSource?: true;
  /** What its writer takes it for, where the purl does not tell: `github-action` (Syft), `lang-pkgs` for a lock file (Trivy). */
  readonly kind?: string;
  /** Others are written inside of it: of CycloneDX, `components`. */
  readonly holdsOthers?: boolean;
}

/** A component and all who bring it in. */
export interface Sbom {
  /** As the input names it. */
  readonly file: string;
  /** `CycloneDX 1.6`. */
  readonly format: string;
  /** Of CycloneDX, what a BOM-Link to it has between `urn:cdx:` and `#`: `3e671687-395b-41f5-a30f-a58921a69b79/1`. */
  readonly serial?: string;
  /** What it describes, for people: `proton-bridge v1.6.3`. */
  readonly subject?: string;
  readonly components: readonly Component[];
  /** Who depends on whom, by `ref`: for each the refs of those that it needs. */
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
  /** The refs of what it describes. */
  readonly roots: readonly string[];
  /** What it does not hold by its own word, as sentences without its name: `it says …`. */
  readonly warnings?: readonly string[];
}

/** A component that can be matched. */
export interface Package {
  /** The canonical purl without qualifiers that do not name the package. */
  readonly purl: string;
  /** As OSV calls it: `Go`, `npm`, `Maven`, `Debian:12`. */
  readonly ecosystem: string;
  /** As its ecosystem writes it: `@scope/name`, `group:artifact`, `github.com/acme/x`. */
  readonly name: string;
  readonly version: string;
  /** From a root to it, the shortest first, by what people read: `shop`, `express@4.17.1`, `qs@6.7.0`. A few; empty where the SBOM does not tell. */
  readonly paths: readonly (readonly string[])[];
  /** The files of the SBOMs that list it. */
  readonly files: readonly string[];
}

/** What stands in the way of an answer for one component. */
export interface Unmatched {
  /** `name version` or the purl, as it is written. */
  readonly component: string;
  readonly why:
    | 'no-purl'
    | 'bad-purl'
    | 'no-version'
    | 'unknown-ecosystem'
    /** The version is none of its ecosystem, or the order of that is not known here. */
    | 'no-order'
    /** It was looked up, by its own name: its distribution's advisories name sources, and the SBOM none. */
    | 'no-source';
  readonly file: string;
}

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'none' | 'unknown';

/** A score as it came: its vector, or a word. */
export interface Rating {
  readonly type: 'CVSS_V2' | 'CVSS_V3' | 'CVSS_V4' | 'word';
  readonly value: string;
}

/** A known vulnerability, of whatever source. */
export interface Advisory {
  readonly id: string;
  readonly aliases: readonly string[];
  /**
   * All vulnerabilities that a distribution's advisory is about, by their CVE ids: for what is exploited, and as names beside.
   * Never as aliases: what is said of one of them is not said of the advisory.
   */
  readonly upstream?: readonly string[];
  readonly summary: string;
  readonly ratings: readonly Rating[];
  readonly url?: string;
}

/** A package that an advisory says is affected. */
export interface Match {
  readonly package: Package;
  readonly advisory: Advisory;
  /** The versions in which it is mended, the lowest first; empty where there is none. */
  readonly fixed: readonly string[];
}

/** What a source has answered: of every package that is not among the unmatched it was asked, and has answered. */
export interface Scan {
  readonly matches: readonly Match[];
  /** To be shown. */
  readonly unmatched: readonly Unmatched[];
  /** The packages of `unmatched`: several may have one purl, so that what is shown does not tell which were answered. */
  readonly unanswered: readonly Package[];
  /** For people: `OSV database of 2026-08-21, 1,203 records`. */
  readonly source: string;
  /** Of which day the newest of what it knows is, in UTC: `2026-08-21`; undefined where that is today, or not told. */
  readonly day?: string;
  /** What makes it weaker than it looks. */
  readonly warnings: readonly string[];
}

/** Where matches come from. Throws a SluiceError of kind `platform` where it could not tell of every package: never an empty answer instead. */
export type Source = (packages: readonly Package[]) => Promise<Scan>;

/** One vulnerability of one package, under all its names; as `result.findings[]` has it. */
export interface Finding {
  readonly id: string;
  readonly aliases: readonly string[];
  /** The vulnerabilities that its advisory puts together, where they are no names of it. */
  readonly upstream?: readonly string[];
  readonly package: { readonly name: string; readonly ecosystem: string; readonly purl: string };
  readonly version: string;
  readonly severity: Severity;
  /** 0 to 10, of the vector that counts. */
  readonly score?: number;
  readonly fixed: readonly string[];
  readonly paths: readonly (readonly string[])[];
  readonly status: 'open' | 'allowed' | 'not-affected';
  /** Of an allowed one the reason of its entry, of one that is not affected the VEX statement's. */
  readonly because?: string;
  readonly summary: string;
  readonly url?: string;
  /** Its base SBOM does not have it: present only where one was given. */
  readonly isNew?: boolean;
  /** Listed as exploited. */
  readonly exploited?: boolean;
  /** The probability that it is exploited in the next 30 days, 0 to 1. */
  readonly epss?: number;
  /** It would count, had it a fix: `only-fixed` leaves it out. */
  readonly waits?: true;
  /** It counts against the verdict: open, and at the threshold or exploited. */
  readonly blocking: boolean;
}
