import type { OperationState } from '../observation.ts';
import { realOperation, serverNow } from './look.ts';
import type { Look } from './types.ts';

/** For some 30 ms after an operation the application still shows what was before it; the settle time covers a busy controller. */
export function restAfterOperation(look: Look): number {
  const { settleMs } = look.settings;
  const finished = realOperation(look.application)?.finishedAt;
  return finished === undefined ? 0 : Math.min(finished - serverNow(look), -seenFor(look)) + settleMs;
}

/** How long an operation has been over. */
export const endedFor = (look: Look, { finishedAt }: OperationState): number =>
  Math.max(finishedAt === undefined ? 0 : serverNow(look) - finishedAt, seenFor(look));

/** How long the operation has been before our eyes as it is: needs no other clock. */
const seenFor = ({ observed, history }: Look): number => observed.takenAt - history.operation.since;
