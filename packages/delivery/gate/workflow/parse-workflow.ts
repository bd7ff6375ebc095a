import { at, isRecord, type Json } from '@sluice/core/json';
import { oneLine } from '@sluice/core/one-line';
import { load } from 'js-yaml';
import type { WorkflowJob, WorkflowJobs } from './jobs.ts';

/** The jobs of a workflow file. Throws an Error with a clause that says why it is none. */
export function parseWorkflow(text: string): WorkflowJobs {
  let document: Json;
  try {
    document = load(text);
  } catch (error) {
    const said = error instanceof Error ? oneLine(error.message.split('\n')[0] ?? '', 120) : '';
    throw new Error(`it is no YAML (${said})`);
  }
  const jobs = at(document, 'jobs');
  if (!isRecord(jobs)) throw new Error('it has no jobs');
  return new Map(Object.entries(jobs).map(([id, job]) => [id, jobOf(id, job)]));
}

function jobOf(id: string, job: Json): WorkflowJob {
  const needs = at(job, 'needs') ?? [];
  const listed = Array.isArray(needs) ? needs : [needs];
  const names = listed.filter((one) => typeof one === 'string');
  if (!isRecord(job) || names.length !== listed.length)
    throw new Error(`its job ${JSON.stringify(oneLine(id, 80))} is none that GitHub would take`);
  const condition = at(job, 'if');
  const name = at(job, 'name');
  return {
    needs: names,
    condition: condition === undefined || condition === null ? '' : String(condition).trim(),
    name: typeof name === 'string' ? name : '',
    calls: at(job, 'uses') !== undefined,
    continues: ![undefined, null, false].some((none) => at(job, 'continue-on-error') === none),
  };
}
