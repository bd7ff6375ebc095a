import { matchesWildcard } from '../../wildcard.ts';
import type { Check } from './types.ts';

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
}

/** Reads `<pattern of the name>[ workflow=<name or file>][ app=<slug>]`. Throws an Error that says what is allowed. */
export function parseCheckPattern(line: string): CheckPattern {
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

/** Whether a pattern means this check. Upper and lower case differ, as in GitHub's own names. */
export function isMeant({ name, workflow, app }: CheckPattern, check: Check): boolean {
  if (!matchesWildcard(name, check.name)) return false;
  if (app !== undefined && app.toLowerCase() !== check.app.toLowerCase()) return false;
  if (workflow === undefined) return true;
  if (check.run === undefined) return false;
  const { path } = check.run;
  return [check.run.workflow, path, path.replace(/^.*\//, '')].some((one) => matchesWildcard(workflow, one));
}
