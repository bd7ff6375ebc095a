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
  root(ref: string): void;
  has(ref: string): boolean;
  finish(file: string, format: string): Sbom;
}

export function startDraft(): Draft {
  const components = new Map<string, Component>();
  const dependsOn = new Map<string, Set<string>>();
  const roots = new Set<string>();
  let links = 0;
  return {
    add(component, wanted) {
      const stem = wanted ?? 'component';
      let ref = stem;
      // The number of components so far is never taken twice, so this ends at once.
      for (let number = components.size; wanted === undefined || components.has(ref); number += 1) {
        ref = `${stem}#${number}`;
        if (!components.has(ref)) break;
      }
      if (components.size >= MOST.components) throw tooMany('components', MOST.components);
      components.set(ref, { ...component, ref });
      return ref;
    },
    link(from, to) {
      if (from === to) return;
      links += 1;
      if (links > MOST.links) throw tooMany('dependencies', MOST.links);
      const known = dependsOn.get(from);
      if (known === undefined) dependsOn.set(from, new Set([to]));
      else known.add(to);
    },
    root: (ref) => void roots.add(ref),
    has: (ref) => components.has(ref),
    finish(file, format) {
      const listed = [...roots].filter((ref) => components.has(ref));
      const first = components.get(listed[0] ?? '');
      return {
        file,
        format,
        ...(first === undefined ? {} : { subject: [first.name, first.version].filter(Boolean).join(' ') }),
        components: [...components.values()],
        dependsOn: new Map([...dependsOn].map(([from, to]) => [from, [...to]])),
        roots: listed,
      };
    },
  };
}

const tooMany = (what: string, most: number): DocumentError =>
  new DocumentError(`it lists more than ${most} ${what}`, true);
