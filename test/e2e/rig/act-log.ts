import { at, textAt } from './json.ts';

/** What a job did. */
export interface JobRun {
  readonly result: string;
  /** Outputs of its steps, by their names alone. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown of its steps' summaries. */
  readonly summary: string;
  /** Lines that its steps printed, secrets masked. */
  readonly printed: readonly string[];
}

interface Job {
  result: string;
  outputs: Record<string, string>;
  summary: string;
  printed: string[];
}

/** Reads what act prints with `--json`: one object per line. A job that calls a workflow has no result of its own. */
export function readActLog(
  stdout: string,
  stderr: string,
): { jobs: ReadonlyMap<string, JobRun>; log: string } {
  const jobs = new Map<string, Job>();
  const log: string[] = [];
  for (const line of stdout.split('\n').filter((one) => one !== '')) {
    const event = parsed(line);
    const id = textAt(event, 'jobID');
    const job = jobs.get(id) ?? { result: '', outputs: {}, summary: '', printed: [] };
    if (id !== '') jobs.set(id, job);
    if (note(job, event) || at(event, 'level') === 'error')
      log.push(`${id}: ${textAt(event, 'msg').trimEnd()}`);
  }
  return { jobs, log: [...log, stderr].join('\n') };
}

/** Takes one event into the job; whether it is a line of its log. */
function note(job: Job, event: unknown): boolean {
  const command = textAt(event, 'command');
  if (command === 'set-output') job.outputs[textAt(event, 'name')] = textAt(event, 'arg');
  if (command === 'summary') job.summary += textAt(event, 'content');
  job.result = textAt(event, 'jobResult') || job.result;
  const printed = at(event, 'raw_output') === true;
  if (printed) job.printed.push(textAt(event, 'msg').trimEnd());
  return printed;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`act printed no JSON: ${line}`);
  }
}
