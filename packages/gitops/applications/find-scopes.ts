import type { Log } from '@sluice/core/log';
import type { Snapshot } from '../git/repository.ts';
import {
  annotationsOf,
  defaultRegistryIn,
  duplicateNames,
  sameKey,
  unqualifiedAnnotations,
  unqualifiedKey,
} from './annotations.ts';
import { type ArgoApplication, parseApplication } from './application.ts';
import type { ApplicationLister } from './port.ts';
import { readApplications } from './read-manifests.ts';
import { scopeOf, sourcesInScope } from './scope-of.ts';
import { isStatusOfOthers } from './source-type.ts';
import type {
  ApplicationReport,
  DeploymentKey,
  FoundScopes,
  NoScope,
  ScopeRefusal,
  TargetScope,
} from './types.ts';

/** Where Applications are told. */
export type ApplicationsFrom =
  | { readonly type: 'argocd'; readonly lister: ApplicationLister }
  /** Manifests in a repository; `where` names it in sentences. */
  | {
      readonly type: 'git';
      readonly snapshot: Snapshot;
      readonly paths: readonly string[];
      readonly where: string;
    };

export interface ScopeQuestion {
  readonly key: DeploymentKey;
  readonly from: ApplicationsFrom;
  /** Of GitHub, where the workflow runs. */
  readonly serverUrl: string;
  /** Where neither a cluster nor an Application says otherwise. */
  readonly defaultRegistry: string;
  readonly log: Log;
}

/** Applications as they were found. */
interface Gathered {
  readonly applications: readonly ArgoApplication[];
  readonly warnings: readonly string[];
  /** `Argo CD at https://…`, `apps of acme/gitops`. */
  readonly where: string;
}

/** Finds what a deployment changes: the sources whose annotations name its project, environment and tenant. Throws what reading throws. */
export async function findScopes(question: ScopeQuestion): Promise<FoundScopes> {
  const { key } = question;
  const gathered = await gather(question);
  const warnings = [...gathered.warnings, ...unqualifiedWarnings(gathered.applications, key)];
  const targets = new Map<string, TargetScope>();
  const reports: ApplicationReport[] = [];
  const refusals: ScopeRefusal[] = [];
  const registryOf = registries(question);
  const selected = gathered.applications.filter((listed) => sourcesInScope(listed, key).length > 0);
  for (const application of await inWhole(selected, question.from)) {
    const indexes = sourcesInScope(application, key);
    // Its annotations may be others by now.
    if (indexes.length === 0) continue;
    refusals.push(...invalid(application));
    const context = { serverUrl: question.serverUrl, defaultRegistry: await registryOf(application) };
    const decided = indexes.map((index) => scopeOf(application, index, context));
    const { name, namespace } = application;
    reports.push({ name, namespace, sources: decided.map(({ report }) => report) });
    for (const { target, warnings: said, refusal } of decided) {
      warnings.push(...said);
      if (refusal !== undefined) refusals.push(refusal);
      if (target !== undefined) add(targets, target);
    }
  }
  const none = targets.size > 0 ? undefined : nothing(gathered, key, reports, warnings);
  return {
    targets: [...targets.values()],
    applications: reports,
    warnings: [...new Set(warnings)],
    refusals,
    ...(none === undefined ? {} : { none }),
  };
}

async function gather({ from, key }: ScopeQuestion): Promise<Gathered> {
  if (from.type === 'argocd') {
    const applications = (await from.lister.list()).map(parseApplication);
    return { applications, warnings: [], where: from.lister.server };
  }
  const read = await readApplications(from.snapshot, from.paths);
  const sets = read.applicationSets.flatMap(({ path, template }) => {
    const application = parseApplication(template);
    return mayMake(application, key)
      ? [
          `${path}: the ApplicationSet ${application.name} was left out: what it makes is known to Argo CD alone (\`applications-from: argocd\`).`,
        ]
      : [];
  });
  const where = from.paths.includes('.') ? from.where : `${from.paths.join(', ')} of ${from.where}`;
  return {
    applications: read.applications.map(parseApplication),
    warnings: [...read.warnings, ...sets],
    where,
  };
}

/** Whether a set's template may make Applications of the deployment: its annotations say so, or hold an expression. */
function mayMake(application: ArgoApplication, key: DeploymentKey): boolean {
  return application.sources.some((_, index) => {
    const own = annotationsOf(application, index).key;
    return (
      own !== undefined && (sameKey(own, key) || Object.values(own).some((value) => value.includes('{{')))
    );
  });
}

const asksAtOnce = 8;

/** The Applications with their status, which a list does not tell. */
async function inWhole(
  applications: readonly ArgoApplication[],
  from: ApplicationsFrom,
): Promise<readonly ArgoApplication[]> {
  if (from.type === 'git') return applications;
  const whole: ArgoApplication[] = [];
  for (let start = 0; start < applications.length; start += asksAtOnce) {
    const some = applications.slice(start, start + asksAtOnce);
    const answers = await Promise.all(some.map((application) => from.lister.get(application)));
    whole.push(...answers.map(parseApplication));
  }
  return whole;
}

/** Of the cluster first, then of the Application, then of the input. */
function registries({ from, defaultRegistry, log }: ScopeQuestion) {
  const known = new Map<string, string | undefined>();
  async function ofCluster({ destination }: ArgoApplication): Promise<string | undefined> {
    if (from.type !== 'argocd') return undefined;
    const cluster = destination.server ?? destination.name;
    if (cluster === undefined) return undefined;
    if (!known.has(cluster)) {
      const annotations = await from.lister.clusterAnnotations(destination);
      if (annotations === undefined) {
        log.info(
          `Argo CD does not show the cluster ${cluster} to this token (\`clusters, get\`): a default registry that is annotated there does not count.`,
        );
      }
      known.set(cluster, defaultRegistryIn(annotations ?? {}));
    }
    return known.get(cluster);
  }
  return async (application: ArgoApplication): Promise<string> =>
    (await ofCluster(application)) ?? defaultRegistryIn(application.annotations) ?? defaultRegistry;
}

/** What makes it impossible to tell the sources of an Application apart. */
export function invalid(application: ArgoApplication): readonly ScopeRefusal[] {
  const { name, namespace } = application;
  const who = `Application ${namespace === '' ? '' : `${namespace}/`}${name}`;
  const refusals: ScopeRefusal[] = duplicateNames(application).map((duplicate) => ({
    reason: 'invalid-application',
    message: `${who} has several sources with the name ${JSON.stringify(duplicate)}`,
    hint: 'Give each source a name of its own.',
  }));
  if (isStatusOfOthers(application)) {
    refusals.push({
      reason: 'invalid-application',
      message: `${who}: Argo CD has not told the type of each of its sources yet`,
      hint: 'Look at the conditions of the Application in Argo CD, refresh it there, and run the job again.',
    });
  }
  return refusals;
}

function unqualifiedWarnings(
  applications: readonly ArgoApplication[],
  key: DeploymentKey,
): readonly string[] {
  return applications.flatMap((application) => {
    const own = unqualifiedKey(application);
    const isMeant = own !== undefined && sameKey(own, key);
    return isMeant || sourcesInScope(application, key).length > 0
      ? (unqualifiedWarning(application) ?? [])
      : [];
  });
}

/** The sentence about annotations that name no source of several. */
export function unqualifiedWarning(application: ArgoApplication): string | undefined {
  const names = unqualifiedAnnotations(application);
  if (names.length === 0) return undefined;
  return `Application ${application.name} has several sources, so each annotation must end with the name of one (\`${names[0]}.<source name>\`); these do not count: ${names.join(', ')}.`;
}

function add(targets: Map<string, TargetScope>, target: TargetScope): void {
  const id = `${target.repository.toLowerCase()} ${target.branch}`;
  const known = targets.get(id);
  targets.set(id, known === undefined ? target : { ...known, scopes: [...known.scopes, ...target.scopes] });
}

function nothing(
  { applications, where }: Gathered,
  { project, environment, tenant }: DeploymentKey,
  reports: readonly ApplicationReport[],
  warnings: readonly string[],
): NoScope {
  const given = [
    ['project', project],
    ['environment', environment],
    ...(tenant === '' ? [] : [['tenant', tenant]]),
  ];
  const key = given.map(([name, value]) => `${name} ${value}`).join(', ');
  if (reports.length > 0) {
    return {
      reason: 'no-writable-source',
      message: `No source of the Applications of ${key} can be changed: ${warnings.join(' ')}`,
      hint: 'Annotate the source whose files in Git hold the image.',
    };
  }
  const annotations = given.map(([name, value]) => `sluice.dev/${name}: ${value}`).join(', ');
  const found =
    applications.length === 0
      ? `${where} shows no Application at all`
      : `No Application in ${where} has the annotations of ${key}${tenant === '' ? ', and no tenant' : ''}`;
  return {
    reason: 'no-application',
    message: [`${found}.`, ...warnings].join(' '),
    hint: `Add to the Application: ${annotations}. Of several sources, and of one that has a name, each key ends with the name of the source: sluice.dev/project.<source name>. Those of Octopus (argo.octopus.com/…) do as well.`,
  };
}
