/**
 * The permission that a token needs for each kind of call: this is where a refused call becomes a sentence that names it.
 * First match wins. Names as in a workflow's `permissions:` and in an App's settings.
 */
const PERMISSIONS: readonly (readonly [path: RegExp, scope: string])[] = [
  [/^\/repos\/[^/]+\/[^/]+\/pulls\/\d+\/merge$/, 'contents'],
  [/^\/repos\/[^/]+\/[^/]+\/pulls/, 'pull-requests'],
  // Labels, comments and the timeline of a pull request are reached as an issue's; either permission will do.
  [
    /^\/repos\/[^/]+\/[^/]+\/issues\/(\d+\/(labels|comments|assignees|timeline)|comments\/\d+)/,
    'pull-requests',
  ],
  [/^\/repos\/[^/]+\/[^/]+\/issues/, 'issues'],
  [/^\/repos\/[^/]+\/[^/]+\/labels/, 'issues'],
  [/^\/repos\/[^/]+\/[^/]+\/deployments/, 'deployments'],
  [/^\/repos\/[^/]+\/[^/]+\/environments/, 'actions'],
  [/^\/repos\/[^/]+\/[^/]+\/actions/, 'actions'],
  [/^\/repos\/[^/]+\/[^/]+\/(check-runs|check-suites|commits\/[^/]+\/check-)/, 'checks'],
  [/^\/repos\/[^/]+\/[^/]+\/(statuses|commits\/[^/]+\/status)/, 'statuses'],
  [
    /^\/repos\/[^/]+\/[^/]+\/(git|contents|commits|compare|branches|merges|releases|tags|dispatches)/,
    'contents',
  ],
  [/^\/repos\/[^/]+\/[^/]+$/, 'metadata'],
];

/** GraphQL calls name the permission by the first field of a mutation. */
const MUTATIONS: readonly (readonly [field: RegExp, permission: string])[] = [
  // To merge is to write; that it needs `pull-requests: write` too, whoever could open the pull request has.
  [
    /^(createCommitOnBranch|createRef|updateRefs?|deleteRef|(en|dis)ablePullRequestAutoMerge)$/,
    'contents: write',
  ],
  [/(PullRequest|AutoMerge|Reviews?)/, 'pull-requests: write'],
  [/(Deployment)/, 'deployments: write'],
  [/(Issue|Label|Comment)/, 'issues: write'],
];

/** What is read only by runs that are about to write it: they need `write`, and whoever gives `read` is refused at the next call. */
const WRITTEN = new Set(['pull-requests']);

/** `contents: write` for `PUT`, `/repos/acme/app/contents/a.yaml`; undefined where no permission is known for a path. */
export function permissionFor(method: string, path: string): string | undefined {
  const found = PERMISSIONS.find(([paths]) => paths.test(path));
  if (found === undefined) return undefined;
  const [, scope] = found;
  const reads = scope === 'metadata' || (/^(GET|HEAD)$/i.test(method) && !WRITTEN.has(scope));
  return `${scope}: ${reads ? 'read' : 'write'}`;
}

/** The same for the text of a GraphQL query or mutation. */
export function permissionForGraphql(query: string): string | undefined {
  const field = /^\s*mutation\b[^{]*\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(query)?.[1];
  if (field === undefined) return /\bdeployments\(/.test(query) ? 'deployments: read' : 'contents: read';
  return MUTATIONS.find(([fields]) => fields.test(field))?.[1];
}
