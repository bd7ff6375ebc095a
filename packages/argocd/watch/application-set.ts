import type { Clock } from '@sluice/core/clock';
import { SluiceError } from '@sluice/core/errors';
import type { Offspring } from '../children/after-children.ts';
import { type Child, childrenOf, faultOf, unnamedOf, wantsOf } from '../children/application-set.ts';
import { isMadeBy } from '../children/shown.ts';
import type { Generated, Generator } from '../children/types.ts';
import { isSameObject } from '../decide/look.ts';
import type { Verdict } from '../decide/types.ts';
import { at, isRecord, type Json, text } from '../json.ts';
import { describeResource } from '../observation.ts';
import { type Brood, endOf, type Family, findMember, watchMember } from './children.ts';
import { createFaults } from './set-faults.ts';
import type { Watched } from './wait.ts';

/** A change of the ApplicationSet or of its status is noticed this late; its Applications are watched by themselves. */
const BETWEEN_LOOKS = 3000;
/** The controller sees an edit of its ApplicationSet within seconds. */
const LATE = 30_000;
/** Each costs a request. */
const AT_ONCE = 5;

/** What became of one Application of the ApplicationSet. */
type Member =
  | { readonly type: 'watched'; readonly verdicts: readonly Watched[] }
  /** It could not be looked at. */
  | { readonly type: 'unseen'; readonly why: string }
  /** By its name the change is not for it. */
  | { readonly type: 'another' }
  /** What it has comes from elsewhere in the ApplicationSet, as it looked then. */
  | { readonly type: 'elsewhere' };

/** Watches every Application that an ApplicationSet generates and that the change reaches, also those that come late. */
export async function broodOfSet(
  generator: Generator,
  parent: Watched,
  family: Family,
  above: readonly string[],
): Promise<Brood> {
  const { clock, watch } = family;
  const until = endOf(family);
  const members = new Map<string, Promise<Member>>();
  const faults = createFaults(generator.key, family);
  const secondLook = createSecondLook(family, () => faults.verdict() !== undefined);
  const own = { ...family, watch: { ...watch, over: faults.verdict } };
  for (;;) {
    const read = await readSet(generator, parent);
    const set = read ?? generator.object;
    const fault = faults.see(read);
    for (const who of newcomers(members, set)) {
      members.set(idOfMember(who), memberOf(set, generator, who, parent, own, above));
    }
    const all = Promise.all(members.values());
    const rest = Math.min(BETWEEN_LOOKS, until - clock.now());
    const isOver = rest <= 0 || faults.verdict() !== undefined;
    const finished = isOver ? await all : await within(rest, members.size === 0 ? undefined : all, clock);
    if (finished === undefined || (await secondLook(members, finished))) continue;
    if (isOver) return brood(generator, set, finished, faults.verdict(), fault);
    // Looked at once more after the last one: another may have come, or a fault.
    const last = fault === undefined ? await readSet(generator, parent) : undefined;
    if (isSameList(members, last)) return brood(generator, last, finished);
    await clock.sleep(rest);
  }
}

/**
 * The controller may not have seen the change when an Application was looked at, and has once another one is through: what seemed to
 * come from elsewhere is asked for once more then. As long as there is no other, some of them are at each look. Tells whether there is
 * anything to ask.
 */
function createSecondLook(family: Family, isOver: () => boolean) {
  const { clock } = family;
  const asked = new Set<string>();
  const patience = Math.min(clock.now() + LATE, endOf(family) - BETWEEN_LOOKS);
  return async (members: Map<string, unknown>, finished: readonly Member[]): Promise<boolean> => {
    if (isOver()) return false;
    const all = [...members.keys()].filter((_, index) => finished[index]?.type === 'elsewhere');
    const isSeen = finished.some(({ type }) => type === 'watched');
    const isEarly = !isSeen && all.length > 0 && clock.now() < patience;
    const again = isEarly ? all.slice(0, AT_ONCE) : all.filter((id) => !asked.has(id));
    if (isEarly) await clock.sleep(BETWEEN_LOOKS);
    for (const id of again) {
      if (!isEarly) asked.add(id);
      // It comes back as the last one, so that all have their turn.
      members.delete(id);
    }
    return again.length > 0;
  };
}

/** What is promised, or undefined where it takes longer. */
async function within<T>(ms: number, promised: Promise<T> | undefined, clock: Clock): Promise<T | undefined> {
  const stop = new AbortController();
  const over = clock.sleep(Math.max(ms, 0), stop.signal).catch(() => undefined);
  try {
    return await Promise.race([...(promised === undefined ? [] : [promised]), over.then(() => undefined)]);
  } finally {
    stop.abort();
  }
}

const idOfMember = ({ name, namespace }: Child): string => `${namespace}/${name}`;

const newcomers = (members: ReadonlyMap<string, unknown>, set: Json): readonly Child[] =>
  childrenOf(set).filter((one) => !members.has(idOfMember(one)));

const isSameList = (members: ReadonlyMap<string, unknown>, set: Json): boolean =>
  set !== undefined && faultOf(set) === undefined && newcomers(members, set).length === 0;

async function memberOf(
  set: Json,
  { key, edits }: Generator,
  who: Child,
  parent: Watched,
  family: Family,
  above: readonly string[],
): Promise<Member> {
  const byName = wantsOf(set, edits, { name: who.name, spec: undefined });
  if (byName.length === 0) return { type: 'another' };
  const unsure = byName.find((want) => want.unsure !== undefined)?.unsure;
  if (unsure !== undefined) return { type: 'unseen', why: unsure };
  const project = text(at(set, 'spec', 'template', 'spec', 'project')) ?? '';
  const name = { ...who, project: project.includes('{{') ? '' : project };
  const member = await findMember(parent.selected.argocd, name, family);
  if (typeof member === 'string') return { type: 'unseen', why: member };
  const wants = wantsOf(set, edits, { name: member.name, spec: member.wanted });
  if (wants.length === 0) return { type: 'elsewhere' };
  const uid = text(at(set, 'metadata', 'uid')) ?? '';
  const generated: Generated = { by: describeResource(key), uid, wants };
  if (!isMadeBy(member, generated)) {
    const why = `Application ${member.name} is not the one that ${describeResource(key)} has made.`;
    return { type: 'unseen', why };
  }
  return { type: 'watched', verdicts: await watchMember(member, generated, parent, family, above) };
}

/**
 * As Argo CD's API shows it; where the token may not see it, as it is among the parent's resources after a comparison. Undefined
 * where neither answers.
 */
async function readSet({ key, object }: Generator, { selected }: Watched): Promise<Json> {
  const { argocd, application } = selected;
  try {
    const set = await argocd.applicationSet(key);
    if (set !== undefined) return isSameSet(set, object) ? set : object;
    await argocd.refresh(application);
    const managed = await argocd.managedResources(application);
    const live = managed.find((one) => isSameObject(one, key))?.live;
    return isRecord(live) ? live : object;
  } catch (error) {
    if (error instanceof SluiceError && error.kind !== 'internal') return undefined;
    throw error;
  }
}

/** One of the same name may be another Argo CD's. */
const isSameSet = (set: Json, object: Json): boolean =>
  at(set, 'metadata', 'uid') === at(object, 'metadata', 'uid');

function brood(
  { key }: Generator,
  set: Json,
  all: readonly Member[],
  ended?: Verdict,
  fault?: string,
): Brood {
  const families = all.flatMap((one) => (one.type === 'watched' ? [one.verdicts] : []));
  const against = ended ?? doubt(describeResource(key), set, all, fault);
  const offspring = { key, watched: families.length, ...(against !== undefined && { against }) };
  return { offspring, verdicts: families.flat() };
}

/** More Applications than these are not told one by one. */
const TOLD = 5;

function doubt(
  name: string,
  set: Json,
  all: readonly Member[],
  fault: string | undefined,
): Offspring['against'] {
  const unknown = (sentence: string) => ({ verdict: 'unknown', reason: 'could-not-ask', sentence }) as const;
  const unseen = all.flatMap((one) => (one.type === 'unseen' ? [one.why] : []));
  if (fault !== undefined) return unknown(`${name} does not generate what it says for now: ${fault}`);
  const unnamed = unnamedOf(set);
  const more = unseen.length > TOLD ? [`The same of ${unseen.length - TOLD} more.`] : [];
  const told = [...(unnamed === undefined ? [] : [`${unnamed}.`]), ...unseen.slice(0, TOLD), ...more];
  if (told.length > 0) return unknown(`Not all that ${name} generates could be looked at: ${told.join(' ')}`);
  if (all.length === 0) return unknown(`${name} shows no Application that it has generated.`);
  return all.some((one) => one.type === 'watched')
    ? undefined
    : unknown(
        `Nothing shows which of the ${all.length} Applications that ${name} generates the change is for.`,
      );
}
