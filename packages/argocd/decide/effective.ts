import { revisionBefore } from '../children/rendered-spec.ts';
import { isUnreadable, notInArtifact, unprovenInArtifact } from './artifact.ts';
import { defaultRegistryOf, rendersImage } from './images.ts';
import {
  cannotAsk,
  comparedRevision,
  contentRevision,
  currentResources,
  generatedOf,
  isUnavailable,
  verdict,
  wait,
} from './look.ts';
import { overridesIn } from './overrides.ts';
import { renderAnew, staleImages } from './stale.ts';
import { describeTarget, findTargets, imageEdits } from './targets.ts';
import type { Clause, Finding, Look } from './types.ts';

/** Clause 3: what is rendered from that revision shows the change. A bare revision claims no effect, so there is none to prove. */
export const effective: Clause = {
  name: 'effective',
  gate: true,
  check(look) {
    if (look.expectation.type === 'revision') return undefined;
    return (imageEdits(look).length > 0 ? images(look) : undefined) ?? otherEdits(look);
  },
};

function images(look: Look): Finding {
  const { resources } = look.evidence;
  if (isUnavailable(resources)) return cannotAsk('effective', resources);
  const current = currentResources(look);
  if (current === undefined) return { type: 'ask', clause: 'effective', evidence: 'resources' };

  // `reconciledAt` has whole seconds: it may be the same after Argo CD was asked to render anew.
  if (current.takenAt <= (look.hardRefresh?.requestedAt ?? Number.NEGATIVE_INFINITY))
    return { type: 'ask', clause: 'effective', evidence: 'resources' };

  const { targets, unrendered } = findTargets(look);
  const registry = defaultRegistryOf(look.expectation);
  const hidden = targets.filter(({ wanted, rendered }) => !rendersImage(wanted, rendered, registry));
  if (hidden.length === 0 && unrendered.length === 0) return undefined;
  // They may belong to a later comparison than the one that was observed before them: only an observation after them tells.
  if (look.observed.takenAt < current.takenAt) {
    return wait('effective', 'The rendered objects do not show the change; looking once more');
  }
  if (isUnreadable(look)) return notInArtifact(look);
  const stale = staleImages(look, current);
  if (stale !== undefined) return stale;
  const overrides = new Set([
    ...(current.overrides ?? []),
    // A generated spec is the very place of the change.
    ...(generatedOf(look) === undefined ? hidden : []).flatMap(({ wanted }) =>
      overridesIn(look.application, wanted, registry),
    ),
  ]);
  const facts = [
    ...hidden.map((target) => `${describeTarget(target)} renders ${target.rendered}, not ${target.wanted}`),
    ...unrendered,
  ];
  const because = [...overrides].length > 0 ? `; ${[...overrides].join('; ')}` : '';
  return verdict(look, {
    verdict: 'not-effective',
    reason: hidden.length > 0 ? 'overridden' : 'not-rendered',
    sentence: `The change is in Git and has no effect: ${facts[0] ?? ''}${because}.`,
    messages: facts.slice(1),
    missing: ['effective'],
  });
}

function otherEdits(look: Look): Finding {
  if (look.expectation.type === 'revision') return undefined;
  if (isUnreadable(look)) return unprovenInArtifact(look);
  if (look.expectation.edits.every(({ edit }) => edit.image !== undefined)) return undefined;
  const generated = generatedOf(look);
  // What it was rendered to before cannot be asked for: the end of the rule says so.
  if (generated !== undefined && revisionBefore(generated) === undefined) return undefined;
  const { rendered } = look.evidence;
  if (isUnavailable(rendered)) return cannotAsk('effective', rendered);
  if (rendered === undefined || rendered.revision !== contentRevision(look)) {
    return { type: 'ask', clause: 'effective', evidence: 'rendered' };
  }
  if (rendered.stale === true) return renderAnew(look, comparedRevision(look) ?? '');
  if (rendered.differing.some(({ dormant }) => dormant !== true)) return undefined;
  if (rendered.differing.length > 0) {
    return verdict(look, {
      verdict: 'unknown',
      reason: 'nothing-to-verify',
      sentence: 'The change is rendered in hooks alone that no sync runs, so nothing shows that it works.',
      missing: ['effective'],
    });
  }
  const withImages = imageEdits(look).length > 0;
  if (rendered.baseless === true) {
    // Such values are no part of what changes; the images beside them have to be seen.
    if (withImages) return undefined;
    return verdict(look, {
      verdict: 'unknown',
      reason: 'always-so',
      sentence:
        'The values are in Git, and the history that was read shows no commit before the change to compare with: nothing tells what they do.',
      missing: ['effective'],
    });
  }
  return verdict(look, {
    verdict: 'unknown',
    reason: 'no-rendered-difference',
    sentence: `The change is in Git, but what is rendered from it is the same as before${withImages ? ' but for the images' : ''}: ${withImages ? 'the other values show' : 'it shows'} no effect.`,
    missing: ['effective'],
  });
}
