import type { Ok, Outcome } from '@sluice/core/verdict';
import type { ScanCounts, ScanVerdict } from '../decide/types.ts';
import type { ScanReason } from '../reasons.ts';
import type { Finding, Sbom, Unmatched } from '../types.ts';
import { adviceOf } from './advice.ts';
import { examples, expiredOf, headline } from './headline.ts';
import { boundedFindings, boundedList, boundedTexts, cut } from './result-limits.ts';
import { noteText, type Scanned, scanPage } from './scan-page.ts';
import { count } from './words.ts';

export const scanSchema = 'sluice.sbom-scan.v1';
export const scanVerdicts: readonly ScanVerdict[] = ['clean', 'vulnerable', 'could-not-scan'];
export const goodScanVerdicts: readonly ScanVerdict[] = ['clean'];

/** Where nothing was scanned there is no number: 0 would be one. */
export const emptyScanOutputs = { findings: '', unmatched: '', sarif: '' } as const;

/** What stands on the page of an error, which could be taken for one of a scan that found nothing. */
export const scanErrorCaution = 'The verdict is could-not-scan: this is not clean.';

const okOf: Readonly<Record<ScanVerdict, Ok>> = {
  clean: 'true',
  vulnerable: 'false',
  'could-not-scan': 'unknown',
};

/** An SBOM that was read. */
export type SbomResult = Pick<Sbom, 'file' | 'format' | 'subject'>;

/** What a scan adds to the JSON `result`. */
export interface ScanDetails {
  /** Of many the first. */
  readonly sboms: readonly SbomResult[];
  /** Where vulnerabilities were looked up. */
  readonly source: string;
  /** Each vulnerability of each package, worst first. */
  readonly findings: readonly Finding[];
  /** How many of the last findings are left out, because an output does not hold them; the SARIF file has those that are open. */
  readonly omitted: number;
  /** What could not be looked up; of many the first. */
  readonly unmatched: readonly Unmatched[];
  readonly counts: ScanCounts;
  /** How many components are no packages: what an SBOM is about, files, the distribution, groups. */
  readonly setAside: number;
  /** Entries of the allow-list that have expired, and what could not be looked up where the verdict does not say it. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export interface ScanReport extends Scanned {
  readonly sboms: readonly SbomResult[];
  /** As the input names it: where to allow something. */
  readonly allowList: string;
}

export type ScanOutcome = Outcome<ScanVerdict, ScanReason>;

/** The outcome of a scan that was decided; `sarif` is the file that was written, empty where none was. */
export function scanOutcome(report: ScanReport, sarif: string): ScanOutcome {
  const { decision, sboms, source } = report;
  const { verdict, reason } = decision;
  const hint = adviceOf(report);
  const problems = decision.problems.map(noteText);
  return {
    verdict,
    ok: okOf[verdict],
    reason,
    summary: sentenceOf(report),
    ...(hint === undefined ? {} : { hint: hint.sentence }),
    result: {
      schema: scanSchema,
      sboms: boundedList(sboms, ({ file, format, subject }) => ({
        ...{ file: cut(file, longestName), format: cut(format, longestName) },
        ...(subject === undefined ? {} : { subject: cut(subject, longestName) }),
      })),
      source: cut(source),
      ...boundedFindings(decision.findings),
      unmatched: boundedList(decision.unmatched, ({ component, why, file }) => ({
        ...{ component: cut(component, longestName), why, file: cut(file, longestName) },
      })),
      counts: decision.counts,
      setAside: report.setAside.length,
      problems: boundedTexts(problems),
      warnings: boundedTexts(decision.warnings.map(noteText)),
    } satisfies ScanDetails & { schema: string },
    outputs: {
      findings: String(decision.counts.findings),
      unmatched: String(decision.counts.unmatched),
      sarif,
    },
    page: scanPage(report, hint?.markdown),
  };
}

/** Of files and what they describe, which come from the SBOMs. */
const longestName = 200;

/** The headline, and what weighs most; then what could not be looked up. */
function sentenceOf(report: ScanReport): string {
  const { decision } = report;
  const isTold = decision.verdict === 'clean' || decision.reason === 'expired-allowance';
  const { unmatched } = decision.counts;
  const others = decision.problems.filter((one) => typeof one === 'string');
  const weaker =
    isTold && unmatched > 0 && others.length === 0
      ? `; ${count(unmatched, 'component')} could not be looked up`
      : '';
  const [overdue] = decision.reason === 'expired-allowance' ? expiredOf(decision).map(noteText) : [];
  const named = examples(decision) || (overdue ?? '');
  const told = `${headline(report)}${weaker}${named === '' ? '' : `: ${named}`}.`;
  return [told, ...others.map((one) => `${capital(noteText(one))}.`)].join(' ');
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
