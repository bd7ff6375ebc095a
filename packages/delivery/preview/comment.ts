import type { World } from '@sluice/core/run';
import { code, escapeMarkdown } from '@sluice/core/summary';
import { isNewerSameKey } from '@sluice/gitops/commit/trailers';
import { keepComment } from '@sluice/gitops/pull-request/comment';
import { formatReference } from '@sluice/gitops/reference';
import type { PreviewInputs } from './inputs.ts';
import { pullGitHub } from './open.ts';

/** What the comment on a pull request says. */
export interface Telling {
  readonly number: number;
  /** In words: `live`, `failed`. */
  readonly state: string;
  readonly sentence: string;
  readonly url: string;
  /** Empty where there is nothing any more. */
  readonly commit: string;
  /** Where there is nothing: how to have it again. */
  readonly again?: string;
  /** This run, `owner/name/run id/attempt`. */
  readonly run: string;
}

const RUN = /<!-- sluice-run:([\w./-]{1,300})(?: ([0-9a-f]{40,64}))? -->/;

/** Writes the one comment of an environment. With `creates: false` only where there is one already. */
export async function tellPull(
  inputs: PreviewInputs,
  telling: Telling,
  world: World,
  {
    creates = true,
    signal = world.signal,
  }: { readonly creates?: boolean; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { repository } = world.context;
  const place = { repository, number: telling.number, key: `ephemeral-env-${inputs.project}` };
  await keepComment(pullGitHub(inputs, world, signal), place, textOf(inputs, telling, world), {
    creates,
    isOnly: true,
    // A run that was overtaken has nothing to say any more; what a run of the same commit says last is so.
    replaces: (body) => {
      const [, run, commit] = RUN.exec(body) ?? [];
      return !isNewer(run, telling.run) || (commit !== undefined && commit === telling.commit);
    },
  });
}

function isNewer(theirs: string | undefined, ours: string): boolean {
  const key = { project: 'comment', environment: 'preview' };
  return theirs !== undefined && isNewerSameKey({ ...key, run: ours }, { ...key, run: theirs });
}

function textOf(inputs: PreviewInputs, telling: Telling, { context, hide }: World): string {
  const { state, sentence, url, commit, run, again = '' } = telling;
  const { serverUrl, repository, runId, runAttempt } = context;
  const page = `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`;
  const address = url.replaceAll('(', '%28').replaceAll(')', '%29');
  const link = url === '' || commit === '' ? '' : ` · **[open it](${address})**`;
  const rows = [
    ['run', `[${code(runId)}](${page})`],
    ...(commit === '' ? [] : [['commit', code(commit.slice(0, 7))]]),
    ...(commit === '' || inputs.image === undefined ? [] : [['image', code(formatReference(inputs.image))]]),
  ];
  const parts = [
    `<!-- sluice-run:${run}${commit === '' ? '' : ` ${commit}`} -->`,
    `**Preview of ${escapeMarkdown(inputs.project)}: ${escapeMarkdown(state)}**${link}`,
    escapeMarkdown(again === '' ? sentence : `${sentence} ${again}`),
    `| | |\n| --- | --- |\n${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`,
    ...(commit === '' ? [] : skipping(inputs)),
  ];
  return hide(parts.join('\n\n'));
}

/** How to go without; nothing where nobody may. */
function skipping({
  'skip-label': labels,
  'skip-mode': mode,
  'skip-allowed': allowed,
}: PreviewInputs): readonly string[] {
  const [label, ...others] = labels.map(code);
  if (!allowed || label === undefined) return [];
  const named =
    others.length === 0 ? `the label ${label}` : `one of the labels ${[label, ...others].join(', ')}`;
  return [
    mode === 'opt-in'
      ? `It is there because of ${named}: without it, it is removed.`
      : `To go without it, set ${named}: it is removed then.`,
  ];
}
