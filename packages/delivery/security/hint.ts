import type { Expired } from '@sluice/sbom/decide/types';
import { oneLine } from '@sluice/sbom/page/foreign';
import { unmatchedAdvice } from '@sluice/sbom/page/unmatched-advice';
import type { SecurityReport } from './outcome.ts';
import { isTold, type Said } from './told.ts';

/** What to do about the verdict of all; undefined where there is nothing. */
export function hintOf(report: SecurityReport, { verdict, reason }: Said): string | undefined {
  if (verdict === 'clean') return report.issues?.failed?.hint;
  // Who mends what was found wants to know of the rest too.
  if (verdict === 'vulnerable') return [vulnerableHint(report), ...leftHints(report).slice(0, 1)].join(' ');
  switch (reason) {
    case 'no-deployment':
      return 'Check `environment` and `deployment-repositories`: Deployments are those that deploy.yml keeps.';
    case 'expired-allowance':
      return removal(report.notes.expired);
    case 'too-many-unmatched':
      return `${unmatchedAdvice(report.unmatched)}; the page lists what could not be looked up, and why.`;
    case 'nothing-to-scan':
      return 'Check that the SBOM is that of what was built: it should list packages by purl.';
    default:
      return leftHints(report, reason)[0];
  }
}

/** What to do about what could not be read; with a `reason` only about SBOMs of which it was that. */
const leftHints = ({ troubles, scanned }: SecurityReport, reason?: Said['reason']): readonly string[] => [
  ...troubles.flatMap(({ hint }) => hint ?? []),
  ...scanned.flatMap((one) =>
    one.type === 'unseen' && (reason === undefined || one.reason === reason) ? (one.hint ?? []) : [],
  ),
];

function vulnerableHint({ advisories, inputs, notes, scanned, troubles }: SecurityReport): string {
  const overdue = notes.expired.filter(({ hides }) => hides.length > 0);
  const unneeded = notes.expired.filter(({ hides }) => hides.length === 0);
  // What was not looked at may need it.
  const isAll = troubles.length === 0 && scanned.every(isTold);
  const also = isAll && unneeded.length > 0 ? [removal(unneeded)] : [];
  const blocking = advisories.flatMap(({ places }) => places.filter(({ finding }) => finding.blocking));
  if (blocking.length === 0)
    return [
      `What ${linesIn(overdue)} allowed does not count by itself: remove ${those(overdue)}; or, where the reason still holds, give a later date.`,
      ...also,
    ].join(' ');
  // A second entry beside one that names it would leave that as it is: expired.
  const named = new Set(overdue.flatMap(({ hides }) => hides.map(({ id, name }) => `${id} ${name}`)));
  const rest = blocking.filter(({ finding }) => !named.has(`${finding.id} ${finding.package.name}`));
  const isMended = blocking.some(({ finding }) => finding.fixed.length > 0);
  return [
    isMended ? 'Update the packages to a fixed version, and deploy.' : 'No fixed version is known.',
    ...(overdue.length === 0 ? [] : [`Where the reason still holds, give ${linesIn(overdue)} a later date.`]),
    ...(rest.length === 0
      ? []
      : [
          `What ${rest.length < blocking.length ? 'else ' : ''}has to stay can be allowed in ${inputs['allow-list'] ?? 'an allow-list'}, with a reason and a date.`,
        ]),
    ...also,
  ].join(' ');
}

const removal = (entries: readonly Expired[]): string =>
  `Nothing needs ${linesIn(entries)}: remove ${those(entries)}.`;

const those = ({ length }: readonly Expired[]): string => (length === 1 ? 'the entry' : 'the entries');

const SHOWN = 5;

/** `line 7 of .github/sluice-allow.yml`, `lines 7, 12 of …`. */
function linesIn(entries: readonly Expired[]): string {
  const lines = entries.slice(0, SHOWN).map(({ line }) => line);
  const more = entries.length - lines.length;
  const shown = `${lines.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${entries.length === 1 ? 'line' : 'lines'} ${shown} of ${oneLine(entries[0]?.file ?? '', 200)}`;
}
