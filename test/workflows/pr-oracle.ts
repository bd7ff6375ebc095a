import type { Ends } from './every-run.ts';
import type { Event } from './pr-stage.ts';

/** What a pull request is, and what is wanted for it. */
export interface Case {
  readonly event: Event;
  readonly skip: boolean;
  readonly previews: boolean;
}

/**
 * What has to be seen before anybody may merge, in the words of the product and not of the workflow: the labels were read; the image of
 * this commit was built and passed, in this run or, where only a label has changed, in another one of the same commit; the environment
 * is live where one is wanted. Taking one away may fail. What was cancelled was not seen.
 */
export function mayMerge({ event, skip, previews }: Case, ends: Ends): boolean {
  const seen = (job: string): boolean => ends[`pr/${job}`] === 'success';
  const isLabel = event.action === 'labeled' || event.action === 'unlabeled';
  const built = isLabel ? seen('built') : seen('build');
  const ownChange = event.pull !== undefined && !event.pull.fork;
  const wanted = ownChange && previews && !skip;
  return (
    event.name !== 'pull_request_target' &&
    seen('labels') &&
    built &&
    (!wanted || seen('preview')) &&
    !Object.values(ends).includes('cancelled')
  );
}

/**
 * Which jobs have to run, and no other: a label builds nothing, a fork and a merge queue have no environment, and where the labels or the image are not
 * known there is none to be made.
 */
export function mustRun({ event, skip, previews }: Case, ends: Ends): readonly string[] {
  const isLabel = event.action === 'labeled' || event.action === 'unlabeled';
  const isChange = event.name !== 'pull_request_target';
  const labelsRead = ends['pr/labels'] === 'success';
  const environment = event.pull !== undefined && !event.pull.fork && previews && labelsRead;
  const built = ends['pr/build'] === 'success' || ends['pr/built'] === 'success';
  return [
    'pr/labels',
    ...(isChange && !isLabel ? ['pr/build'] : []),
    ...(isChange && isLabel && labelsRead ? ['pr/built'] : []),
    ...(environment && !skip && built ? ['pr/preview'] : []),
    ...(environment && skip ? ['pr/remove'] : []),
  ];
}
