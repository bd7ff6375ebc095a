import type { GitHub } from '@sluice/core/github';
import type { Decision, Plan } from '../bump/bump-plan.ts';
import { showScalar } from '../bump/subject.ts';
import { describePlace } from '../describe.ts';
import type { Repository } from '../git/repository.ts';
import type { BumpInputs } from '../inputs.ts';
import { createAskLabels, type GuardWorld } from './outdated-labels.ts';
import { type Suspect, suspectsOf } from './outdated-places.ts';
import { overtakenBy } from './outdated-record.ts';

/** Gives a plan that would bring something old back another decision: refused. */
export type OutdatedGuard = (plan: Plan) => Promise<Plan>;

const HINT =
  'Run the newest run of the workflow again instead of an old one, or set `allow-downgrade: true` to go back on purpose.';

/**
 * Holds plans to what is known of the values in place, where semantic versions do not tell: who set them, by the branch's commits, and
 * what images say of their build, by their labels. Where nothing is known, or a registry does not answer, a plan stays as it is.
 *
 * Without `remote` (`commit: none`) there is no record, and a registry is asked only where the run asks it anyway, or where it is on
 * this machine: who edits files without a network is not made to wait for one.
 */
export function createOutdatedGuard(
  inputs: BumpInputs,
  world: GuardWorld,
  remote?: { readonly repository: Repository; readonly github: GitHub },
): OutdatedGuard {
  const askLabels = createAskLabels(inputs, world, remote?.github);
  // Values that no newer run had set on the one branch that is planned on: as long as one stands there, it was not set again.
  const cleared = new Set<string>();
  async function byRecord(plan: Plan, suspects: readonly Suspect[]): Promise<Decision | undefined> {
    const open = suspects.filter((suspect) => !cleared.has(keyOf(suspect)));
    if (remote === undefined || open.length === 0) return undefined;
    const overtaken = await overtakenBy(remote.repository, plan.change, open);
    if (overtaken === undefined) {
      if (inputs.commit === 'direct') for (const suspect of open) cleared.add(keyOf(suspect));
      return undefined;
    }
    const { suspect, run, commit } = overtaken;
    const set = `which the newer run ${run} set with ${commit.sha.slice(0, 7)}`;
    return refused(suspect, `is older than ${showScalar(suspect.edit.from)}, ${set}`);
  }
  return async (plan) => {
    if (inputs['allow-downgrade'] || plan.decision.type !== 'write') return plan;
    const suspects = suspectsOf(plan.change);
    if (suspects.length === 0) return plan;
    const recorded = await byRecord(plan, suspects);
    if (recorded !== undefined) return { ...plan, decision: recorded };
    const older = await askLabels(suspects);
    return older === undefined
      ? plan
      : { ...plan, decision: refused(older.suspect, `is outdated: ${older.why}`) };
  };
}

function keyOf({ path, edit }: Suspect): string {
  return JSON.stringify([path, edit.place, edit.from]);
}

function refused({ path, edit }: Suspect, said: string): Decision {
  const why = `${path}, ${describePlace(edit.place)}: ${showScalar(edit.to)} ${said}`;
  return { type: 'refused', reason: 'outdated', why, hint: HINT };
}
