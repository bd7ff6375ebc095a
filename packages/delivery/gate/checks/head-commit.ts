import { at, type Json, text } from '@sluice/core/json';

/**
 * The commit that checks of an event are reported on: of a pull request its head, not the commit that GITHUB_SHA names, which is a merge of
 * it or, with pull_request_target, the base; of a merge queue the head of the group. Undefined where the event does not tell.
 */
export function headCommit(eventName: string, event: Json, sha: string): string | undefined {
  const found = eventName.startsWith('pull_request')
    ? text(at(event, 'pull_request', 'head', 'sha'))
    : eventName === 'merge_group'
      ? text(at(event, 'merge_group', 'head_sha'))
      : eventName === 'workflow_run'
        ? text(at(event, 'workflow_run', 'head_sha'))
        : sha;
  return found !== undefined && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(found) ? found : undefined;
}
