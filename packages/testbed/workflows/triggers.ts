import { listOf, mapping } from './shape.ts';
import type { WorkflowFile } from './workflow-file.ts';

/** https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows: without `types` it is these alone. */
const usual: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
};

/** Whether an event starts the workflow. Throws for filters of branches and paths, which are not known here. */
export function isTriggered({ on }: WorkflowFile, event: string, action?: string): boolean {
  if (!(event in on)) return false;
  const { types } =
    event === 'schedule' ? { types: undefined } : mapping(on[event], `on.${event}`, ['types', 'inputs']);
  if (action === undefined) return true;
  const wanted = types === undefined ? usual[event] : listOf(types).map(String);
  return wanted === undefined || wanted.includes(action);
}
