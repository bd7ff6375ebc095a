import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseEvent, parseNode, type TreeNode } from '../api/tree.ts';
import { items, type Json, at as valueAt } from '../json.ts';
import { eventTroubles, mostTelling, notWell, treeTroubles, worthAsking } from './troubles.ts';

const at = (minute: number): string => `2026-11-21T03:${String(minute).padStart(2, '0')}:00Z`;
const image = 'registry.example/api:1.4.2';

/** As Argo CD 3.2 shows them. */
const node = (
  kind: string,
  name: string,
  parent: string | undefined,
  more: Readonly<Record<string, Json>> = {},
): Json => ({
  ...(kind === 'Pod' ? {} : { group: kind === 'AnalysisRun' ? 'argoproj.io' : 'apps' }),
  version: 'v1',
  kind,
  namespace: 'payments',
  name,
  uid: `uid-${name}`,
  ...(parent !== undefined && { parentRefs: [{ kind: 'any', name: parent, uid: `uid-${parent}` }] }),
  createdAt: at(1),
  health: { status: 'Progressing' },
  ...more,
});
const pod = (
  name: string,
  parent: string,
  reason: string,
  message?: string,
  more: Readonly<Record<string, Json>> = {},
): Json =>
  node('Pod', name, parent, {
    info: [{ name: 'Status Reason', value: reason }, { name: 'Node' }, { name: 'Containers', value: '0/1' }],
    health: {
      status: message === undefined ? 'Progressing' : 'Degraded',
      ...(message !== undefined && { message }),
    },
    ...more,
  });

const tree = (...nodes: readonly Json[]): readonly TreeNode[] =>
  [...nodes, node('Deployment', 'api', undefined), node('ReplicaSet', 'api-new', 'api')].map(parseNode);
const sentences = (nodes: readonly TreeNode[]): readonly string[] =>
  mostTelling(treeTroubles(notWell(nodes, undefined), nodes), '');

const pulling = `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;

describe('what the resource tree tells', () => {
  test.each<readonly [string, readonly TreeNode[], readonly string[]]>([
    [
      'an image that cannot be pulled',
      tree(pod('api-new-a', 'api-new', 'ImagePullBackOff', pulling)),
      [`Pod payments/api-new-a: ImagePullBackOff: Back-off pulling image "${image}": not found`],
    ],
    [
      'a crash loop, with how often',
      tree(
        pod(
          'api-new-a',
          'api-new',
          'CrashLoopBackOff',
          'back-off 1m20s restarting failed container=app pod=api-new-a_payments(5158061f-534a-4e1c)',
          {
            info: [
              { name: 'Status Reason', value: 'CrashLoopBackOff' },
              { name: 'Restart Count', value: '4' },
            ],
          },
        ),
      ),
      [
        'Pod payments/api-new-a: CrashLoopBackOff: back-off restarting failed container=app, restarted 4 times',
      ],
    ],
    [
      'the same of several Pods, once',
      tree(
        pod(
          'api-new-a',
          'api-new',
          'CrashLoopBackOff',
          'back-off 10s restarting failed container=app pod=api-new-a_payments(5158061f-534a)',
        ),
        pod(
          'api-new-b',
          'api-new',
          'CrashLoopBackOff',
          'back-off 5m0s restarting failed container=app pod=api-new-b_payments(7cb2b4eb-1c87)',
        ),
      ),
      ['2 Pods of Deployment payments/api: CrashLoopBackOff: back-off restarting failed container=app'],
    ],
    [
      'an init container',
      tree(pod('api-new-a', 'api-new', 'Init:CrashLoopBackOff')),
      ['Pod payments/api-new-a: Init:CrashLoopBackOff'],
    ],
    [
      'a missing Secret',
      tree(pod('api-new-a', 'api-new', 'CreateContainerConfigError', 'secret "db" not found')),
      ['Pod payments/api-new-a: CreateContainerConfigError: secret "db" not found'],
    ],
    ['out of memory', tree(pod('api-new-a', 'api-new', 'OOMKilled')), ['Pod payments/api-new-a: OOMKilled']],
    [
      'an exit code',
      tree(pod('migrate-a', 'migrate', 'Error', 'container "migrate" failed with exit code 1')),
      ['Pod payments/migrate-a: Error: container "migrate" failed with exit code 1'],
    ],
    [
      'an analysis',
      tree(
        node('AnalysisRun', 'api-4-1', 'api', {
          health: { status: 'Degraded', message: 'Metric "success-rate" assessed Failed' },
        }),
      ),
      ['AnalysisRun payments/api-4-1: Metric "success-rate" assessed Failed'],
    ],
    ['a Pod that only begins', tree(pod('api-new-a', 'api-new', 'ContainerCreating')), []],
    [
      'Pods of before, which are well',
      tree(pod('api-old-a', 'api-new', 'CrashLoopBackOff', undefined, { health: { status: 'Healthy' } })),
      [],
    ],
  ])('%s', (_, nodes, wanted) => {
    expect(sentences(nodes)).toEqual(wanted);
  });

  test('only of the objects in scope and what they own', () => {
    const other = [
      node('Deployment', 'worker', undefined),
      node('ReplicaSet', 'worker-1', 'worker'),
      pod('worker-1-a', 'worker-1', 'Error', 'theirs'),
    ];
    const nodes = tree(...other, pod('api-new-a', 'api-new', 'Error', 'ours'));
    const scope = [{ group: 'apps', kind: 'Deployment', namespace: 'payments', name: 'api' }];
    expect(notWell(nodes, scope).map(({ name }) => name)).toEqual(['api-new-a', 'api', 'api-new']);
  });
});

const event = (reason: string, message: string, more: Readonly<Record<string, Json>> = {}) =>
  parseEvent({
    type: 'Warning',
    reason,
    message,
    count: 3,
    firstTimestamp: at(1),
    lastTimestamp: at(5),
    ...more,
  });

describe('what events tell', () => {
  const [some = parseNode({})] = tree(pod('api-new-a', 'api-new', 'Pending'));
  const told = (...events: ReturnType<typeof event>[]): readonly string[] =>
    mostTelling(eventTroubles(some, events), '');

  test.each([
    [
      'no place',
      event('FailedScheduling', '0/3 nodes are available: 3 Insufficient memory.', {
        count: undefined,
        lastTimestamp: null,
        eventTime: '2026-11-21T03:05:00.123456Z',
      }),
      ['Pod payments/api-new-a: FailedScheduling: 0/3 nodes are available: 3 Insufficient memory'],
    ],
    [
      'a quota',
      event('FailedCreate', 'Error creating: pods "x" is forbidden: exceeded quota: compute'),
      [
        'Pod payments/api-new-a: FailedCreate: Error creating: pods "x" is forbidden: exceeded quota: compute (3 times)',
      ],
    ],
    [
      'a refusal at admission',
      event('FailedCreate', 'Error creating: admission webhook "p" denied the request', { count: 1 }),
      ['Pod payments/api-new-a: FailedCreate: Error creating: admission webhook "p" denied the request'],
    ],
    [
      'a probe',
      event('Unhealthy', 'Readiness probe failed: 503'),
      ['Pod payments/api-new-a: Unhealthy: Readiness probe failed: 503 (3 times)'],
    ],
    ['nothing that is no warning', event('Pulled', 'Successfully pulled image', { type: 'Normal' }), []],
    ['nothing that the state of the Pod says', event('BackOff', 'Back-off restarting failed container'), []],
    ['nothing that only names a state', event('Failed', 'Error: ErrImagePull'), []],
    ['nothing without words', event('Failed', ''), []],
  ])('%s', (_, one, wanted) => {
    expect(told(one)).toEqual(wanted);
  });

  test('the newest first, nothing from long before, what probes say last', () => {
    const events = [
      event('Unhealthy', 'probe', { lastTimestamp: at(30) }),
      event('FailedMount', 'older', { lastTimestamp: at(20) }),
      event('FailedMount', 'newer', { lastTimestamp: at(25) }),
      event('FailedMount', 'long ago', { lastTimestamp: at(2) }),
    ];
    expect(told(...events).map((one) => one.split(': ')[2]?.slice(0, 6).trim())).toEqual([
      'newer',
      'older',
      'probe',
    ]);
  });
});

describe('the few that matter', () => {
  const trouble = (sentence: string, rank = 1) => ({ sentence, rank, at: 0 });
  test('at most five', () => {
    expect(
      mostTelling(
        'abcdefgh'.split('').map((one) => trouble(`Pod x: ${one}`)),
        '',
      ),
    ).toHaveLength(5);
  });

  test('each once, whoever says it; nothing that the verdict says', () => {
    const all = [
      trouble('Pod a: same'),
      trouble('Pod b: same (4 times)'),
      trouble('Pod c: known'),
      trouble('Pod d: other'),
    ];
    expect(mostTelling(all, 'It is Degraded: known')).toEqual(['Pod a: same', 'Pod d: other']);
  });

  test('why an image cannot be pulled stands in the Pod and in its event', () => {
    const why = 'rpc error: code = NotFound desc = failed to resolve reference "x": not found';
    const all = [
      trouble(`Pod a: ImagePullBackOff: Back-off pulling image "x": ErrImagePull: ${why}`, 0),
      trouble(`Pod a: Failed: Failed to pull image "x": ${why} (4 times)`),
    ];
    expect(mostTelling(all, '')).toHaveLength(1);
  });

  test('long words are cut, and become one line', () => {
    const nodes = tree(pod('api-new-a', 'api-new', 'Error', `a\n\tb ${'x'.repeat(5000)}`));
    const [one = ''] = sentences(nodes);
    expect(one).toMatch(/^Pod payments\/api-new-a: Error: a b x+…$/);
    expect(one.length).toBeLessThan(400);
  });
});

test('events are asked of the newest Pod of each owner, and of what makes no Pods; of four objects at most', () => {
  const nodes = tree(
    pod('api-new-a', 'api-new', 'Pending'),
    pod('api-new-b', 'api-new', 'Pending', undefined, { createdAt: at(2) }),
    node('ReplicaSet', 'api-newer', 'api'),
  );
  expect(worthAsking(notWell(nodes, undefined), nodes).map(({ name }) => name)).toEqual([
    'api-new-b',
    'api-newer',
  ]);
  const many = Array.from({ length: 9 }, (_, index) => parseNode(node('ReplicaSet', `r${index}`, undefined)));
  expect(worthAsking(many, many)).toHaveLength(4);
});

const recorded = new URL(
  '../../../../shared/recipes/argocd/recorded/resource-tree-with-pod.json',
  import.meta.url,
);
test.skipIf(!existsSync(recorded))(
  'in the tree of a real Argo CD, the Pod that is Pending is the one to ask about',
  () => {
    const answer: Json = JSON.parse(readFileSync(recorded, 'utf8'));
    const nodes = items(valueAt(answer, 'response', 'body', 'nodes')).map(parseNode);
    const unwell = notWell(nodes, [{ group: 'apps', kind: 'Deployment', namespace: 'pr', name: 'web' }]);
    expect(unwell.map(({ kind }) => kind).toSorted()).toEqual(['Deployment', 'Pod', 'ReplicaSet']);
    expect(worthAsking(unwell, nodes)).toMatchObject([
      { name: 'web-1-a', info: { 'Status Reason': 'Pending' } },
    ]);
    expect(treeTroubles(unwell, nodes)).toEqual([]);
  },
);
