import { notFound, validationFailed } from '../errors.ts';
import { label } from '../render/pull.ts';
import type { Reply } from '../types.ts';
import { pullOf } from './pulls.ts';
import { type Call, type Routes, texts } from './route.ts';

/** The longest name of a label, in characters. */
const LONGEST_LABEL = 50;

async function listLabels(call: Call): Promise<Reply> {
  const pull = await pullOf(call, 'issue_number');
  if (pull === undefined) return notFound(call.docs);
  return { status: 200, body: pull.labels.map((name) => label(call.hub.links, call.repository, name)) };
}

async function addLabels(call: Call): Promise<Reply> {
  const pull = await pullOf(call, 'issue_number');
  if (pull === undefined) return notFound(call.docs);
  const names = texts(call.body, 'labels');
  if (names.some((name) => name === '' || name.length > LONGEST_LABEL)) {
    return validationFailed([{ resource: 'Label', field: 'name', code: 'invalid' }], call.docs);
  }
  const known = new Set(pull.labels.map((name) => name.toLowerCase()));
  pull.labels.push(...names.filter((name) => !known.has(name.toLowerCase())));
  return { status: 200, body: pull.labels.map((name) => label(call.hub.links, call.repository, name)) };
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
