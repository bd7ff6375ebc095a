import type { World } from '@sluice/core/run';
import type { GateInputs } from './inputs.ts';
import { judgeJobs, shownName, unknownNames } from './judge-jobs.ts';
import { type GateOutcome, gateOutcome } from './outcome.ts';

/**
 * From 131,060 bytes on the system starts no process with such a variable, and no code of ours could say so
 * (`MAX_ARG_STRLEN` of Linux, 32 pages of 4,096 bytes, for name and value).
 */
const LARGE_BYTES = 100_000;

/** pr-ready: the one required check. */
export async function runGate(inputs: GateInputs, world: World): Promise<GateOutcome> {
  const given = inputs.needs ?? inputs.jobs;
  const jobs = given?.jobs ?? [];
  const rules = {
    failures: new Set(inputs['allowed-failures']),
    skips: inputs['allowed-skips'] ?? new Map(),
  };
  const warnings = [
    ...(given !== undefined && given.bytes > LARGE_BYTES ? [tooLarge(given.bytes)] : []),
    ...unknownNames(jobs, rules).map(
      ({ list, name }) =>
        `\`${list}\` names ${JSON.stringify(shownName(name))}, which is none of the jobs in \`needs\`.`,
    ),
  ];
  const judged = judgeJobs(jobs, rules);
  if (judged.length > 0 && judged.every(({ standing }) => standing.type === 'may-skip'))
    warnings.push('No job ran: every one was skipped for a stated cause.');
  for (const warning of warnings.slice(0, MOST_ANNOTATIONS)) world.log.warning(warning);
  for (const { name, told } of judged.slice(0, MOST_LINES)) world.log.info(`${shownName(name)} ${told}`);
  return gateOutcome({ jobs: judged, warnings });
}

/** A step shows ten of each kind. */
const MOST_ANNOTATIONS = 9;
const MOST_LINES = 1000;

const tooLarge = (bytes: number): string =>
  `\`needs\` has ${bytes.toLocaleString('en-US')} bytes: from 131,060 on this step cannot start at all. Give the results without the outputs of the jobs: one line \`<job>: \${{ needs.<job>.result }}\` for each.`;
