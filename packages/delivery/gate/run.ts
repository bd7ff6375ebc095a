import { grouped } from '@sluice/core/grouped';
import { oneLine } from '@sluice/core/one-line';
import type { World } from '@sluice/core/run';
import type { CheckPattern } from './checks/pattern.ts';
import type { CheckReading } from './checks/wait-for-checks.ts';
import type { GateInputs } from './inputs.ts';
import { type JudgedJob, judgeJobs, type Rules, shownName, unknownNames } from './judge-jobs.ts';
import type { NeededJob } from './needs.ts';
import { type GateOutcome, gateOutcome } from './outcome.ts';
import { ancestorsOf } from './workflow/jobs.ts';
import type { Reading } from './workflow/read-workflow.ts';

/**
 * From 131,060 bytes on the system starts no process with such a variable, and no code of ours could say so
 * (`MAX_ARG_STRLEN` of Linux, 32 pages of 4,096 bytes, for name and value).
 */
const LARGE_BYTES = 100_000;

/** pr-ready: the one required check. */
export async function runGate(inputs: GateInputs, world: World): Promise<GateOutcome> {
  const given = inputs.needs ?? inputs.jobs;
  const jobs = given?.jobs ?? [];
  const rules: Rules = {
    failures: new Set(inputs['allowed-failures']),
    skips: inputs['allowed-skips'] ?? new Map(),
  };
  // Without either the sentence is that nothing was given; with checks alone there need be no job.
  const wantsJobs = given !== undefined || inputs.checks.length === 0;
  const asks = inputs['require-all-jobs'] && (jobs.length > 0 || !wantsJobs);
  const seen = asks ? await seenInWorkflow(jobs, rules, inputs, world) : { judged: judgeJobs(jobs, rules) };
  const { judged, workflow } = seen;
  const wanted = inputs.checks.length > 0;
  const report = { jobs: judged, wantsJobs, ...(workflow && { workflow }) };
  const isOpen = wanted && gateOutcome({ ...report, warnings: [] }).verdict === 'ready';
  const checks = isOpen ? await checksNow(inputs, world) : undefined;
  const warnings = [
    ...warningsOf(given?.bytes ?? 0, judged, rules, workflow),
    ...inputs.checks.flatMap(slipIn),
    ...(wanted && checks === undefined ? ['The checks were not looked at.'] : []),
  ];
  for (const warning of warnings.slice(0, MOST_ANNOTATIONS)) world.log.warning(warning);
  for (const { name, told } of judged.slice(0, MOST_LINES)) world.log.info(`${shownName(name)} ${told}`);
  return gateOutcome({ ...report, warnings, ...(checks && { checks }) });
}

/** Only where nothing else blocks: a runner that waits for checks in vain costs money. */
async function checksNow(inputs: GateInputs, world: World): Promise<CheckReading> {
  const [{ ownGitHub }, { lookAtChecks }] = await Promise.all([
    import('../own-github.ts'),
    import('./checks/look.ts'),
  ]);
  const wanted = { patterns: inputs.checks, minimum: inputs.minimum ?? 1 };
  return lookAtChecks(wanted, inputs.timeout, ownGitHub(inputs, world), world);
}

interface Seen {
  readonly judged: readonly JudgedJob[];
  readonly workflow?: Reading;
}

/** The jobs beside the workflow file: what needs what is known then. Loaded late, with the client and YAML. */
async function seenInWorkflow(
  jobs: readonly NeededJob[],
  rules: Rules,
  inputs: GateInputs,
  world: World,
): Promise<Seen> {
  const [{ ownGitHub }, { readWorkflow, withParts }] = await Promise.all([
    import('../own-github.ts'),
    import('./workflow/look.ts'),
  ]);
  const github = ownGitHub(inputs, world);
  const workflow = await readWorkflow(github, world.env, inputs['workflow-file'], {
    id: world.env.GITHUB_JOB ?? '',
    given: new Set(jobs.map(({ name }) => name)),
    mayFail: rules.failures,
    maySkip: new Set(rules.skips.keys()),
  });
  const judged = judgeJobs(jobs, rules, (job) =>
    workflow.type === 'read' ? ancestorsOf(workflow.jobs, job) : undefined,
  );
  if (judged.every(({ standing }) => standing.type !== 'blocks')) return { judged, workflow };
  return { judged: await withParts(judged, workflow, github, world), workflow };
}

function warningsOf(
  bytes: number,
  judged: readonly JudgedJob[],
  rules: Rules,
  workflow: Reading | undefined,
): readonly string[] {
  const others = workflow?.type === 'read' ? workflow.jobs.keys() : [];
  const isEmpty = judged.length > 0 && judged.every(({ standing }) => standing.type === 'may-skip');
  return [
    ...(bytes > LARGE_BYTES ? [tooLarge(bytes)] : []),
    ...unknownNames(judged, rules, new Set(others)).map(
      ({ list, name }) =>
        `\`${list}\` names ${JSON.stringify(shownName(name))}, which is none of the jobs in \`needs\`.`,
    ),
    ...(isEmpty ? ['No job ran: every one was skipped for a stated cause.'] : []),
  ];
}

/** A word like `worklow=` is part of the name, which no check has. */
function slipIn({ text, name }: CheckPattern): readonly string[] {
  const word = /\s(\w+)=/.exec(name)?.[1];
  if (word === undefined) return [];
  return [
    `\`checks\`: in ${JSON.stringify(oneLine(text, 80))} \`${word}=\` is taken as part of the name of the check; \`workflow=\` and \`app=\` are read after it.`,
  ];
}

/** A step shows ten of each kind. */
const MOST_ANNOTATIONS = 9;
const MOST_LINES = 1000;

const tooLarge = (bytes: number): string =>
  `\`needs\` has ${grouped(bytes)} bytes: from 131,060 on this step cannot start at all. Give the results without the outputs of the jobs: one line \`<job>: \${{ needs.<job>.result }}\` for each.`;
