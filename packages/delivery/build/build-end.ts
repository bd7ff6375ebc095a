import type { Ended } from './program.ts';
import type { BuildReason } from './reasons.ts';
import { lastWords } from './words-of-log.ts';

/** Why there is no image. */
export interface BuildFailure {
  readonly reason: Extract<BuildReason, 'build-failed' | 'base-image-not-reached' | 'builder-failed'>;
  /** What the builder said. */
  readonly words: string;
}

/** A registry that was not reached, or has no time: https://github.com/containerd/containerd and /containers/image say it so. */
const REGISTRY =
  /(?:failed to resolve source metadata for|failed to do request|pinging container registry|initializing source docker:\/\/|failed to copy: httpReadSeeker|reading manifest \S+ in)/;
const AWAY =
  /(?:no such host|i\/o timeout|connection (?:refused|reset)|network is unreachable|TLS handshake timeout|server misbehaving|context deadline exceeded|toomanyrequests|429 Too Many|\b50[0234]\b|unexpected EOF|connect: no route)/i;
/** The machine's, whatever the Dockerfile says. */
const MACHINE =
  /(?:no space left on device|cannot allocate memory: fork|Cannot connect to the Docker daemon|failed to list workers|unknown flag: --|the docker driver does not support|docker exporter does not currently support exporting manifest lists|Multi-platform build is not supported for the docker driver)/;

/** Why a build has failed; undefined where it has not. A Dockerfile is to blame unless the log says otherwise. */
export function buildFailure(ended: Ended): BuildFailure | undefined {
  if (ended.code === 0) return undefined;
  const words = buildWords(ended);
  // 137: the system has killed it, most often for want of memory.
  if (ended.code === undefined || ended.code === 137) return { reason: 'builder-failed', words };
  const errors = ended.lines.filter((line) => /error/i.test(line));
  if (errors.some((line) => MACHINE.test(line))) return { reason: 'builder-failed', words };
  if (errors.some((line) => REGISTRY.test(line) && AWAY.test(line)))
    return { reason: 'base-image-not-reached', words };
  return { reason: 'build-failed', words };
}

/** The builder's own error, which need not be its last line. */
function buildWords(ended: Ended): string {
  const error = ended.lines.findLast((line) => /^(?:ERROR|Error): /.test(line));
  return lastWords(
    error === undefined ? ended : { ...ended, lines: [error.replace(/^(?:ERROR|Error): /, '')] },
  );
}
