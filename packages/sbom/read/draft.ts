import type { Component, Sbom } from '../types.ts';
import { DocumentError } from './json-builder.ts';

/** What is held of a document: 200 MB of the smallest entries that there are would be ten times more, and no SBOM. */
const MOST = { components: 500_000, links: 2_000_000 };

/** An SBOM while it is read. */
export interface Draft {
  /** Adds a component under its ref, or under one that is made up where it has none or another one has it; gives the ref. */
  add(component: Omit<Component, 'ref'>, ref: string | undefined): string;
  /** `from` brings `to` in. */
  link(from: string, to: string): void;
  /** `from` brings each of them in. */
  linkAll(from: string, to: readonly string[]): void;
  root(ref: string): void;
  has(ref: string): boolean;
  get(ref: string): Component | undefined;
  /** Something that it says it does not hold; each sentence once. */
  warn(sentence: string): void;
  /** How many refs it names as needed, and does not list; `others`: of what is no component. */
  unlisted(others: ReadonlySet<string | undefined>): number;
  finish(file: string, format: string): Sbom;
}

export function startDraft(): Draft {
  const components = new Map<string, Component>();
  const dependsOn = new Map<string, string[]>();
  const roots = new Set<string>();
  const warnings = new Set<string>();
  const refFor = freeRefs(components);
  let links = 0;
  // A ref stands in a component, and once more for each that needs it: as one and the same text it takes a quarter of the memory.
  const texts = new Map<string, string>();
  const one = (text: string): string => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  const count = (more: number) => {
    links += more;
    if (links > MOST.links) throw tooMany('dependencies', MOST.links);
  };
  return {
    add(component, wanted) {
      const ref = refFor(wanted);
      if (components.size >= MOST.components) throw tooMany('components', MOST.components);
      const own = one(ref);
      components.set(own, {
        ...component,
        // Most writers take the purl for the ref.
        ...(component.purl === ref ? { purl: own } : {}),
        ref: own,
      });
      return ref;
    },
    link(from, to) {
      if (from === to) return;
      count(1);
      const known = dependsOn.get(from);
      if (known === undefined) dependsOn.set(one(from), [one(to)]);
      else known.push(one(to));
    },
    linkAll(from, to) {
      count(to.length);
      const needed = to.filter((ref) => ref !== from).map(one);
      const known = dependsOn.get(from);
      if (known === undefined) dependsOn.set(one(from), needed);
      else for (const ref of needed) known.push(ref);
    },
    root: (ref) => void roots.add(ref),
    has: (ref) => components.has(ref),
    get: (ref) => components.get(ref),
    warn: (sentence) => void warnings.add(sentence),
    unlisted(others) {
      const missing = new Set<string>();
      for (const needed of dependsOn.values())
        for (const ref of needed) if (!components.has(ref) && !others.has(ref)) missing.add(ref);
      return missing.size;
    },
    finish(file, format) {
      const listed = [...roots].filter((ref) => components.has(ref));
      const first = components.get(listed[0] ?? '');
      return {
        file,
        format,
        ...(first === undefined ? {} : { subject: labelOf(first) }),
        components: [...components.values()],
        dependsOn,
        roots: listed,
        ...(warnings.size === 0 ? {} : { warnings: [...warnings] }),
      };
    },
  };
}

const labelOf = ({ name, version }: Component): string =>
  version === undefined ? name : `${name} ${version}`;

/**
 * Gives the ref that is wanted; or one that nobody has, where there is none or another one has it. For each wanted ref the numbers
 * go on where they ended, so that each ref that looks made up is met once, however many a document has of them.
 */
function freeRefs(taken: ReadonlyMap<string, Component>): (wanted: string | undefined) => string {
  const last = new Map<string, number>();
  return (wanted) => {
    if (wanted !== undefined && !taken.has(wanted)) return wanted;
    const start = wanted ?? 'component';
    for (let number = (last.get(start) ?? 0) + 1; ; number += 1) {
      const ref = `${start}#${number}`;
      if (taken.has(ref)) continue;
      last.set(start, number);
      return ref;
    }
  };
}

const tooMany = (what: string, most: number): DocumentError =>
  new DocumentError(`it lists more than ${most} ${what}`, 'too-large');
