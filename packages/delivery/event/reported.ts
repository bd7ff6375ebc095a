import { runsImage } from '@sluice/argocd/decide/images';
import type { ClauseName, Settings } from '@sluice/argocd/decide/types';
import { isNamedBy } from '@sluice/argocd/select/candidates';
import { sameGitUrl } from '@sluice/argocd/select/git-url';
import type { Change } from '@sluice/gitops/change';
import { readReference, sameRepository } from '@sluice/gitops/reference';
import type { Report } from './report.ts';

export interface ReportedQuestion {
  readonly change: Change;
  readonly report: Report;
  /** Whether Git shows the change at a revision: that much is seen, whoever names the revision. */
  readonly holds: (revision: string) => boolean;
  readonly settings: Pick<Settings, 'settleMs' | 'degradedGraceMs' | 'registryAliases'>;
}

export type Reported =
  | { readonly type: 'live' }
  /** `why` without a full stop. */
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'open'; readonly missing: readonly ClauseName[] };

/**
 * What the report of one application proves of a change, by the clauses that a notification can state. What it does not say is
 * missing, and nothing that is missing is taken as given.
 */
export function reportedVerdict(question: ReportedQuestion): Reported {
  const { report, holds } = question;
  const operated = report.syncedRevision !== undefined && holds(report.syncedRevision);
  if (operated && (report.phase === 'Failed' || report.phase === 'Error'))
    return { type: 'failed', why: `the sync of it ended as ${report.phase}` };
  const missing = CLAUSES.filter(([, isSatisfied]) => !isSatisfied(question)).map(([name]) => name);
  if (missing.length === 0) return { type: 'live' };
  const degraded = missing.length === 1 && missing[0] === 'healthy' && report.health === 'Degraded';
  if (degraded && lasted(question) >= question.settings.degradedGraceMs)
    return { type: 'failed', why: 'it is Degraded' };
  return { type: 'open', missing };
}

/** In the order of the rule. `effective` and `spec` are shown by the images that run: a template sees no manifest. */
const CLAUSES: readonly (readonly [ClauseName, (of: ReportedQuestion) => boolean])[] = [
  ['contained', ({ report, holds }) => holds(report.revision)],
  ['synced', ({ report }) => report.sync === 'Synced'],
  [
    'operation',
    ({ report, holds }) =>
      report.phase === 'Succeeded' && report.syncedRevision !== undefined && holds(report.syncedRevision),
  ],
  ['healthy', (of) => of.report.health === 'Healthy' && lasted(of) >= of.settings.settleMs],
  ['running', runsAll],
];

/** How long it had had this health when the report was written; both are Argo CD's own clock. */
const lasted = ({ report: { at, healthSince } }: ReportedQuestion): number =>
  healthSince === undefined ? -1 : at - healthSince;

/** Every edit is of an image, which runs; and no other version of it does. */
function runsAll({ change, report, settings }: ReportedQuestion): boolean {
  const edits = change.files.flatMap((file) => file.edits);
  const { registryAliases: aliases } = settings;
  return (
    edits.length > 0 &&
    edits.every(({ image }) => {
      if (image === undefined) return false;
      const runs = (found: string) => runsImage(image, found, aliases, change.defaultRegistry);
      const versions = report.images.filter((found) => runs(found) || isOfRepository(image, found, change));
      return versions.length > 0 && versions.every(runs);
    })
  );
}

function isOfRepository(wanted: string, found: string, { defaultRegistry }: Change): boolean {
  const [a, b] = [readReference(wanted), readReference(found)];
  return a !== undefined && b !== undefined && sameRepository(a, b, defaultRegistry);
}

/**
 * Whether a report is of an application that the change is for: rendered from its repository, and from a folder above all of its
 * files, or named by the workflow. Another environment of the same repository runs the same image long before.
 */
export function isAbout(report: Report, change: Change, names: readonly string[]): boolean {
  if (!sameGitUrl(report.repository, change.repository)) return false;
  if (names.length > 0) return names.some((name) => isNamed(report, name));
  const folder = report.path.replace(/^\.?\/*|\/+$/g, '');
  return change.files.every(({ path }) => folder !== '' && path.startsWith(`${folder}/`));
}

/** `*` stands for any part, as where Argo CD is asked. */
export function isNamed(report: Report, pattern: string): boolean {
  const [name = '', namespace = ''] = report.application.split('/').reverse();
  return isNamedBy(pattern, { name, namespace });
}
