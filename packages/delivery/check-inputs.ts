import { applicationsProblems, certificateProblems, choiceProblems } from '@sluice/argocd/inputs';
import { givesNoWay, methodProblems } from '@sluice/argocd/login/method';
import { parseInputs } from '@sluice/core/contract';
import { bumpProblems } from '@sluice/gitops/inputs';
import { type DeployInputs, deployInputs } from './inputs.ts';

/** Whether this run only plans. */
export const isPlanOnly = (inputs: Partial<DeployInputs>): boolean =>
  inputs['dry-run'] === true || inputs.deployment === 'queue';

/** Whether this run only says how an earlier one ended. */
const isClosing = (inputs: Partial<DeployInputs>): boolean => inputs.deployment === 'close';

/** Whether this run only looks at what others have left `in_progress`. */
export const looksOnly = ({ deployment }: Partial<DeployInputs>): boolean =>
  deployment === 'verify' || deployment === 'sweep';

/** Whether this run looks at Argo CD. Also with `commit: pull-request`: once it is merged, there is nothing left but to verify. */
export const isWatched = (inputs: Partial<DeployInputs>): boolean =>
  !isPlanOnly(inputs) &&
  !isClosing(inputs) &&
  inputs.verify !== 'committed' &&
  inputs.verify !== 'merged' &&
  inputs.mode !== 'event';

/** What is wrong with the inputs of the one-step deployment together. What is malformed excuses nothing. */
export function deployProblems(inputs: Partial<DeployInputs>): readonly string[] {
  if (looksOnly(inputs))
    return [...lookProblems(inputs), ...certificateProblems(inputs), ...unusedProblems(inputs)];
  return [
    ...(isClosing(inputs) ? [] : [...bumpProblems(inputs), ...commitProblems(inputs)]),
    ...argocdProblems(inputs),
    ...certificateProblems(inputs),
    // Project and environment are the key of the deployment here, and choose nothing.
    ...choiceProblems({
      ...(inputs.applications && { applications: inputs.applications }),
      ...(inputs.selector && { selector: inputs.selector }),
    }),
    ...deploymentProblems(inputs),
    ...eventProblems(inputs),
    ...unusedProblems(inputs),
  ];
}

const loginWays = '`argocd-token` (or `argocd-oidc: true`, or `argocd-username` and `argocd-password`)';

/** Without Argo CD there is but the word of a notification, and that has to be somebody's. */
function lookProblems(inputs: Partial<DeployInputs>): readonly string[] {
  const { 'deployment-token': token, 'argocd-server': server, notifier, deployment } = inputs;
  const problems: string[] = [];
  if (token === '')
    problems.push('`deployment-token` is needed for the Deployment: leave it out, or give a token');
  if (server !== undefined && server.length > 0)
    return [
      ...problems,
      ...(givesNoWay(inputs) ? [`${loginWays} is needed to see what runs`] : methodProblems(inputs)),
    ];
  if (deployment === 'verify' && notifier === '')
    problems.push(
      '`argocd-server` is needed to see what runs; or `notifier`, whose notifications are to be taken for evidence',
    );
  return problems;
}

function eventProblems(inputs: Partial<DeployInputs>): readonly string[] {
  if (inputs.mode !== 'event' || isClosing(inputs)) return [];
  return [
    ...(inputs.verify !== 'healthy'
      ? [
          '`mode: event` has another run see what is live: with `verify: committed` and `merged` there is nothing to see',
        ]
      : []),
    ...(inputs.until !== undefined && inputs.until !== 'complete'
      ? [
          `\`until: ${inputs.until}\` does nothing with \`mode: event\`, whose Deployment ends when all of it is live: leave it out`,
        ]
      : []),
    ...('deployment-id' in inputs && inputs['deployment-id'] === undefined && !isPlanOnly(inputs)
      ? ['`mode: event` needs a Deployment, by which another run knows what to look at: give `deployment-id`']
      : []),
  ];
}

/** What is given where it does nothing: whoever gave it counts on it. */
function unusedProblems(inputs: Partial<DeployInputs>): readonly string[] {
  const merge = inputs['merge-timeout'] === undefined ? undefined : noMerge(inputs);
  return [
    ...(looksOnly(inputs) ? [] : ofLooks.filter((name) => isGiven(inputs, name))).map(
      (name) =>
        `\`${name}\` is for a run that looks at Deployments, and does nothing here: give it with \`deployment: verify\` or \`sweep\``,
    ),
    ...(!inputs.partial || inputs.deployment === 'queue'
      ? []
      : ['`partial` stands on a Deployment when it is made: give it with `deployment: queue`']),
    ...(inputs.sbom === undefined || isRecorded(inputs)
      ? []
      : [
          '`sbom` stands on a Deployment, and this run plans or applies none: give it with `deployment: queue` or `deployment-id`',
        ]),
    ...(merge === undefined ? [] : [`\`merge-timeout\` does nothing ${merge}: leave it out`]),
  ];
}

/** Whether this run plans or applies a change whose Deployment is kept. */
const isRecorded = ({ deployment, 'deployment-id': id }: Partial<DeployInputs>): boolean =>
  deployment === 'queue' || (deployment === 'none' && id !== undefined);

const ofLooks = [
  'next-workflow',
  'notifier',
  'give-up-after',
  'sweep-after',
  'deployment-repositories',
] as const;

/** Whether it has another value than by default. */
const isGiven = (inputs: Partial<DeployInputs>, name: (typeof ofLooks)[number]): boolean =>
  inputs[name] !== undefined && String(inputs[name]) !== String(lookDefaults[name]);

const lookDefaults = parseInputs(
  {
    'next-workflow': deployInputs['next-workflow'],
    notifier: deployInputs.notifier,
    'give-up-after': deployInputs['give-up-after'],
    'sweep-after': deployInputs['sweep-after'],
    'deployment-repositories': deployInputs['deployment-repositories'],
  },
  {},
);

/** Why no pull request is waited for; undefined where one may be. */
function noMerge(inputs: Partial<DeployInputs>): string | undefined {
  if (looksOnly(inputs) || isClosing(inputs)) return 'where nothing is committed';
  if (inputs.commit === 'direct') return 'with `commit: direct`, which makes no pull request';
  if (inputs.verify === 'committed') return 'with `verify: committed`, which waits for no merge';
  if (inputs.mode === 'event') return 'with `mode: event`, which waits for no merge';
  return inputs.mode === 'once' ? 'with `mode: once`, which waits for nothing' : undefined;
}

function commitProblems({ commit }: Partial<DeployInputs>): readonly string[] {
  if (commit !== 'none') return [];
  return [
    '`commit: none` edits the workspace only, so that nothing could be seen to run: use image-tag-bump',
  ];
}

function argocdProblems(inputs: Partial<DeployInputs>): readonly string[] {
  if (!isWatched(inputs)) return isClosing(inputs) ? [] : applicationsProblems(inputs);
  const noWay = givesNoWay(inputs);
  const missing = [
    ...(inputs['argocd-server']?.length === 0 ? ['`argocd-server`'] : []),
    ...(noWay ? [loginWays] : []),
  ];
  const needed = missing.map(
    (name) => `${name} is needed to see what runs: give it, or say \`verify: committed\``,
  );
  return noWay ? needed : [...needed, ...methodProblems(inputs)];
}

function deploymentProblems(inputs: Partial<DeployInputs>): readonly string[] {
  const { deployment, 'deployment-id': id, project, environment, 'deployment-token': token } = inputs;
  if (deployment !== 'queue' && deployment !== 'close' && id === undefined) return [];
  const problems: string[] = [];
  if (deployment === 'queue' && id !== undefined) {
    problems.push(
      '`deployment: queue` creates a Deployment, and `deployment-id` names one: give one of the two',
    );
  }
  if (deployment === 'close' && 'deployment-id' in inputs && id === undefined) {
    problems.push('`deployment: close` ends a Deployment: say which by `deployment-id`');
  }
  if (project === '' || environment === '') {
    problems.push('a Deployment is of a project in an environment: give `project` and `environment`');
  }
  if (token === '')
    problems.push('`deployment-token` is needed for the Deployment: leave it out, or give a token');
  return problems;
}
