import { code, escapeMarkdown, table } from '@sluice/core/summary';
import type { Change } from '@sluice/gitops/change';
import { formatReference, readReference } from '@sluice/gitops/reference';
import type { ApplicationVerdict } from '../watch/wait.ts';
import type { Together, WaitReport } from './outcome.ts';

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
    alone || reason === 'unread-files' ? escapeMarkdown(sentence) : '',
    table([['application', 'verdict', 'revision', 'image', 'time'], ...applications.map(row)]),
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

function row({ selected, verdict, waited }: ApplicationVerdict): readonly string[] {
  const revision = verdict.revision === undefined ? '' : code(short(verdict.revision));
  const holds = verdict.verdict === 'live' ? ' contains the change' : '';
  const images = verdict.proof.map(
    ({ image, seen }) =>
      `${code(shortPath(image))} proven by ${seen === 'live-state' ? 'the live object' : 'the sync result'}`,
  );
  return [
    escapeMarkdown(selected.application.name),
    verdict.verdict,
    `${revision}${holds}`,
    [...new Set(images)].join('\n'),
    waited,
  ];
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

/** What headline, table and advice do not say, each with the name of its application. */
function messages(report: WaitReport, { hint }: Together): string {
  const { applications } = report;
  return applications
    .flatMap((one) => {
      const { name } = one.selected.application;
      const { sentence, messages: more } = one.verdict;
      const own = applications.length > 1 && isToBeSaid(one, report) ? [sentence] : [];
      const unsaid = more.filter((text) => text !== hint && !sentence.includes(text.replace(/\.$/, '')));
      return [...own, ...unsaid].map((text) => `- ${escapeMarkdown(named(name, text))}`);
    })
    .join('\n');
}

const named = (name: string, text: string): string =>
  text.startsWith(`${name} `) ? text : `${name}: ${text}`;

const short = (revision: string): string =>
  /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision;

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
