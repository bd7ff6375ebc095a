import type { End } from './drive.ts';
import { START } from './drive.ts';

/** A history as a person reads it: one line for each thing that happened or was seen, with the seconds since the commit. */
export function tell(end: End, wrong: string | undefined): string {
  const { scenario, verdict, world, looks } = end;
  const seen = looks.map(({ time, status, pending }) => ({
    time,
    line: [
      `shown: ${status.sync} at ${status.revision.slice(-7)}, ${status.health}, api ${status.difference.api} ${status.live.api.health}`,
      `compared ${seconds(status.reconciledAt)}, live of ${seconds(status.liveAt)}`,
      `operation ${pending === undefined ? '-' : 'pending'} ${status.operationState?.phase ?? '-'} ${status.operationState?.revision?.slice(-7) ?? ''}`,
      ...status.conditions.map(({ type, message }) => `${type} ${message.slice(0, 60)}`),
    ].join('; '),
  }));
  const changes = seen.filter(({ line }, index) => line !== seen[index - 1]?.line);
  const { change, scope, sync, settleMs, graceMs } = scenario;
  return [
    `seed ${scenario.seed}: ${verdict.verdict} (${verdict.reason}) at ${seconds(looks.at(-1)?.time ?? START)}: ${verdict.sentence}`,
    ...(wrong === undefined ? [] : [`  WRONG: ${wrong}`]),
    `  ${JSON.stringify({ change, scope, sync, settleMs, graceMs })}`,
    `  ${JSON.stringify(scenario.knobs)}`,
    ...[...world.timeline.notes, ...changes]
      .sort((a, b) => a.time - b.time)
      .map(({ time, line }) => `  ${seconds(time).padStart(8)}  ${line}`),
  ].join('\n');
}

const seconds = (time: number): string => `${((time - START) / 1000).toFixed(2)} s`;
