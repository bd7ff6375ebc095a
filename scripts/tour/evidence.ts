import { isObject, type JsonObject, listAt, textAt, toJson } from '@sluice/testbed/argocd/json';
import type { RunResult } from '@sluice/testbed/runner';

/** Lines that say what an action saw, from its output `result`. */
export type Evidence = readonly string[];

const short = (revision: string): string =>
  /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision;

function ofApplication(application: JsonObject): Evidence {
  const name = textAt(application, 'name') ?? '';
  const revision = short(textAt(application, 'revision') ?? '');
  const seen = new Set(
    listAt(application, 'images').map((image) => {
      const where =
        textAt(image, 'seen') === 'live-state' ? 'in the live object' : 'in the result of the sync';
      return `${textAt(image, 'image')?.split('/').at(-1)} seen ${where}`;
    }),
  );
  const messages = listAt(application, 'messages').slice(1).map(String);
  const proof = seen.size > 0 ? `: ${[...seen].join(', ')}` : '';
  const why = seen.size > 0 ? [] : messages;
  return [`${name} at ${revision}${proof}`, ...why];
}

/** What the summary does not say already. */
export function evidenceOf(result: RunResult): Evidence {
  const { outputs } = result;
  const parsed = outputs.result ? toJson(JSON.parse(outputs.result)) : {};
  const applications = listAt(parsed, 'applications').filter((one) => isObject(one));
  return applications.flatMap(ofApplication).filter((line) => !outputs.summary?.includes(line));
}
