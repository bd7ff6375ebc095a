import { refresh } from '../decide/fresh.ts';
import { verdict, wait } from '../decide/look.ts';
import { spec as specClause } from '../decide/spec.ts';
import type { Finding, Look } from '../decide/types.ts';
import type { Application } from '../observation.ts';
import { valueAt } from '../value-at.ts';
import type { Generated, Want } from './types.ts';
import { describeAt, holdsWant, shortValue } from './values.ts';

/** A controller that may write the Application does so within a second or two of the edit. */
const KEPT_AFTER = 5000;

/** Clause 2 for an Application that is generated: its spec takes the place of Git, and the comparison must be one with that spec. */
export function shown(look: Look, generated: Generated): Finding {
  const { application } = look;
  if (!isMadeBy(application, generated)) {
    const why = `Application ${application.name} is another object than the one that ${generated.by} made`;
    return { ...wait('contained', why), unavailable: true };
  }
  const missing = generated.wants.filter((want) => !holdsWant(application.wanted, want));
  const [first] = missing;
  if (first !== undefined) return lacking(look, generated, missing.find(({ kept }) => kept) ?? first);
  const older = specClause.check(look);
  return older?.type === 'wait' ? refresh(look, 'contained', older.why) : older;
}

export const isMadeBy = ({ uid, owners }: Application, generated: Pick<Generated, 'uid'>): boolean =>
  generated.uid !== '' && [uid, ...owners.map((owner) => owner.uid)].includes(generated.uid);

function lacking(look: Look, generated: Generated, want: Want): Finding {
  const { application, observed, baseline } = look;
  const what = describeLack(application, generated, want);
  if (want.kept === undefined) return wait('contained', `${what} yet`);
  const due = baseline.localTime + KEPT_AFTER;
  if (observed.takenAt < due) return wait('contained', `${what} yet`, due);
  return verdict(look, {
    verdict: 'not-effective',
    reason: 'overridden',
    sentence: `${what}, and will not: ${want.kept}.`,
    missing: ['contained'],
  });
}

function describeLack({ name, wanted }: Application, { by }: Generated, want: Want): string {
  if (want.at === undefined)
    return `${by} has not set the version of ${want.image ?? 'the change'} in Application ${name}`;
  const to = want.like === undefined ? shortValue(want.to) : 'the new value';
  return `${by} has not set ${describeAt(want.at)} of Application ${name} to ${to} (it is ${shortValue(valueAt({ spec: wanted }, want.at))})`;
}
