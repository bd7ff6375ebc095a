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
import type { Watched } from './wait.ts';

/** A change of the ApplicationSet or of its status is noticed this late; its Applications are watched by themselves. */
const BETWEEN_LOOKS = 3000;

/** Watches every Application that an ApplicationSet generates and that the change reaches, also those that come late. */
export async function broodOfSet(
  generator: Generator,
  parent: Watched,
  family: Family,
  above: readonly string[],
): Promise<Brood> {
  const { clock, watch } = family;
  const until = endOf(family);
  const members = new Map<string, Promise<readonly Watched[] | string | undefined>>();
  const faults = createFaults(generator, family);
  for (;;) {
    const read = await readSet(generator, parent);
    const set = read ?? generator.object;
    const fault = read === undefined ? 'Argo CD does not answer about it' : faults.see(read);
    const own = { ...family, watch: { ...watch, over: faults.verdict } };
    for (const who of newcomers(members, set)) {
      members.set(idOfMember(who), memberOf(set, generator, who, parent, own, above));
    }
    const all = Promise.all(members.values());
    const rest = Math.min(BETWEEN_LOOKS, until - clock.now());
    const finished = await within(rest, members.size === 0 ? undefined : all, clock);
    if (rest <= 0 || faults.verdict() !== undefined)
      return brood(generator, set, await all, faults.verdict(), fault);
    // Looked at once more after the last one: another may have come, or a fault.
    if (finished !== undefined) {
      const last = fault === undefined ? await readSet(generator, parent) : undefined;
      if (isSameList(members, last)) return brood(generator, last, finished);
      await clock.sleep(rest);
    }
  }
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

/** Its verdicts; a sentence where it cannot be looked at; undefined where the change does not reach it. */
async function memberOf(
  set: Json,
  { key, edits }: Generator,
  who: Child,
  parent: Watched,
  family: Family,
  above: readonly string[],
): Promise<readonly Watched[] | string | undefined> {
  const project = text(at(set, 'spec', 'template', 'spec', 'project')) ?? '';
  const name = { ...who, project: project.includes('{{') ? '' : project };
  const member = await findMember(parent.selected.argocd, name, family);
  if (typeof member === 'string') return member;
  const wants = wantsOf(set, edits, { name: member.name, spec: member.wanted });
  if (wants.length === 0) return undefined;
  const uid = text(at(set, 'metadata', 'uid')) ?? '';
  const generated: Generated = { by: describeResource(key), uid, wants };
  if (!isMadeBy(member, generated))
    return `Application ${member.name} is not the one that ${describeResource(key)} has made.`;
  return watchMember(member, generated, parent, family, above);
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

/** A fault that stands for the grace time is no passing one: a generator may ask Git, or a cluster, that is away. */
function createFaults({ key }: Generator, { clock, watch }: Family) {
  let since: number | undefined;
  let said: Verdict | undefined;
  return {
    verdict: (): Verdict | undefined => said,
    see(set: Json): string | undefined {
      const fault = faultOf(set);
      since = fault === undefined ? undefined : (since ?? clock.now());
      if (fault === undefined || since === undefined) return undefined;
      if (watch.mode === 'wait' && clock.now() - since >= watch.settings.degradedGraceMs) {
        said = { type: 'verdict', ...failing(key, fault), messages: [], missing: [], proof: [] };
      }
      return fault;
    },
  };
}

const failing = (key: Generator['key'], fault: string) =>
  ({
    verdict: 'failed',
    reason: 'not-generated',
    sentence: `${describeResource(key)} does not generate what it says: ${fault}`,
  }) as const;

function brood(
  { key }: Generator,
  set: Json,
  all: readonly (readonly Watched[] | string | undefined)[],
  ended?: Verdict,
  fault?: string,
): Brood {
  const verdicts = all.flatMap((one) => (Array.isArray(one) ? one : []));
  const watched = all.filter((one) => Array.isArray(one)).length;
  const against = ended ?? doubt(describeResource(key), set, all, watched, fault);
  return { offspring: { key, watched, ...(against !== undefined && { against }) }, verdicts };
}

function doubt(
  name: string,
  set: Json,
  all: readonly (readonly Watched[] | string | undefined)[],
  watched: number,
  fault: string | undefined,
): Offspring['against'] {
  const unknown = (sentence: string) => ({ verdict: 'unknown', reason: 'could-not-ask', sentence }) as const;
  const unseen = all.filter((one) => typeof one === 'string');
  if (fault !== undefined) return unknown(`${name} does not generate what it says for now: ${fault}`);
  if (unseen.length > 0)
    return unknown(`Not all that ${name} generates could be looked at: ${unseen.join(' ')}`);
  const unnamed = unnamedOf(set);
  if (unnamed !== undefined) return unknown(`Not all that ${name} generates could be looked at: ${unnamed}.`);
  if (all.length === 0) return unknown(`${name} shows no Application that it has generated.`);
  return watched === 0
    ? unknown(
        `Nothing shows which of the ${all.length} Applications that ${name} generates the change is for.`,
      )
    : undefined;
}
