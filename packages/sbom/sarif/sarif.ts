import { createHash } from 'node:crypto';
import { oneLine } from '../page/foreign.ts';
import { fixOf, packageOf, wayOf } from '../page/words.ts';
import type { Finding } from '../types.ts';
import { levelOf, ruleIdOf, ruleOf, withoutLinks } from './rule.ts';
import type { SarifLocation, SarifLog, SarifResult, SarifRule } from './types.ts';

export interface SarifInput {
  /** Worst first; only those that are open are written. */
  readonly findings: readonly Finding[];
  /** The files of the SBOMs that list a package, relative to the repository. */
  readonly filesOf: (finding: Finding) => readonly string[];
  /** The files that were scanned. */
  readonly scanned: readonly string[];
  /** As the input names them: the same in each run, whatever version a pattern leaves out; another analysis of the same commit has others. */
  readonly named: readonly string[];
}

/** GitHub rejects a run with more results or rules: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/troubleshoot-sarif-uploads/results-exceed-limit */
export const MOST_RESULTS = 25_000;

/** Of a result's locations GitHub shows the first, and keeps 100. */
const MOST_LOCATIONS = 10;

/**
 * The findings that are open as SARIF 2.1.0, the worst first, at most `most` of them. Whether a finding counts makes no
 * difference: code scanning has its own thresholds, and closes the alert of what is left out.
 */
export function sarifOf({ findings, filesOf, scanned, named }: SarifInput, most = MOST_RESULTS): SarifLog {
  const open = findings.filter(({ status }) => status === 'open').slice(0, most);
  const groups = Map.groupBy(open, ({ id }) => ruleIdOf(id));
  const index = new Map([...groups.keys()].map((id, at) => [id, at]));
  const rules = [...groups.values()].flatMap(([first, ...more]): SarifRule[] =>
    first === undefined ? [] : [ruleOf([first, ...more])],
  );
  const results = open.map((finding): SarifResult => {
    const ruleId = ruleIdOf(finding.id);
    const files = filesOf(finding);
    return {
      ruleId,
      ruleIndex: index.get(ruleId) ?? -1,
      level: levelOf(finding),
      message: { text: messageOf(finding) },
      locations: (files.length === 0 ? scanned : files).slice(0, MOST_LOCATIONS).map(locationOf),
      partialFingerprints: { primaryLocationLineHash: fingerprintOf(finding, ruleId) },
    };
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Sluice sbom-scan',
            informationUri: 'https://github.com/sluice-delivery/sluice',
            rules,
          },
        },
        automationDetails: { id: categoryOf(named) },
        invocations: [{ executionSuccessful: true }],
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}

function messageOf(finding: Finding): string {
  const { id, aliases, upstream = [], summary, fixed } = finding;
  const known = [...aliases, ...upstream].slice(0, 5).map((alias) => oneLine(alias, 120));
  const way = wayOf(finding);
  const sentences = [
    `${packageOf(finding)} has ${oneLine(id, 120)}${known.length === 0 ? '' : ` (${known.join(', ')})`}: ${oneLine(summary, 300) || 'a known vulnerability'}`,
    fixed.length === 0 ? 'No fixed version is known' : `Fixed in ${fixOf(finding)}`,
    ...(way === '' ? [] : [`It comes in by ${way}`]),
  ];
  return withoutLinks(sentences.map((one) => one.replace(/\.?$/, '.')).join(' '));
}

function locationOf(file: string): SarifLocation {
  const uri = file.split('/').map(encodeSegment).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
      region: { startLine: 1 },
    },
  };
}

/** A colon in the first segment of a relative address would be a scheme. */
const encodeSegment = (segment: string): string => encodeURIComponent(segment.toWellFormed());

/**
 * What GitHub tells alerts apart by: every finding of an SBOM stands on line 1 of the same file. The version is part of it:
 * another version is looked at again, whoever has dismissed this one.
 */
function fingerprintOf({ package: { purl, ecosystem, name }, version }: Finding, ruleId: string): string {
  const whole = JSON.stringify([ruleId, ecosystem, name, purl, version]);
  return `${createHash('sha256').update(whole).digest('hex').slice(0, 32)}:1`;
}

/** GitHub takes what stands before the last slash as the category of the analysis: an alert closes only by one of the same category. */
function categoryOf(named: readonly string[]): string {
  const names = named.join('+').toWellFormed();
  const readable = names.replace(/[^\w.+/-]+/g, '_');
  const isShort = readable === names && names.length <= 100;
  const hash = createHash('sha256').update(names).digest('hex').slice(0, 12);
  return `sluice-sbom-scan/${isShort ? names : `${readable.slice(0, 80)}-${hash}`}/`;
}
