import { notFound, validationFailed } from '../errors.ts';
import { label } from '../render/pull.ts';
import type { Reply } from '../types.ts';
import { numberedOf } from './pulls.ts';
import { type Call, type Routes, texts } from './route.ts';

/** The longest name of a label, in characters. */
const LONGEST_LABEL = 50;

async function listLabels(call: Call): Promise<Reply> {
  const on = await numberedOf(call, 'issue_number');
  if (on === undefined) return notFound(call.docs);
  return { status: 200, body: on.labels.map((name) => label(call.hub.links, call.repository, name)) };
}

export function checkLabels(call: Call, names: readonly string[]): Reply | undefined {
  if (names.every((name) => name !== '' && name.length <= LONGEST_LABEL)) return undefined;
  return validationFailed([{ resource: 'Label', field: 'name', code: 'invalid' }], call.docs);
}

async function addLabels(call: Call): Promise<Reply> {
  const on = await numberedOf(call, 'issue_number');
  if (on === undefined) return notFound(call.docs);
  const names = texts(call.body, 'labels');
  const wrong = checkLabels(call, names);
  if (wrong !== undefined) return wrong;
  const known = new Set(on.labels.map((name) => name.toLowerCase()));
  on.labels.push(...names.filter((name) => !known.has(name.toLowerCase())));
  return { status: 200, body: on.labels.map((name) => label(call.hub.links, call.repository, name)) };
}

export const labelRoutes: Routes = {
  'GET /repos/{owner}/{repo}/issues/{issue_number}/labels': {
    permission: 'pull_requests',
    or: 'issues',
    access: 'read',
    docs: 'issues/labels#list-labels-for-an-issue',
    handle: listLabels,
  },
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels': {
    permission: 'pull_requests',
    or: 'issues',
    access: 'write',
    docs: 'issues/labels#add-labels-to-an-issue',
    handle: addLabels,
  },
};
