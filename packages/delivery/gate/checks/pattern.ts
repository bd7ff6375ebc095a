import { matchesWildcard } from '../../wildcard.ts';
import type { Check, Run } from './types.ts';

/** Checks that must have succeeded. */
export interface CheckPattern {
  /** The whole line, to be shown. */
  readonly text: string;
  /** Of the name of a check, or the context of a status. */
  readonly name: string;
  /** Of the workflow's name or file; with it only jobs of workflows are meant. */
  readonly workflow?: string;
  /** Slug of the App. */
  readonly app?: string;
  /** Only jobs that stand beside this one: of other runs of its workflow file and event, called by the same job. */
  readonly isOwn?: true;
}

/** Where the job of the gate is. */
export interface OwnScope {
  /** The file of its run: `.github/workflows/ci.yml`. */
  readonly path: string;
  readonly event: string;
  /** What stands before the names of all jobs beside it: `pr / ` in a workflow that the job `pr` calls, else nothing. */
  readonly prefix: string;
}

/**
 * Reads `<pattern of the name>[ workflow=<name or file>][ app=<slug>]`, or `./<pattern of the name>` for a job beside this one. Throws an Error that
 * says what is allowed.
 */
export function parseCheckPattern(line: string): CheckPattern {
  if (line.startsWith('./')) return ownPattern(line);
  const [, before = line, workflow, after] = /^(.*?)\s+workflow=(.*?)(\s+app=\S*)?$/s.exec(line) ?? [];
  const [, name = before, app] = /^(.*?)\s+app=(\S*)$/s.exec(`${before}${after ?? ''}`) ?? [];
  if (
    name === '' ||
    workflow === '' ||
    app === '' ||
    /(^|\s)(workflow|app)=/.test(`${name} ${workflow ?? ''}`)
  )
    throw new Error(
      'allowed: <pattern of the name of a check>, and after it workflow=<name or file> and app=<slug>',
    );
  return {
    text: line,
    name,
    ...(workflow === undefined ? {} : { workflow }),
    ...(app === undefined ? {} : { app }),
  };
}

function ownPattern(line: string): CheckPattern {
  const name = line.slice('./'.length).trim();
  // Which workflow and App are meant is told by the form already.
  if (name === '' || /(^|\s)(workflow|app)=/.test(name))
    throw new Error('allowed after ./ is the pattern of the name of a job beside this one, and nothing else');
  return { text: line, name, isOwn: true };
}

/**
 * Whether a pattern means this check. Upper and lower case differ, as in GitHub's own names. Without `own` what stands beside this job is
 * not known, and nothing is meant by it.
 */
export function isMeant({ name, workflow, app, isOwn }: CheckPattern, check: Check, own?: OwnScope): boolean {
  if (isOwn === true)
    return (
      own !== undefined && isBeside(own, check) && matchesWildcard(name, check.name.slice(own.prefix.length))
    );
  if (!matchesWildcard(name, check.name)) return false;
  // GitHub's own state of a commit has one status of each context, whoever gave it.
  if (app === undefined && check.isOverruled === true) return false;
  if (app !== undefined && app.toLowerCase() !== check.app.toLowerCase()) return false;
  return workflow === undefined || (check.run !== undefined && isOfWorkflow(workflow, check.run));
}

/** Whether `workflow=` means the workflow of a run, by its name or file. */
export const isOfWorkflow = (pattern: string, { workflow, path }: Run): boolean =>
  [workflow, path, path.replace(/^.*\//, '')].some((one) => matchesWildcard(pattern, one));

function isBeside({ path, event, prefix }: OwnScope, { name, run }: Check): boolean {
  return run?.path === path && run.event === event && name.startsWith(prefix);
}
