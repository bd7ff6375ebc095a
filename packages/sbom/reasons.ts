/** The codes that tell why a scan has its verdict, and what each means. */
export interface ScanReasons {
  readonly 'nothing-found': 'every package was looked up, and none has a known vulnerability';
  readonly 'none-counts': 'there are known vulnerabilities, and none counts: below the threshold, allowed, not affected, without a fix or not new';
  readonly 'at-threshold': 'a known vulnerability is at or above `severity-threshold`';
  readonly 'unknown-severity': 'a known vulnerability has no severity that could be read, so it may be at `severity-threshold`';
  readonly exploited: 'a known vulnerability is listed as exploited (`fail-on-kev`), or is likely to be (`fail-on-epss`)';
  readonly 'expired-allowance': 'an entry of the allow-list has expired, and nothing counts by itself: `vulnerable` where what it allowed is there, `could-not-scan` where nothing needs it';
  readonly 'too-many-unmatched': 'more components than `max-unmatched` could not be looked up, and nothing that counts was found';
  readonly 'nothing-to-scan': 'the SBOM lists no package that could be looked up';
}

/** Why a verdict is what it is. */
export type ScanReason = keyof ScanReasons;

/** The codes of errors of a scan, and what each means. */
export interface ScanErrors {
  readonly 'sbom-not-found': 'no file is where `sbom` or `base-sbom` says, or it cannot be read';
  readonly 'sbom-broken': 'a file of `sbom` or `base-sbom` is no SBOM that can be read; the sentence has the place';
  readonly 'sbom-too-large': 'a file of `sbom` or `base-sbom` is larger, or deeper, than is read';
  readonly 'allow-list-broken': 'the allow-list cannot be read, or an entry of it is wrong; the sentence has file and line';
  readonly 'vex-broken': 'a file of `vex` cannot be read, or is no VEX document; the sentence has the place';
  readonly 'kev-broken': 'the file of `kev` cannot be read, or is not the catalog of known exploited vulnerabilities';
  readonly 'epss-broken': 'the file of `epss` cannot be read, or is not the table of EPSS scores';
  readonly 'database-not-found': 'no file or folder is where `database` says, or it cannot be read';
  readonly 'database-broken': 'a file of `database` is no OSV record, or a broken one; the sentence names it';
  readonly 'database-too-large': 'a file of `database` is larger than is read';
  readonly 'database-incomplete': 'the database has no record of an ecosystem that the SBOM has packages from; the sentence names it';
  readonly 'osv-unreachable': 'the OSV API could not be reached, or did not answer in time';
  readonly 'osv-unavailable': 'the OSV API answered with an error of its own or asked to wait, each time that it was tried';
  readonly 'osv-refused': 'the OSV API refused the request; the sentence holds its words';
  readonly 'osv-answer': 'what answered is not the OSV API, or it did not answer for every package';
  readonly 'scanner-failed': 'the scanner ended with an error; the sentence holds its words';
  readonly 'scanner-database': "the scanner's database of vulnerabilities is missing, or could not be loaded";
  readonly 'scanner-answer': 'what the scanner wrote is not what it documents';
  readonly 'scan-too-large': 'the packages have more versions to compare than are compared, or more known vulnerabilities than are kept: 200,000';
  readonly 'sarif-not-written': 'the file of `sarif` could not be written';
}

declare module '@sluice/core/errors' {
  interface ErrorCodes extends ScanErrors {}
}
