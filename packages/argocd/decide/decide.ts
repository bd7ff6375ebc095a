import { generatorsOf } from '../children/generators.ts';
import { isGenerator } from '../children/kinds.ts';
import { unrenderable } from '../children/rendered-spec.ts';
import { describeResource, keyOf, type ResourceKey, type ResourceStatus } from '../observation.ts';
import { isUnreadable, proofOfArtifact } from './artifact.ts';
import { contained } from './contained.ts';
import { effective } from './effective.ts';
import { isLeftOutOfSync, isLeftUnwell } from './excused.ts';
import { unreadable } from './fields-left.ts';
import { fresh } from './fresh.ts';
import { healthy } from './healthy.ts';
import {
  cannotAsk,
  comparedRevision,
  generatedOf,
  isSameObject,
  isUnavailable,
  short,
  verdict,
} from './look.ts';
import { unwatched } from './object-targets.ts';
import { operation } from './operation.ts';
import { withoutOldRenderings } from './renderings.ts';
import { isRollout } from './rollout.ts';
import { rollingOut } from './rollouts.ts';
import { imageProofs, running } from './running.ts';
import { resourcesInScope, scopeOf, touchedObjects } from './scope.ts';
import { spec } from './spec.ts';
import { synced } from './synced.ts';
import { findTargets } from './targets.ts';
import type { Clause, Decision, DecisionInput, Finding, Look, Verdict } from './types.ts';

/** The decision rule: a change is live when every clause is satisfied. */
export const RULE: readonly Clause[] = [
  fresh,
  contained,
  effective,
  synced,
  operation,
  spec,
  healthy,
  running,
];

/**
 * Whether a change is live in one application: evidence to ask for, something to do, something to wait for, or a verdict.
 * Pure: all that it knows, also the time, is in its input. The same input gives the same decision.
 */
export const decide = (input: DecisionInput): Decision => decideWith(RULE, input);

/** The rule with its clauses as data: a test that leaves one out must see a wrong verdict. */
export function decideWith(clauses: readonly Clause[], input: DecisionInput): Decision {
  const { observed } = input;
  if (isUnavailable(observed)) return cannotAsk('fresh', observed);
  const { application } = observed;
  const evidence = withoutOldRenderings(input.evidence, application);
  const look: Look = { ...input, evidence, observed, application };
  if (input.expectation.type === 'change' && input.expectation.edits.length === 0) return nothing(look);

  const findings: Exclude<Finding, undefined>[] = [];
  for (const clause of clauses) {
    const finding = clause.check(look);
    if (finding === undefined) continue;
    findings.push(finding);
    if (clause.gate) break;
  }
  // A clause that only waits must not hide a later one that knows the end, or what to do.
  const decisive = findings.find(({ type }) => type === 'verdict' || type === 'act');
  return decisive ?? findings[0] ?? unseen(look) ?? onItsWay(look) ?? live(look);
}

const nothing = (look: Look): Verdict =>
  verdict(look, {
    verdict: 'unknown',
    reason: 'nothing-to-verify',
    sentence: 'The change has no edit that this application reads, so there is nothing that could be proven.',
  });

/** What of the change nobody has looked at, although every clause is satisfied. */
function unseen(look: Look): Verdict | undefined {
  const touched = touchedObjects(look);
  const children = touched.filter(isGenerator).map(describeResource);
  if (children.length > 0) {
    const generates = generatorsOf(touched, look);
    return verdict(look, {
      verdict: 'unknown',
      reason: 'generated',
      sentence: `The change is in ${[...new Set(children)].join(', ')}, which is Synced; what that generates was not looked at.`,
      messages: warnings(look),
      // An object that asks for an image runs none.
      proof: imageProofs(look).filter(({ object }) => !isGenerator(object)),
      ...(generates !== undefined && { generates }),
    });
  }
  const generated = generatedOf(look);
  const silent = generated && unrenderable(generated)[0];
  if (silent !== undefined) {
    return verdict(look, {
      verdict: 'unknown',
      reason: 'no-rendered-difference',
      sentence: `${look.application.name} is Synced and Healthy with ${silent}; Argo CD does not show what it rendered before, so nothing tells what that does.`,
      messages: warnings(look),
      proof: imageProofs(look),
    });
  }
  const { targets } = findTargets(look);
  if (targets.length === 0 || targets.some(({ dormant }) => !dormant)) return undefined;
  return verdict(look, {
    verdict: 'unknown',
    reason: 'nothing-to-verify',
    sentence: 'The change is rendered in hooks alone that no sync runs, so nothing shows that it works.',
  });
}

/** As far as `until` asks for: nothing but a progressive rollout is left, and that has taken the change up. */
function onItsWay(look: Look): Verdict | undefined {
  const [first, ...others] = rollingOut(look);
  if (first === undefined) return undefined;
  return verdict(look, {
    verdict: 'rolling-out',
    reason: 'rolling-out',
    sentence: `${look.application.name} is rolling out the change: ${first.words}.`,
    messages: [...others.map(({ words }) => `${words}.`), ...warnings(look), ...unreadable(look)],
    missing: ['healthy'],
  });
}

/** `until` was asked for, and there is nothing that could be on its way. */
function notProgressive({ settings: { until } }: Look, inScope: readonly ResourceKey[]): readonly string[] {
  if (until === 'complete' || inScope.some(isRollout)) return [];
  return [`Nothing in scope is a Rollout, so \`until: ${until}\` waited for all of it.`];
}

function live(look: Look): Verdict {
  const { application, expectation } = look;
  const revision = short(comparedRevision(look) ?? '');
  return verdict(look, {
    verdict: 'live',
    reason: 'proven',
    sentence:
      expectation.type === 'revision'
        ? `${application.name} is Synced and Healthy at ${ofRevision(revision, short(expectation.revision))}. No image was checked: a \`revision\` names none.`
        : `${application.name} runs the change: ${isUnreadable(look) ? `its images are rendered from ${revision}` : `${revision} holds it`}, and the cluster shows it.`,
    messages: [
      ...warnings(look),
      ...proofOfArtifact(look),
      ...unreadable(look),
      ...unwatched(findTargets(look).targets, look),
      ...notProgressive(look, resourcesInScope(look)),
      ...notFollowed(look),
    ],
    proof: imageProofs(look),
  });
}

const ofRevision = (compared: string, wanted: string): string =>
  compared === wanted ? compared : `${compared}, which holds ${wanted}`;

/** A revision is of the application itself alone: nothing tells which of what it generates the commit is about. */
function notFollowed({ application, expectation }: Look): readonly string[] {
  const named = expectation.type === 'revision' ? application.resources.filter(isGenerator) : [];
  if (named.length === 0) return [];
  const [first = '', ...others] = named.map(describeResource);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [
    `What ${first}${more} generates was not looked at: name the applications that it generates in \`applications\`, or give the \`change\`.`,
  ];
}

/** What is not well and not ours. */
function warnings(look: Look): readonly string[] {
  const scope = scopeOf(look);
  const isNotOurs = (one: ResourceStatus): boolean =>
    scope === undefined
      ? isLeftUnwell(one, look) || isLeftOutOfSync(one, look)
      : !scope.some((key) => isSameObject(one, key));
  return look.application.resources
    .filter((one) => !one.hook && isNotOurs(one))
    .filter(({ health, sync }) => sync === 'OutOfSync' || health === 'Degraded' || health === 'Missing')
    .map((one) => {
      const before = look.baseline.unwell.some((unwell) => keyOf(unwell) === keyOf(one));
      const state = one.health === 'Degraded' || one.health === 'Missing' ? one.health : 'OutOfSync';
      return `${describeResource(one)} is ${state}${before ? ', as before the change' : ''}; it is not part of the change.`;
    });
}
