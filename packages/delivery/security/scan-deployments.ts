import { SluiceError } from '@sluice/core/errors';
import { createGitHub, type GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { oneLine } from '@sluice/sbom/page/foreign';
import { count } from '@sluice/sbom/page/words';
import { accessHint, credentialFor } from './access.ts';
import { type ActiveDeployment, activeDeployments, nameOf } from './active-deployments.ts';
import { shownUrl } from './address.ts';
import { advisoriesOf } from './advisories.ts';
import type { SecurityInputs } from './inputs.ts';
import { BEGUN } from './issue-there.ts';
import { type KeptIssues, keepIssues } from './keep-issues.ts';
import { notesOf } from './notes.ts';
import { type SecurityOutcome, securityOutcome, type Trouble } from './outcome.ts';
import { scanTargets, type Target } from './scan-targets.ts';
import { tellFindings, tellIdle, tellNotes } from './tell.ts';
import { unmatchedOf } from './unmatched.ts';

/** security-scan: looks up what is active in an environment, by the SBOM of each Deployment, and keeps an issue for each vulnerability. */
export async function scanDeployments(inputs: SecurityInputs, world: World): Promise<SecurityOutcome> {
  const gitHubOf = gitHubs(inputs, world);
  const found = await targetsOf(inputs, world, gitHubOf);
  const scanned = await scanTargets(found.targets, inputs, world, gitHubOf);
  const advisories = advisoriesOf(scanned);
  const [notes, unmatched] = [notesOf(scanned), unmatchedOf(scanned)];
  tellFindings(advisories, inputs['severity-threshold'], world.log);
  tellNotes(notes, unmatched, world.log);
  const report = { inputs, scanned, advisories, notes, unmatched, troubles: found.troubles };
  if (inputs.sbom !== undefined || !inputs.issues) return securityOutcome(report);
  const issues = await issuesOf();
  return securityOutcome({ ...report, issues });

  async function issuesOf(): Promise<KeptIssues> {
    const { repository } = world.context;
    const [owner = '', repo = ''] = repository.split('/');
    const home = { github: gitHubOf(repository), owner, repo, label: inputs.label };
    const planning = {
      ...{ advisories, scanned, isWhole: found.troubles.every(({ reason }) => reason === 'no-deployment') },
      ...{ allowList: inputs['allow-list'] ?? '', scope: inputs.environment },
      ...{ maxUnmatched: inputs['max-unmatched'], mostNew: inputs['max-issues'] },
    };
    const kept = await keepIssues(home, planning, world, inputs['dry-run']);
    if (kept.failed !== undefined)
      world.log.warning(
        `The issues of ${repository} could not be brought up to date: ${kept.failed.message}`,
      );
    return kept;
  }
}

/** What is to be scanned, and why that may not be all. */
interface Found {
  readonly targets: readonly Target[];
  readonly troubles: readonly Trouble[];
}

async function targetsOf(
  inputs: SecurityInputs,
  world: World,
  gitHubOf: (repository: string) => GitHub,
): Promise<Found> {
  const { sbom, environment } = inputs;
  const { repository: own } = world.context;
  if (sbom !== undefined) {
    const name = oneLine(shownUrl(sbom.url), 200);
    const nobody = { project: '', environment: '', tenant: '' };
    return { targets: [{ name, key: name, repository: own, ...nobody, sbom }], troubles: [] };
  }
  const given = inputs['deployment-repositories'];
  const targets: Target[] = [];
  const troubles: Trouble[] = [];
  const idle: string[] = [];
  const named = given.length === 0 ? [own] : given;
  for (const repository of new Map(named.map((one) => [one.toLowerCase(), one])).values()) {
    const [owner = '', repo = ''] = repository.split('/');
    const home = { github: gitHubOf(repository), owner, repo };
    try {
      const { deployments, idle: others, isWhole } = await activeDeployments(home, environment);
      targets.push(...deployments.map(targetOf));
      idle.push(...others.map((one) => oneLine(`${repository} ${one}`, 500)));
      if (!isWhole)
        troubles.push({
          reason: 'not-scanned',
          sentence: `${repository} has more Deployments than are read.`,
        });
      // Who names a repository counts on it: where another one has some, nobody would see that this has none. What has begun only
      // may run, or may not: what it would replace is not known.
      const isIdle = deployments.every(({ begun }) => begun !== undefined);
      if (isWhole && isIdle && (given.length > 0 || deployments.length > 0))
        troubles.push({
          reason: 'no-deployment',
          sentence: idleSentence(repository, environment, deployments),
        });
    } catch (error) {
      world.signal.throwIfAborted();
      if (!(error instanceof SluiceError)) throw error;
      troubles.push({
        reason: 'not-scanned',
        sentence: `The Deployments of ${repository} could not be read: ${error.message}`,
        hint: accessHint(error, inputs, repository, own),
      });
    }
  }
  for (const { sentence } of troubles) world.log.warning(sentence);
  const begun = targets.filter(({ isBegun }) => isBegun === true).length;
  const are = count(targets.length - begun, 'Deployment is', 'Deployments are');
  const more = begun === 0 ? '' : `; ${count(begun, 'more has', 'more have')} begun, and may run`;
  world.log.info(`${are} active in ${oneLine(environment)}${more}.`);
  tellIdle(idle, world.log);
  return { targets, troubles };
}

function idleSentence(repository: string, environment: string, begun: readonly ActiveDeployment[]): string {
  const none = `${repository} has no active Deployment of ours in ${environment}`;
  return begun.length === 0
    ? `${none}: nothing of it was scanned.`
    : `${none}: what has begun there was scanned, and what runs is not known.`;
}

function targetOf({ id, repository, key, sbom, begun }: ActiveDeployment): Target {
  const { project, environment, tenant = '' } = key;
  const state = begun === undefined ? '' : ` (${begun})`;
  return {
    name: `${oneLine(nameOf(key), 200)}${state}`,
    // GitHub's names have no case, and a list may write them in another one tomorrow; nor is how it stands a part of what it is.
    key: `${oneLine(`${repository.toLowerCase()} ${nameOf(key)}`, 500)}${begun === undefined ? '' : BEGUN}`,
    id,
    repository,
    project,
    environment,
    tenant,
    sbom,
    ...(begun === undefined ? {} : { isBegun: true }),
  };
}

/** GitHub for each repository: the job's token reaches its own, and what is public. */
function gitHubs(inputs: SecurityInputs, { context, log, clock, fetch, signal }: World) {
  const { apiUrl, graphqlUrl, repository: own } = context;
  const known = new Map<string, GitHub>();
  return (repository: string): GitHub => {
    const found = known.get(repository.toLowerCase());
    if (found !== undefined) return found;
    const credential = credentialFor(inputs, repository, own);
    const made = createGitHub({ apiUrl, graphqlUrl, credential, log, clock, fetch, signal });
    known.set(repository.toLowerCase(), made);
    return made;
  };
}
