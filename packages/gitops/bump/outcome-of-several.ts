import { createHash } from 'node:crypto';
import type { Fact } from '@sluice/core/run';

type Outputs = Readonly<Record<string, string>>;

/**
 * The outputs of several repositories as those of one: `changed` where any was, the changes as a JSON array, one digest of all plans,
 * and of all else one line for each repository, in their order. Of one they are its own.
 */
export function outputsOfSeveral(all: readonly Outputs[]): Outputs {
  const [first = {}, ...others] = all;
  if (others.length === 0) return first;
  return Object.fromEntries(
    Object.keys(first).map((name) => {
      const values = all.map((outputs) => outputs[name] ?? '');
      return [name, join(name, values)] as const;
    }),
  );
}

function join(name: string, values: readonly string[]): string {
  const given = values.filter((value) => value !== '');
  // Empty: it is not known of one of them.
  if (name === 'changed') return given.includes('true') ? 'true' : values.includes('') ? '' : 'false';
  if (name === 'change') return given.length === 0 ? '' : `[${given.join(',')}]`;
  if (name === 'plan-digest') return values.includes('') ? '' : digestOfSeveral(values);
  return given.length === 0 ? '' : values.join('\n');
}

/** One digest of the digests of several plans; of one it is that plan's own. */
export function digestOfSeveral(digests: readonly string[]): string {
  const [only, ...others] = digests.toSorted();
  if (only !== undefined && others.length === 0) return only;
  return `sha256:${createHash('sha256')
    .update([only, ...others].join('\n'))
    .digest('hex')}`;
}

/** What is true of several parts so far, as one fact. */
export function factOfSeveral(facts: readonly Fact[]): Fact {
  const [only, ...others] = facts;
  if (only !== undefined && others.length === 0) return only;
  const sentences = facts.flatMap(({ sentence }) =>
    sentence === undefined || sentence === '' ? [] : [sentence],
  );
  return { outputs: outputsOfSeveral(facts.map(({ outputs }) => outputs)), sentence: sentences.join(' ') };
}
