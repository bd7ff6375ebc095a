import { code, escapeMarkdown, table } from '@sluice/core/summary';
import type { Change } from '@sluice/gitops/change';
import { formatReference, readReference } from '@sluice/gitops/reference';
import type { Together, WaitReport } from './outcome.ts';
import type { ApplicationVerdict } from './wait.ts';

/** The page of a wait: the verdict in words, one table, what is to be known of each application, what to do. */
export function waitPage(report: WaitReport, together: Together): string {
  const { applications, took } = report;
  const facts = [`${applications.length} application${applications.length === 1 ? '' : 's'}`, duration(took)];
  return [
    `**${escapeMarkdown(headline(report, together))}** · ${facts.join(' · ')}`,
    applications.some(({ verdict }) => verdict.verdict === 'live') && together.reason !== 'unread-files'
      ? ''
      : escapeMarkdown(together.sentence),
    table([['application', 'verdict', 'revision', 'image', 'waited for'], ...applications.map(row)]),
    messages(applications),
    together.hint === undefined ? '' : escapeMarkdown(together.hint),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

export function waitPageOfNothing(headline: string, advice: string): string {
  return `**${escapeMarkdown(headline)}**\n\n${escapeMarkdown(advice)}\n`;
}

function headline({ expected }: WaitReport, { verdict, reason }: Together): string {
  const what = 'change' in expected ? subjectOf(expected.change) : expected.revision.slice(0, 7);
  const where =
    'change' in expected && expected.change.environment ? ` in ${expected.change.environment}` : '';
  switch (verdict) {
    case 'live':
      return `${what} is live${where}`;
    case 'superseded':
      return `${what} was superseded by a newer deployment${where}`;
    case 'drifted':
      return reason === 'live-drift'
        ? `${what} is not live${where}: the cluster no longer holds it`
        : `${what} is not live${where}: the change was overwritten`;
    case 'not-effective':
      return `${what} is not live${where}: the change is in Git and has no effect`;
    case 'failed':
      return reason === 'needs-sync'
        ? `${what} is not live${where}: it needs a sync`
        : `${what} failed${where}`;
    case 'timed-out':
      return `${what} is not live${where}: the time is over`;
    case 'unknown':
      return reason === 'not-yet'
        ? `${what} is not live${where} now`
        : `Whether ${what} is live${where} could not be told`;
  }
}

/** `payments-api 1.4.2`, the images that the change is about, or the project, or how many places. */
function subjectOf({ files, project }: Change): string {
  const images = new Set(files.flatMap(({ edits }) => edits.flatMap(({ image }) => image ?? [])));
  if (images.size > 0 && images.size <= 3) return [...images].map(shortImage).join(', ');
  return project ?? `The change of ${files.length} file${files.length === 1 ? '' : 's'}`;
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

function messages(applications: readonly ApplicationVerdict[]): string {
  return applications
    .filter(({ verdict }) => applications.length > 1 || verdict.messages.length > 0)
    .flatMap(({ selected, verdict }) => {
      const sentence = applications.length > 1 ? [verdict.sentence] : [];
      return [...sentence, ...verdict.messages].map(
        (one) => `- ${escapeMarkdown(selected.application.name)}: ${escapeMarkdown(one)}`,
      );
    })
    .join('\n');
}

const short = (revision: string): string =>
  /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision;

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
