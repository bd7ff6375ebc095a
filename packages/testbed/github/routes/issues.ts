import { notFound, validationFailed } from '../errors.ts';
import { issueBody, pullAsIssue } from '../render/issue.ts';
import type { Issue, Reply } from '../types.ts';
import { checkLabels } from './labels.ts';
import { type Call, param, type Routes, text, texts, violation } from './route.ts';

/** The longest title and body of an issue, in characters. */
const LONGEST = { title: 256, body: 65_536 } as const;

const listed = (call: Call, { number }: { readonly number: number }): object | undefined => {
  const { hub, repository } = call;
  const issue = repository.issues.get(number);
  if (issue !== undefined) return issueBody(hub.links, repository, issue);
  const pull = repository.pulls.get(number);
  return pull === undefined ? undefined : pullAsIssue(hub.links, repository, pull);
};

/** Issues, and pull requests among them; each label of the filter has to be there. */
function listIssues(call: Call): Reply {
  const { query, repository } = call;
  const state = query.get('state') ?? 'open';
  const since = Date.parse(query.get('since') ?? '');
  const wanted = (query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const time = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const sign = query.get('direction') === 'asc' ? 1 : -1;
  const found = [...repository.issues.values(), ...repository.pulls.values()]
    .filter((one) => state === 'all' || one.state === state)
    .filter((one) => !(one.updatedAt < since))
    .filter((one) => {
      const names = new Set(one.labels.map((name) => name.toLowerCase()));
      return wanted.every((name) => names.has(name.toLowerCase()));
    })
    .sort((a, b) => sign * (a[time] - b[time] || a.number - b.number));
  return { status: 200, body: found.map((one) => listed(call, one)) };
}

function checkText(call: Call): Reply | undefined {
  for (const [field, most] of Object.entries(LONGEST)) {
    const { length } = text(call.body, field) ?? '';
    if (length <= most) continue;
    violation(call, `The ${field} of an issue has ${length} characters: ${most} are allowed.`);
    const message = `${field} is too long (maximum is ${most} characters)`;
    return validationFailed([{ resource: 'Issue', field, code: 'custom', message }], call.docs);
  }
  return undefined;
}

function createIssue(call: Call): Reply {
  const { hub, repository, token, body } = call;
  const title = text(body, 'title') ?? '';
  if (title.trim() === '') {
    violation(call, 'An issue needs a title.');
    return validationFailed([{ resource: 'Issue', field: 'title', code: 'missing_field' }], call.docs);
  }
  const labels = texts(body, 'labels');
  const wrong = checkText(call) ?? checkLabels(call, labels);
  if (wrong !== undefined) return wrong;
  const now = hub.now();
  const issue: Issue = {
    number: repository.nextNumber,
    author: token.actor,
    createdAt: now,
    updatedAt: now,
    title,
    body: text(body, 'body') ?? null,
    state: 'open',
    stateReason: null,
    // Of somebody without push access GitHub takes no labels, and says nothing.
    labels: repository.dropsLabels ? [] : [...new Set(labels)],
  };
  repository.nextNumber += 1;
  repository.issues.set(issue.number, issue);
  return { status: 201, body: issueBody(hub.links, repository, issue) };
}

const issueOf = (call: Call): Issue | undefined =>
  call.repository.issues.get(Number(param(call, 'issue_number')));

function getIssue(call: Call): Reply {
  const found = listed(call, { number: Number(param(call, 'issue_number')) });
  return found === undefined ? notFound(call.docs) : { status: 200, body: found };
}

const reasons = ['completed', 'not_planned', 'duplicate', 'reopened'] as const;

function updateIssue(call: Call): Reply {
  const { hub, repository, body } = call;
  const issue = issueOf(call);
  if (issue === undefined) return notFound(call.docs);
  const wrong = checkText(call);
  if (wrong !== undefined) return wrong;
  issue.title = text(body, 'title') ?? issue.title;
  issue.body = text(body, 'body') ?? issue.body;
  if (Array.isArray(body.labels)) issue.labels = texts(body, 'labels');
  const reason = reasons.find((one) => one === body.state_reason);
  // GitHub ignores a reason without a change of state.
  if (body.state === 'closed' && issue.state === 'open') {
    Object.assign(issue, { state: 'closed', stateReason: reason ?? 'completed', closedAt: hub.now() });
  } else if (body.state === 'open' && issue.state === 'closed') {
    Object.assign(issue, { state: 'open', stateReason: 'reopened' });
    delete issue.closedAt;
  }
  issue.updatedAt = hub.now();
  return { status: 200, body: issueBody(hub.links, repository, issue) };
}

const reads = { permission: 'issues', access: 'read' } as const;
const writes = { permission: 'issues', access: 'write' } as const;

export const issueRoutes: Routes = {
  'GET /repos/{owner}/{repo}/issues': {
    ...reads,
    docs: 'issues/issues#list-repository-issues',
    handle: listIssues,
  },
  'POST /repos/{owner}/{repo}/issues': {
    ...writes,
    docs: 'issues/issues#create-an-issue',
    handle: createIssue,
  },
  'GET /repos/{owner}/{repo}/issues/{issue_number}': {
    ...reads,
    or: 'pull_requests',
    docs: 'issues/issues#get-an-issue',
    handle: getIssue,
  },
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': {
    ...writes,
    or: 'pull_requests',
    docs: 'issues/issues#update-an-issue',
    handle: updateIssue,
  },
};
