import { code, escapeMarkdown, table } from '@sluice/core/summary';
import type { Change } from '@sluice/gitops/change';
import { formatReference, readReference } from '@sluice/gitops/reference';
import { isArtifact } from '../select/artifact.ts';
import type { ApplicationVerdict } from '../watch/wait.ts';
import { applicationUrl, commitUrl, link, linked } from './links.ts';
import { nameAmong, serverName } from './names.ts';
import type { Together, WaitReport } from './outcome.ts';
import { rank } from './worst.ts';

/** The page of a wait: the verdict in words, one table, what is to be known of each application, what to do. */
export function waitPage(report: WaitReport, together: Together): string {
  const { applications, took } = report;
  const { reason, sentence, hint } = together;
  const [only, ...others] = applications;
  const facts = [
    others.length === 0 ? '1 application' : `${applications.length} applications`,
    duration(took),
  ];
  // Of several the list tells each one's own.
  const alone = others.length === 0 && only !== undefined && isToBeSaid(only, report);
  return [
    `**${escapeMarkdown(headline(report, together))}** · ${facts.join(' · ')}`,
    alone || reason === 'unread-files' ? linked(sentence, commitsOf(report)) : '',
    tables(report),
    messages(report, together),
    hint === undefined ? '' : escapeMarkdown(hint),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** Of what is live, headline and table say all, but for a revision: that was held against no image. */
function isToBeSaid({ verdict }: ApplicationVerdict, { expected }: WaitReport): boolean {
  return verdict.verdict !== 'live' || 'revision' in expected;
}

export function waitPageOfNothing(headline: string, advice: string): string {
  return `**${escapeMarkdown(headline)}**\n\n${escapeMarkdown(advice)}\n`;
}

/** The verdict in words, without a full stop: `payments-api 1.4.2 is live in production`. */
export function headline(
  { expected, took }: Pick<WaitReport, 'expected' | 'took'>,
  { verdict, reason }: Pick<Together, 'verdict' | 'reason'>,
): string {
  const [what, be, was] =
    'change' in expected ? subjectOf(expected.change) : ([short(expected.revision), 'is', 'was'] as const);
  const where =
    'change' in expected && expected.change.environment ? ` in ${expected.change.environment}` : '';
  const notLive = `${what} ${be} not live${where}`;
  switch (verdict) {
    case 'live':
      return `${what} ${be} live${where}`;
    case 'rolling-out':
      return `${what} ${be} rolling out${where}`;
    case 'superseded':
      return `${what} ${was} superseded by a newer deployment${where}`;
    case 'drifted':
      return reason === 'live-drift'
        ? `${notLive}: the cluster no longer holds it`
        : `${notLive}: the change was overwritten`;
    case 'not-effective':
      return `${notLive}: the change is in Git and has no effect`;
    case 'failed':
      return reason === 'needs-sync' ? `${notLive}: it needs a sync` : `${what} failed${where}`;
    case 'timed-out':
      return `${notLive}: not reached in ${duration(took)}`;
    case 'unknown':
      return reason === 'not-yet' ? `${notLive} now` : `Whether ${what} ${be} live${where} could not be told`;
  }
}

type Subject = readonly [what: string, be: 'is' | 'are', was: 'was' | 'were'];

/** `payments-api 1.4.2`, the images that the change is about, or the project, or how many places. */
function subjectOf({ files, project }: Change): Subject {
  const images = new Set(files.flatMap(({ edits }) => edits.flatMap(({ image }) => image ?? [])));
  if (images.size > 1 && images.size <= 3) return [[...images].map(shortImage).join(', '), 'are', 'were'];
  const [only] = images.size === 1 ? [...images].map(shortImage) : [project];
  return [only ?? `The change of ${files.length} file${files.length === 1 ? '' : 's'}`, 'is', 'was'];
}

function shortImage(image: string): string {
  const reference = readReference(image);
  if (reference === undefined) return image;
  const name = reference.repository.slice(reference.repository.lastIndexOf('/') + 1);
  return `${name} ${reference.tag ?? reference.digest?.slice(0, 19) ?? ''}`.trim();
}

/** Of more than this the worst are shown, and the others are there to be opened. */
const mostShown = 10;

function tables(report: WaitReport): string {
  const { applications } = report;
  if (applications.length <= mostShown) return tableOf(applications, report);
  const sorted = applications.toSorted((a, b) => rank(a) - rank(b));
  const rest = sorted.slice(mostShown);
  const counts = Map.groupBy(rest, ({ verdict }) => verdict.verdict);
  const words = [...counts].map(([verdict, group]) => `${group.length} ${verdict}`).join(', ');
  const opened = `<details><summary>${words} more</summary>\n\n${tableOf(rest, report)}\n\n</details>`;
  return `${tableOf(sorted.slice(0, mostShown), report)}\n\n${opened}`;
}

/** A column that says nothing of any application is left out. */
function tableOf(applications: readonly ApplicationVerdict[], report: WaitReport): string {
  const servers = new Set(report.applications.map(({ selected }) => selected.argocd.server));
  const rows = applications.map((one) => row(one, report));
  const columns = [
    ['application', (cells: Row) => cells.application],
    ...(servers.size > 1 ? [['server', (cells: Row) => cells.server] as const] : []),
    ['verdict', (cells: Row) => cells.verdict],
    ['revision', (cells: Row) => cells.revision],
    ['image', (cells: Row) => cells.image],
    ['time', (cells: Row) => cells.time],
  ] as const;
  const shown = columns.filter(([, cell]) => rows.some((one) => cell(one) !== ''));
  return table([shown.map(([head]) => head), ...rows.map((one) => shown.map(([, cell]) => cell(one)))]);
}

interface Row {
  readonly application: string;
  readonly server: string;
  readonly verdict: string;
  readonly revision: string;
  readonly image: string;
  readonly time: string;
}

function row(one: ApplicationVerdict, { expected, gitHub }: WaitReport): Row {
  const { selected, verdict, waited } = one;
  const { revision = '' } = verdict;
  const shown =
    revision === '' ? '' : link(code(short(revision)), commitUrl(repositoryOf(one), revision, gitHub));
  // What an artifact holds is not read, and a revision names no change.
  const isKnown = 'change' in expected && !isArtifact(selected.source);
  const isThere = verdict.verdict === 'live' || verdict.verdict === 'rolling-out';
  const holds = isThere && isKnown ? ' contains the change' : '';
  const images = verdict.proof.map(
    ({ image, seen }) =>
      `${code(shortPath(image))} proven by ${seen === 'live-state' ? 'the live object' : 'the sync result'}`,
  );
  return {
    application: `${link(escapeMarkdown(selected.application.name), applicationUrl(one))}${one.of === undefined ? '' : escapeMarkdown(`, of ${one.of}`)}`,
    server: escapeMarkdown(serverName(selected.argocd)),
    verdict: verdict.verdict,
    revision: `${shown}${holds}`,
    image: [...new Set(images)].join('\n'),
    time: waited,
  };
}

/** A chart has versions and no commits. */
const repositoryOf = ({ selected: { source } }: ApplicationVerdict): string =>
  source.chart === undefined ? source.repoURL : '';

/** The commits that sentences may name, and their pages. */
function commitsOf({ expected, applications, gitHub }: WaitReport): ReadonlyMap<string, string> {
  const wanted = 'change' in expected ? expected.change.commit : expected.revision;
  const named = applications.flatMap((one) => {
    const { revision, overwrittenBy } = one.verdict;
    return [revision, overwrittenBy?.sha, wanted].map((sha) => [repositoryOf(one), sha ?? ''] as const);
  });
  const pages = named.flatMap(([repository, sha]): [string, string][] => {
    const url = commitUrl(repository, sha, gitHub);
    return url === undefined ? [] : [[sha, url]];
  });
  return new Map(pages);
}

/** `…/payments-api:1.4.2`. */
function shortPath(image: string): string {
  const reference = readReference(image);
  if (reference === undefined) return image;
  const parts = reference.repository.split('/');
  const { registry: _, ...rest } = reference;
  const named = formatReference({ ...rest, repository: parts.at(-1) ?? '' });
  return parts.length === 1 && reference.registry === undefined ? named : `…/${named}`;
}

/** What headline, table and advice do not say: of one application as it is, of several under the name of each. */
function messages(report: WaitReport, { hint }: Together): string {
  const { applications } = report;
  const commits = commitsOf(report);
  const told = applications.flatMap((one) => {
    const { sentence, messages: more } = one.verdict;
    const unsaid = more.filter((text) => text !== hint && !sentence.includes(text.replace(/\.$/, '')));
    if (applications.length === 1) return unsaid.map((text) => `- ${linked(text, commits)}`);
    const own = isToBeSaid(one, report) ? sentence : '';
    if (own === '' && unsaid.length === 0) return [];
    const { name: bare } = one.selected.application;
    const name = nameAmong(
      one.selected,
      applications.map(({ selected }) => selected),
    );
    const [first = '', ...others] = own === '' ? unsaid : [own, ...unsaid];
    const words = first.startsWith(`${bare} `) ? first.slice(bare.length) : `: ${first}`;
    return [
      `- **${escapeMarkdown(name)}**${linked(words, commits)}`,
      ...others.map((text) => `  - ${linked(text, commits)}`),
    ];
  });
  const left = told.length - mostTold;
  return [...told.slice(0, mostTold), ...(left > 0 ? [`- … and ${left} more in the log`] : [])].join('\n');
}

/** Nobody reads more; the log and the output `result` have all. */
const mostTold = 60;

const short = (revision: string): string =>
  /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision;

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
