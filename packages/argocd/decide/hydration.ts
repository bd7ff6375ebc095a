import type { Hydration } from '../observation.ts';
import { isOfRenderer, isPassing } from './comparison-words.ts';
import { refresh } from './fresh.ts';
import { isUnavailable, serverNow, short, verdict, wait } from './look.ts';
import type { ClauseName, Finding, Look } from './types.ts';

const BETWEEN_ATTEMPTS = 10_000;

/**
 * What the hydrator has to say of a change that is not in the branch that it renders to: it is at it, or it has failed at a commit that
 * holds the change. undefined: nothing. No refresh helps while it renders: each one makes it render again.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/source-hydrator/
 */
export function hydration(look: Look, clause: ClauseName): Finding {
  const current = look.application.hydrated?.current;
  if (current === undefined || current.phase === 'Hydrated') return undefined;
  if (current.phase === 'Hydrating')
    return wait(clause, `The hydrator renders ${short(current.dry) || 'a commit'}`);
  const content = look.evidence.content.get(current.dry);
  if (current.dry === '' || isUnavailable(content)) return undefined;
  if (content === undefined) return { type: 'ask', clause, evidence: 'content', revision: current.dry };
  return content.state === 'contained' ? failed(look, clause, current) : undefined;
}

/** It tries again by itself after two minutes, and with each refresh: what may pass is waited for, what its renderers say of the commit stays so. */
function failed(look: Look, clause: ClauseName, { dry, message, finishedAt }: Hydration): Finding {
  const sentence = `The hydrator could not render ${short(dry)}: ${message}`;
  const stood = finishedAt === undefined ? 0 : serverNow(look) - finishedAt;
  const rest = look.settings.degradedGraceMs - stood;
  if (isPassing(message) || (!isOfRenderer(message) && rest > 0))
    return refresh(look, clause, sentence, BETWEEN_ATTEMPTS);
  return verdict(look, { verdict: 'failed', reason: 'hydration-failed', sentence, missing: ['contained'] });
}
