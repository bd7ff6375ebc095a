import type { Finding } from '../types.ts';

/** Of the 400,000 characters that core's report leaves to `result`; the rest is for what stands beside the findings. */
const FINDINGS_LIMIT = 300_000;

/** Of each list beside the findings. With what escapes take, all of them stay below the 100,000 that are left. */
const LIST_LIMIT = 20_000;

const longestText = 1000;
/** Of ids, versions and steps of a path: the longest that are real have some ten. */
const longestWord = 100;
const mostOfAList = 50;
/** An SBOM gives 3 of 13 steps. */
const [mostPaths, mostSteps] = [5, 20];

/** Not longer than `most`. */
export const cut = (text: string, most = longestText): string =>
  text.length <= most ? text : `${text.slice(0, most)}…`;

const words = (texts: readonly string[], most = mostOfAList): readonly string[] =>
  texts.slice(0, most).map((text) => cut(text, longestWord));

/** The findings that an output holds, worst first, and how many it does not. */
export function boundedFindings(findings: readonly Finding[]): {
  readonly findings: readonly Finding[];
  readonly omitted: number;
} {
  const kept = bounded(findings, shortened, FINDINGS_LIMIT);
  return { findings: kept, omitted: findings.length - kept.length };
}

/** The first of a list, each made short, that an output holds beside the findings. */
export const boundedList = <One, Short>(
  all: readonly One[],
  shorten: (one: One) => Short,
): readonly Short[] => bounded(all, shorten, LIST_LIMIT);

/** As many texts as anybody reads. */
export const boundedTexts = (texts: readonly string[]): readonly string[] =>
  boundedList(texts.slice(0, mostOfAList), (text) => cut(text));

function bounded<One, Short>(
  all: readonly One[],
  shorten: (one: One) => Short,
  limit: number,
): readonly Short[] {
  let left = limit;
  const kept: Short[] = [];
  for (const one of all) {
    const short = shorten(one);
    left -= JSON.stringify(short).length + 1;
    if (left < 0) break;
    kept.push(short);
  }
  return kept;
}

/** An SBOM and an advisory may say anything, at any length: one finding is never too long. */
function shortened(finding: Finding): Finding {
  const { package: found, because } = finding;
  return {
    ...finding,
    id: cut(finding.id),
    aliases: words(finding.aliases),
    ...(finding.upstream === undefined ? {} : { upstream: words(finding.upstream) }),
    package: { name: cut(found.name), ecosystem: cut(found.ecosystem), purl: cut(found.purl) },
    version: cut(finding.version),
    fixed: words(finding.fixed),
    paths: finding.paths.slice(0, mostPaths).map((path) => words(path, mostSteps)),
    summary: cut(finding.summary),
    ...(because === undefined ? {} : { because: cut(because) }),
    ...(finding.url === undefined ? {} : { url: cut(finding.url) }),
  };
}
