import { at, text } from '@sluice/core/json';
import type { Ended } from '../program.ts';
import type { SmokeEnd } from './types.ts';

/**
 * How a container ended, by what `docker inspect` or `podman inspect` says of its state, and by its client's end. 125: the engine
 * itself failed; 126 and 127: the program cannot be started (https://docs.docker.com/engine/containers/run/#exit-status). A program
 * may end with these codes too: then its state has no error.
 */
export function containerEnd(ended: Ended, state: unknown): SmokeEnd {
  const { lines } = ended;
  if (at(state, 'OOMKilled') === true) return { type: 'memory', lines };
  if (ended.timedOut) return { type: 'timed-out', lines };
  if (ended.failure !== undefined) return { type: 'not-run', lines: [ended.failure] };
  const error = text(at(state, 'Error'));
  const isStarted = text(at(state, 'Status')) === 'exited' && error === undefined;
  if (!isStarted && (ended.code === 126 || ended.code === 127)) return { type: 'not-started', lines };
  if (!isStarted) return { type: 'not-run', lines };
  return { type: 'ended', code: ended.code, lines };
}
