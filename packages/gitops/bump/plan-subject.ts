import type { BumpInputs } from '../inputs.ts';
import { type Plan, placedImages, type Target } from './bump-plan.ts';
import type { Subject } from './subject.ts';

/** What the commit and the pull request of a plan tell about. */
export function subjectOf(inputs: BumpInputs, plan: Plan, target: Target, actor: string): Subject {
  const { project, environment, tenant, files } = plan.change;
  const { repository, url, branch } = target;
  const runUrl = runUrlOf(target);
  return {
    ...{ images: placedImages(inputs, plan), files, project, environment, tenant, actor, runUrl },
    target: { repository, url, branch },
  };
}

/** `https://github.com/acme/app/actions/runs/42/attempts/1`: on the same server as the repository that is changed. */
function runUrlOf({ url, repository, run }: Target): string | undefined {
  const [owner, name, id, attempt] = (run ?? '').split('/');
  if (owner === undefined || name === undefined || id === undefined || attempt === undefined)
    return undefined;
  const server = url.endsWith(`/${repository}`) ? url.slice(0, -repository.length - 1) : undefined;
  return server === undefined
    ? undefined
    : `${server}/${owner}/${name}/actions/runs/${id}/attempts/${attempt}`;
}

/** Markdown, as the end of a text for people; '' where the run is not known. */
export function seenBy(target: Target): string {
  const url = runUrlOf(target);
  return url === undefined ? '' : `Seen by [this run](${url}).`;
}
