import { notFound, unprocessable } from '../errors.ts';
import { branchHead } from '../objects.ts';
import type { Reply } from '../types.ts';
import { type Call, param, type Routes, text } from './route.ts';

/** GitHub's words for a workflow that has no such trigger, or no such input. */
async function dispatch(call: Call): Promise<Reply> {
  const { repository, body, token, docs } = call;
  const workflow = param(call, 'workflow_id');
  const declared = repository.workflows.get(workflow);
  if (declared === undefined) return notFound(docs);
  const ref = text(body, 'ref') ?? '';
  if ((await branchHead(repository, ref)) === undefined)
    return unprocessable(`No ref found for: ${ref}`, docs);
  const inputs: Readonly<Record<string, unknown>> = { ...Object(body.inputs) };
  const unexpected = Object.keys(inputs).filter((name) => !declared.includes(name));
  if (unexpected.length > 0)
    return unprocessable(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`, docs);
  repository.dispatches.push({ workflow, ref, inputs, actor: token.actor });
  return { status: 204 };
}

export const dispatchRoutes: Routes = {
  'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': {
    permission: 'actions',
    access: 'write',
    docs: 'actions/workflows#create-a-workflow-dispatch-event',
    handle: dispatch,
  },
};
