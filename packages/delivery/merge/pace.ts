/** Auto-merge often takes some seconds. */
const FIRST_MS = 5_000;
/** A review takes minutes; an answer that says "not changed" costs a GITHUB_TOKEN none of its 1,000 requests an hour, other answers do. */
const LONGEST_MS = 60_000;
/** Jobs that began together shall not ask together. */
const JITTER = 0.2;

/** The pause before look number `look` (1 is the first after the start), milliseconds. `random` from 0 to 1. */
export function pauseBefore(look: number, random: number): number {
  const whole = Math.min(FIRST_MS * 1.5 ** (look - 1), LONGEST_MS);
  return Math.round(whole * (1 - JITTER / 2 + JITTER * random));
}
