import { grouped } from '@sluice/core/grouped';
import { code, escapeMarkdown, table } from '@sluice/core/summary';
import { nameKey } from '@sluice/sbom/decide/group';
import { oneLine, webAddress } from '@sluice/sbom/page/foreign';
import { fixOf, packageOf, severityOf, wayOf } from '@sluice/sbom/page/words';
import type { Advisory, Place } from './advisories.ts';
import { nameOfPackage } from './answered.ts';
import { marked } from './issue-mark.ts';
import type { Target } from './scan-targets.ts';

/** GitHub takes 65,536; the mark and the sentences have their part of it. */
const ROWS_LIMIT = 36_000;
const NAMES_LIMIT = 4000;
/** GitHub's longest title. */
const TITLE_LIMIT = 200;

/** `GHSA-hrpp-h998-j3pp: qs does harm`; people may write another one, it is not looked at again. */
export function titleOf({ id, places: [worst] }: Advisory): string {
  const { summary = '', package: found } = worst?.finding ?? {};
  const about = summary === '' ? `in ${found?.name ?? ''}` : summary;
  return oneLine(`${oneLine(id, 80)}: ${about}`, TITLE_LIMIT).replace(/@(?=\w)/g, '@\u200b');
}

export interface IssueFacts {
  readonly advisory: Advisory;
  /** What had it when it was last seen, and could not be scanned now. */
  readonly unseen: readonly Pick<Target, 'key' | 'name' | 'repository'>[];
  /** The packages in which that had it, by its key. */
  readonly packages?: ReadonlyMap<string, readonly string[]>;
  readonly allowList: string;
  /** The environment that is looked at. */
  readonly scope: string;
  /** What people wrote leaves little room. */
  readonly isBrief?: boolean;
}

/** Our part of an issue: what it is, where it was found, what to do. Nothing in it changes by itself from day to day. */
export function partOf({
  advisory,
  unseen,
  packages,
  allowList,
  scope,
  isBrief = false,
}: IssueFacts): string {
  const counting = advisory.places.filter(({ finding }) => finding.blocking);
  const keys = [...counting.map(({ target }) => target.key), ...unseen.map(({ key }) => key)];
  const having = new Map<string, Set<string>>();
  for (const key of keys) having.set(key, new Set());
  for (const { target, finding } of counting) having.get(target.key)?.add(nameOfPackage(finding.package));
  const counted = new Set(counting.map(({ target }) => target.key));
  const gone = unseen.filter(({ key }) => !counted.has(key));
  for (const { key } of unseen) for (const name of packages?.get(key) ?? []) having.get(key)?.add(name);
  const content = [
    headOf(advisory),
    rowsOf(counting, isBrief ? 1000 : ROWS_LIMIT),
    ...(gone.length === 0 ? [] : [unseenLine(gone)]),
    adviceOf(counting, allowList),
    '_Kept up to date by security-scan: closed when nothing active has it any more, opened again when it comes back. What you write below stays._',
  ].join('\n\n');
  return marked(content, {
    names: [...advisory.names].toSorted(),
    scope,
    found: [...new Set(keys)].toSorted(),
    packages: new Map([...having].map(([key, names]) => [key, [...names].toSorted()])),
  });
}

function headOf({ id, names, places: [worst] }: Advisory): string {
  if (worst === undefined) return '';
  const { finding } = worst;
  const shown = escapeMarkdown(oneLine(id, 80));
  const address = webAddress(finding.url);
  const others = [...new Set([...names, ...(finding.upstream ?? []).map(nameKey)])]
    .filter((name) => name !== id.toUpperCase())
    .toSorted()
    .slice(0, 10)
    .map((name) => escapeMarkdown(oneLine(name, 80)));
  const known = others.length === 0 ? '' : ` (${others.join(', ')})`;
  const facts = [
    `severity ${escapeMarkdown(severityOf(finding))}`,
    ...(finding.exploited === true ? ['known to be exploited'] : []),
  ];
  const about = oneLine(finding.summary, 500);
  return `**${address === undefined ? shown : `[${shown}](${address})`}**${known}: ${facts.join(', ')}${about === '' ? '' : `\n\n${quoted(about)}`}`;
}

/** Text of others stands as code: GitHub makes no mention, no reference and no comment of it. */
function rowsOf(places: readonly Place[], limit: number): string {
  const head = ['where', 'package', 'fixed in', 'comes in by'];
  const rows: string[][] = [];
  let left = limit;
  for (const { target, finding } of places) {
    const row = [whereOf(target), quoted(packageOf(finding)), quoted(fixOf(finding)), quoted(wayOf(finding))];
    left -= row.join(' | ').length + 8;
    if (left < 0) break;
    rows.push(row);
  }
  const more = places.length - rows.length;
  const rest = more === 0 ? '' : `\n\n… and ${grouped(more)} more.`;
  return `${table([head, ...rows])}${rest}`;
}

const whereOf = ({ name, repository }: Pick<Target, 'name' | 'repository'>): string =>
  `${quoted(oneLine(name, 200))} ${escapeMarkdown(`(${repository})`)}`;

const quoted = (text: string): string => code(text.replaceAll('<!--', '< !--'));

function unseenLine(unseen: IssueFacts['unseen']): string {
  const names: string[] = [];
  let left = NAMES_LIMIT;
  for (const target of unseen) {
    const name = whereOf(target);
    left -= name.length + 2;
    if (left < 0) break;
    names.push(name);
  }
  const more = unseen.length - names.length;
  return `Was found before, and could not be looked at again: ${names.join(', ')}${more === 0 ? '' : ` and ${more} more`}.`;
}

function adviceOf(places: readonly Place[], allowList: string): string {
  const isMended = places.some(({ finding }) => finding.fixed.length > 0);
  const update = isMended
    ? 'Update the package to a fixed version, and deploy.'
    : 'No fixed version is known.';
  return `${update} What has to stay can be allowed in ${quoted(allowList)}, with a reason and a date.`;
}

/** Why an issue is closed; `isActive`: of each that had it. */
export function goneComment(advisory: Advisory | undefined, isActive: readonly boolean[]): string {
  const [place] = advisory?.places ?? [];
  if (place === undefined) return `Nothing that is active has it any more: ${whyGone(isActive)}.`;
  const { status, because = '' } = place.finding;
  const reason = because === '' ? '' : `: ${quoted(oneLine(because, 300))}`;
  switch (status) {
    case 'allowed':
      return `It is there, and allowed${reason}.`;
    case 'not-affected':
      return `It is there, and does not affect what has it, by VEX${reason}.`;
    case 'open':
      return 'It is there, and does not count any more: it is below the threshold, or has no fix.';
  }
}

function whyGone(isActive: readonly boolean[]): string {
  if (!isActive.includes(true)) return 'what had it is not active any more';
  return isActive.includes(false)
    ? 'some of what had it is not active any more, and in the rest it was looked up again, and is not there'
    : 'it was looked up again wherever it had been found, and is not there';
}

export const backComment = 'It is in something that is active.';

export const duplicateComment = (number: number): string =>
  `The same vulnerability has the issue #${number}, which is kept up to date.`;
