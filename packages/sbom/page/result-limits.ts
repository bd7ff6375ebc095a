import type { Finding } from '../types.ts';

/** Of the 400,000 characters that core's report leaves to `result`; the rest is for what stands beside the findings. */
const FINDINGS_LIMIT = 300_000;

const longestText = 1000;
const mostOfAList = 50;

const cut = (text: string): string => (text.length <= longestText ? text : `${text.slice(0, longestText)}…`);

/** The findings that an output holds, worst first, and how many it does not. */
export function boundedFindings(findings: readonly Finding[]): {
  readonly findings: readonly Finding[];
  readonly omitted: number;
} {
  let left = FINDINGS_LIMIT;
  const kept: Finding[] = [];
  for (const finding of findings) {
    const short = shortened(finding);
    left -= JSON.stringify(short).length;
    if (left < 0) break;
    kept.push(short);
  }
  return { findings: kept, omitted: findings.length - kept.length };
}

/** An SBOM and an advisory may say anything, at any length. */
function shortened(finding: Finding): Finding {
  const { package: found, because } = finding;
  return {
    ...finding,
    id: cut(finding.id),
    aliases: finding.aliases.slice(0, mostOfAList).map(cut),
    package: { name: cut(found.name), ecosystem: cut(found.ecosystem), purl: cut(found.purl) },
    version: cut(finding.version),
    fixed: finding.fixed.slice(0, mostOfAList).map(cut),
    paths: finding.paths.slice(0, mostOfAList).map((path) => path.slice(0, mostOfAList).map(cut)),
    summary: cut(finding.summary),
    ...(because === undefined ? {} : { because: cut(because) }),
    ...(finding.url === undefined ? {} : { url: cut(finding.url) }),
  };
}

/** As many texts as anybody reads. */
export const boundedTexts = (texts: readonly string[]): readonly string[] => texts.slice(0, mostOfAList);
