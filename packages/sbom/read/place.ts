/** Where a value stands in its document. Linked, because a place is written out only for a problem, and documents may be 100,000 levels deep. */
export interface Place {
  readonly up?: Place;
  readonly key: string | number;
}

/** How many steps of a place are shown at either end: what lies between is of no use to a person. */
const SHOWN = 6;

export const under = (up: Place | undefined, key: string | number): Place =>
  up === undefined ? { key } : { up, key };

/** `components[17].purl`; of a deep one the beginning and the end. */
export function placeText(place: Place): string {
  const steps: (string | number)[] = [];
  for (let here: Place | undefined = place; here !== undefined; here = here.up) steps.push(here.key);
  steps.reverse();
  const written = steps.length <= 2 * SHOWN ? steps : [...steps.slice(0, SHOWN), '…', ...steps.slice(-SHOWN)];
  return written
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}
