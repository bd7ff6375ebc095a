import type { Texts } from './shape.ts';

/** The outputs of a job as others get them: GitHub drops one that holds a masked value, and warns. */
export function keptOutputs(outputs: Texts, masks: readonly string[]): Texts {
  const secret = masks.filter((mask) => mask !== '');
  const kept = Object.entries(outputs).filter(([, text]) => !secret.some((mask) => text.includes(mask)));
  return Object.fromEntries(kept);
}
