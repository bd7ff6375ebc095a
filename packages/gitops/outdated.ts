import type { GitHub } from '@sluice/core/github';
import type { World } from '@sluice/core/run';
import { isLoopback } from '@sluice/oci/address';
import type { Decision, Plan } from './bump-plan.ts';
import { describePlace } from './describe.ts';
import type { BumpInputs } from './inputs.ts';
import { type CompareCommits, olderBuild, type Standing } from './outdated-build.ts';
import { type Suspect, suspectsOf, type Version } from './outdated-places.ts';
import { overtakenBy } from './outdated-record.ts';
import { openRegistry } from './registry.ts';
import type { Repository } from './repository.ts';

/** Gives a plan that would bring something old back another decision: refused. */
export type OutdatedGuard = (plan: Plan) => Promise<Plan>;

interface Ports {
  /** Absent for `commit: none`: a working tree has no record of who set what. */
  readonly repository?: Repository;
  readonly github?: GitHub;
}

type GuardWorld = Pick<World, 'env' | 'fetch' | 'clock' | 'log' | 'signal' | 'context'>;

/** What a registry says helps, and is not waited for long. */
const PATIENCE_MS = 10_000;
const MOST_IMAGES = 5;
const HINT =
  'Run the newest run of the workflow again instead of an old one, or set `allow-downgrade: true` to go back on purpose.';

/**
 * Holds plans to what is known of the values in place, where semantic versions do not tell: who set them, by the branch's commits, and
 * what images say of their build, by their labels. Where nothing is known, or a registry does not answer, a plan stays as it is.
 *
 * With `commit: none` a registry is asked only where the run asks it anyway, or where it is on this machine: who edits files
 * without a network is not made to wait for one.
 */
export function createOutdatedGuard(inputs: BumpInputs, world: GuardWorld, ports: Ports): OutdatedGuard {
  const told = new Map<string, string>();
  return async (plan) => {
    if (inputs['allow-downgrade'] || plan.decision.type !== 'write') return plan;
    const suspects = suspectsOf(plan.change);
    if (suspects.length === 0) return plan;
    const decision =
      (await byRecord(plan, suspects, ports)) ?? (await byLabels(inputs, world, ports, suspects, told));
    return decision === undefined ? plan : { ...plan, decision };
  };
}

async function byRecord(
  { change }: Plan,
  suspects: readonly Suspect[],
  { repository }: Ports,
): Promise<Decision | undefined> {
  const overtaken = repository && (await overtakenBy(repository, change, suspects));
  if (overtaken === undefined) return undefined;
  const { suspect, run, commit } = overtaken;
  const { path, edit } = suspect;
  const why = `${path}, ${describePlace(edit.place)}: ${shown(edit.to)} is older than ${shown(edit.from)}, which the newer run ${run} set with ${commit.sha.slice(0, 7)}`;
  return refused(why);
}

async function byLabels(
  inputs: BumpInputs,
  world: GuardWorld,
  { github, repository }: Ports,
  suspects: readonly Suspect[],
  told: Map<string, string>,
): Promise<Decision | undefined> {
  const asksAnyway = repository !== undefined || inputs.images.some(({ resolved }) => resolved !== undefined);
  const distinct = new Map(
    suspects.flatMap(({ path, edit, images }) =>
      images !== undefined && (asksAnyway || isHere(images.wanted))
        ? [[JSON.stringify(images), { path, edit, images }] as const]
        : [],
    ),
  );
  const asked = [...distinct].slice(0, MOST_IMAGES);
  if (asked.length === 0) return undefined;
  const signal = AbortSignal.any([world.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const registry = await openRegistry(inputs, { ...world, signal }, { tries: 1 });
  const compare = compareBy(github, world, signal);
  for (const [key, { path, edit, images }] of asked) {
    const known = told.get(key);
    try {
      const facts = () => Promise.all([registry.facts(images.found), registry.facts(images.wanted)]);
      const why = known ?? (await olderBuild(...(await facts()), compare));
      told.set(key, why ?? '');
      if (why) return refused(`${path}, ${describePlace(edit.place)}: ${shown(edit.to)} is outdated: ${why}`);
    } catch (error) {
      world.signal.throwIfAborted();
      world.log.debug(
        `Nothing is known of the build of ${shown(edit.to)}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return undefined;
}

function isHere({ repository }: Version): boolean {
  const url = URL.parse(`http://${repository}`);
  return url !== null && isLoopback(url);
}

/** Asks GitHub, about repositories of the same server. A token that does not reach the source tells nothing. */
function compareBy(github: GitHub | undefined, { context }: GuardWorld, signal: AbortSignal): CompareCommits {
  return async (source, older, newer) => {
    const [, owner, repo] =
      /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
        source.startsWith(`${context.serverUrl}/`) ? source.slice(context.serverUrl.length) : '',
      ) ?? [];
    const isCommit = [older, newer].every((sha) => /^[0-9a-f]{40,64}$/.test(sha));
    if (github === undefined || owner === undefined || repo === undefined || !isCommit) return undefined;
    const aborted = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const answer = github
      .request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...{ owner, repo, basehead: `${older}...${newer}`, per_page: 1 },
      })
      .then(({ data }) => STANDINGS[data.status])
      .catch(() => undefined);
    return Promise.race([answer, aborted]);
  };
}

/** Of the second commit to the first, in the words of GitHub; ours are of the first to the second. */
const STANDINGS: Readonly<Record<string, Standing>> = {
  ahead: 'contained',
  behind: 'newer',
  diverged: 'unrelated',
};

function refused(why: string): Decision {
  return { type: 'refused', reason: 'outdated', why, hint: HINT };
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
