import { refresh } from './fresh.ts';
import { cannotAsk, contentRevision, isUnavailable, short, verdict, wait } from './look.ts';
import type { Clause, Finding, Look, Overwrite } from './types.ts';

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
    const content = look.evidence.content.get(revision);
    if (content === undefined) return { type: 'ask', clause: 'contained', evidence: 'content', revision };
    if (isUnavailable(content)) return cannotAsk('contained', content);
    switch (content.state) {
      case 'contained':
        return undefined;
      case 'behind':
        return refresh(
          look,
          'contained',
          `Argo CD compares with ${short(revision)}, which does not hold the change yet`,
          BETWEEN_LOOKS,
        );
      case 'overwritten':
        return overwritten(look, revision, content.by);
    }
  },
};

function overwritten(look: Look, revision: string, by: readonly Overwrite[]): Finding {
  const others = by.filter(({ newer }) => !newer);
  const culprit = others.at(-1) ?? by.at(-1);
  const superseded = culprit?.newer === true;
  return verdict(look, {
    verdict: superseded ? 'superseded' : 'drifted',
    reason: superseded ? 'superseded' : 'overwritten',
    sentence: sentence(revision, culprit, superseded, look),
    messages: by.map(describe),
    missing: ['contained'],
    ...(culprit !== undefined && { overwrittenBy: culprit }),
  });
}

function sentence(revision: string, culprit: Overwrite | undefined, superseded: boolean, look: Look): string {
  if (superseded && culprit !== undefined) {
    return `A newer deployment of the same project, environment and tenant has replaced the change (${short(culprit.sha)}).`;
  }
  if (culprit !== undefined) return `The change was overwritten: ${describe(culprit)}.`;
  return look.expectation.type === 'revision'
    ? `Argo CD compares with ${short(revision)}, which does not descend from ${short(look.expectation.revision)}.`
    : `Argo CD compares with ${short(revision)}, which does not hold the change and does not come before it.`;
}

const describe = ({ sha, author, path, place, from, to }: Overwrite): string =>
  `${short(sha)} by ${author} set ${path}, ${place}, from ${from} to ${to}`;
