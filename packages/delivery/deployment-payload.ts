import type { RunnerContext } from '@sluice/core/context';
import { digestOf, type Planned } from '@sluice/gitops/bump/bump-parts';
import { isTooLarge } from '@sluice/gitops/bump/change-output';
import type { Change } from '@sluice/gitops/change';
import type { ImageEntry } from '@sluice/gitops/entries';
import type { DeploymentKey } from './deployment.ts';
import type { PayloadWait } from './payload-wait.ts';
import type { SbomReference } from './security/reference.ts';

/** What a GitHub Deployment of ours carries, so that others can find it by key and see what it meant to do. */
export interface DeploymentPayload {
  readonly schema: 'sluice.deployment.v1';
  readonly project: string;
  readonly environment: string;
  readonly tenant: string | null;
  readonly release: string | null;
  readonly images: readonly { readonly image: string; readonly digest: string | null }[];
  /** Of what is deployed; null where nobody said. */
  readonly sbom: SbomReference | null;
  readonly plan: string;
  /** When the change counts as live, for another run that looks; null where nobody said. */
  readonly wait: PayloadWait | null;
  readonly change: Change | readonly Change[] | LargeChange;
  readonly run: {
    readonly id: number;
    readonly attempt: number;
    readonly workflow: string;
    readonly repository: string;
  };
  /** Whether it is a part of what is usually deployed: it makes no other deployment pointless, and none makes it so. */
  readonly partial: boolean;
}

/** What is told of a change that is too large: whether it sets nothing but images, which are told, and where it is made. */
interface LargeChange {
  readonly digest: string;
  readonly imagesOnly: boolean;
  readonly parts: readonly Pick<Change, 'repository' | 'branch'>[];
}

/** The payload of a deployment, in one repository or in several. Of a change that no output could hold only the digest, and where it is made. */
export function deploymentPayload(
  images: readonly ImageEntry[],
  key: DeploymentKey,
  parts: readonly Pick<Planned, 'plan'>[],
  context: RunnerContext,
  {
    wait = null,
    sbom = null,
    partial = false,
  }: Partial<Pick<DeploymentPayload, 'wait' | 'sbom' | 'partial'>> = {},
): DeploymentPayload {
  return {
    schema: 'sluice.deployment.v1',
    project: key.project,
    environment: key.environment,
    tenant: key.tenant ?? null,
    release: null,
    images: images.map(({ image, reference }) => ({ image, digest: reference.digest ?? null })),
    sbom,
    plan: digestOf(parts),
    wait,
    change: changeOf(parts),
    run: {
      id: Number(context.runId),
      attempt: context.runAttempt,
      workflow: context.workflow,
      repository: context.repository,
    },
    partial,
  };
}

function changeOf(parts: readonly Pick<Planned, 'plan'>[]): DeploymentPayload['change'] {
  const changes = parts.map(({ plan }) => plan.change);
  if (changes.some((change) => isTooLarge(change, parts.length))) {
    const edits = changes.flatMap(({ files }) => files.flatMap((file) => file.edits));
    const where = changes.map(({ repository, branch }) => ({ repository, branch }));
    return {
      ...{ digest: digestOf(parts), parts: where },
      imagesOnly: edits.every(({ image }) => image !== undefined),
    };
  }
  const [only, ...others] = changes;
  return only === undefined || others.length > 0 ? changes : only;
}
