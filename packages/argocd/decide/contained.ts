import { shown } from '../children/shown.ts';
import { refresh } from './fresh.ts';
import { hydration } from './hydration.ts';
import {
  cannotAsk,
  contentRevision,
  generatedOf,
  isExact,
  isUnavailable,
  short,
  verdict,
  wait,
} from './look.ts';
import type { Clause, ContentEvidence, Finding, Look, Overwrite } from './types.ts';

/** Argo CD's answer to `ls-remote` may be three minutes old: a refresh makes it ask again, and a replica of Git may need a while. */
const BETWEEN_LOOKS = 10_000;

/** Clause 2: what Argo CD compares with holds the change. Content decides; ancestry only tells *not yet* from *overwritten*. */
export const contained: Clause = {
  name: 'contained',
  gate: true,
  check(look) {
    const revision = contentRevision(look);
    if (revision === undefined)
      return wait('contained', 'Argo CD shows no revision that can be compared yet');
    const generated = generatedOf(look);
    if (generated !== undefined) return shown(look, generated);
    const content = look.evidence.content.get(revision);
    if (content === undefined) return { type: 'ask', clause: 'contained', evidence: 'content', revision };
    if (isUnavailable(content)) return cannotAsk('contained', content);
    switch (content.state) {
      case 'unreadable':
        return undefined;
      case 'contained':
        // What a name holds now is not what was compared; of a change, the later clauses see that in the objects.
        return look.expectation.type === 'change' || isExact(revision, look)
          ? undefined
          : cannotAsk('contained', {
              unavailable: `Argo CD names ${revision} and not the commit that it compares with`,
            });
      case 'behind':
        return (
          hydration(look, 'contained') ??
          refresh(
            look,
            'contained',
            `Argo CD compares with ${short(revision)}, which does not hold the change yet`,
            BETWEEN_LOOKS,
          )
        );
      case 'overwritten':
        return overwritten(look, revision, content);
    }
  },
};

function overwritten(
  look: Look,
  revision: string,
  { by, unexplained = [] }: Extract<ContentEvidence, { state: 'overwritten' }>,
): Finding {
  const others = by.filter(({ newer }) => !newer);
  const culprit = others.at(-1) ?? by.at(-1);
  // A place that nobody is known to have set may have been set by anybody.
  const superseded = culprit?.newer === true && unexplained.length === 0;
  return verdict(look, {
    verdict: superseded ? 'superseded' : 'drifted',
    reason: superseded ? 'superseded' : 'overwritten',
    sentence: sentence(revision, culprit, superseded, unexplained, look),
    messages: [...by.map(describe), ...unexplained],
    missing: ['contained'],
    ...(culprit !== undefined && culprit.newer === superseded && { overwrittenBy: culprit }),
  });
}

function sentence(
  revision: string,
  culprit: Overwrite | undefined,
  superseded: boolean,
  unexplained: readonly string[],
  look: Look,
): string {
  if (superseded && culprit !== undefined) {
    return `A newer deployment of the same project, environment and tenant has replaced the change (${short(culprit.sha)}).`;
  }
  if (culprit?.newer === false) return `The change was overwritten: ${describe(culprit)}.`;
  if (unexplained[0] !== undefined) return `The change was overwritten: ${unexplained[0]}.`;
  return look.expectation.type === 'revision'
    ? `Argo CD compares with ${short(revision)}, which does not descend from ${short(look.expectation.revision)}.`
    : `Argo CD compares with ${short(revision)}, which does not hold the change and does not come before it.`;
}

const describe = ({ sha, author, path, place, from, to }: Overwrite): string =>
  `${short(sha)} by ${author} set ${path}, ${place}, from ${from} to ${to}`;
