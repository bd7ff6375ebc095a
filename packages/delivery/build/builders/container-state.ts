import { at, text } from '@sluice/core/json';
import type { Ended } from '../program.ts';
import type { SmokeEnd } from './types.ts';

/** 128 and the number of SIGKILL. */
const KILLED = 137;

/**
 * How a container ended, by what `docker inspect` or `podman inspect` says of its state, and by its client's end. 125: the engine
 * itself failed; 126 and 127: the program cannot be started, or podman's runtime failed (https://docs.docker.com/engine/containers/run/#exit-status).
 * A program may end with these codes too: then it has been started.
 */
export function containerEnd(
  ended: Ended,
  state: unknown,
  how: { readonly killedIsMemory?: boolean } = {},
): SmokeEnd {
  const lines = ended.lines.filter((line) => !ADVICE.test(line));
  if (at(state, 'OOMKilled') === true) return { type: 'memory', lines };
  if (ended.timedOut) return { type: 'timed-out', lines };
  if (ended.failure !== undefined) return { type: 'not-run', lines: [ended.failure] };
  const error = text(at(state, 'Error'));
  const isStarted = text(at(state, 'Status')) === 'exited' && error === undefined;
  if (!isStarted) {
    const isItsProgram =
      (ended.code === 126 || ended.code === 127) && NO_PROGRAM.test(`${error}\n${lines.join('\n')}`);
    return { type: isItsProgram ? 'not-started' : 'not-run', lines };
  }
  if (ended.code === KILLED && how.killedIsMemory === true) return { type: 'memory', lines };
  return { type: 'ended', code: ended.code, lines };
}

/** Of Docker's client, below an error. */
const ADVICE = /^(?:Run|See) 'docker run --help'/;

/** What runc and crun say where the program is the reason, and not the machine. */
const NO_PROGRAM =
  /exec: "|executable file|open executable|exec format error|attempted to invoke a command that was not found/i;
