import { code } from '@sluice/core/summary';
import { formatReference } from '@sluice/gitops/reference';
import { targetOf } from './inputs.ts';
import { MARK_FILE, nameOf } from './mark.ts';
import { type Finding, type PreviewOutcome, previewOutcome } from './outcome.ts';
import type { Deploying, Wanted } from './plan-deploy.ts';
import type { PreviewReason } from './reasons.ts';
import type { PreviewDetails } from './result.ts';
import { slugOf } from './slug.ts';

interface Deployed {
  readonly deploying: Deploying;
  readonly wanted: Wanted;
  /** Empty where nothing was committed. */
  readonly commit: string;
  readonly finding: Finding;
  readonly seen: Pick<PreviewDetails, 'applications' | 'overwrittenBy'>;
  readonly more?: string;
}

export function deployOutcome({ deploying, wanted, commit, finding, seen, more }: Deployed): PreviewOutcome {
  const { inputs, pull } = deploying;
  const { folder } = wanted.environment;
  const rows: [string, string][] = [
    ...(wanted.url === '' ? [] : [['address', code(wanted.url)] as [string, string]]),
    ['folder', code(folder)],
    ['head', code(pull.commit.slice(0, 7))],
    ...(inputs.image === undefined
      ? []
      : [['image', code(formatReference(inputs.image))] as [string, string]]),
    ...(commit === '' ? [] : [['commit', code(commit.slice(0, 7))] as [string, string]]),
  ];
  return previewOutcome({
    finding:
      finding.verdict === 'live' && finding.ok === 'true'
        ? { ...finding, sentence: liveSentence(deploying, seen) }
        : finding,
    details: {
      ...{
        operation: 'deploy',
        number: pull.number,
        folder,
        url: wanted.url,
        commit,
        ...seen,
        swept: [],
        notes: [],
      },
      files: wanted.files
        .map(({ path }) => path.slice(folder.length + 1))
        .filter((path) => path !== MARK_FILE),
    },
    outputs: { url: wanted.url, folder, slug: slugOf(pull.number, pull.branch), 'commit-sha': commit },
    rows,
    ...(more !== undefined && { more }),
  });
}

function liveSentence({ inputs, pull }: Deploying, { applications }: Deployed['seen']): string {
  const what = inputs.image === undefined ? '' : ` with ${formatReference(inputs.image)}`;
  const names = applications.map(({ name }) => name).join(', ');
  return `The environment of #${pull.number} is live${what} at ${pull.commit.slice(0, 7)}: ${names}.`;
}

/** Why nothing was written. */
export function refusedOutcome(
  { inputs, pull }: Deploying,
  {
    reason,
    sentence,
    hint,
  }: { readonly reason: PreviewReason; readonly sentence: string; readonly hint: string },
  wanted?: Wanted,
): PreviewOutcome {
  const folder = `${targetOf(inputs)}/${nameOf(pull.number)}`;
  const url = wanted?.url ?? '';
  return previewOutcome({
    finding: { verdict: 'failed', ok: reason === 'superseded' ? 'unknown' : 'false', reason, sentence, hint },
    details: {
      ...{ operation: 'deploy', number: pull.number, folder, url, commit: '' },
      ...{ files: [], applications: [], swept: [], notes: [] },
    },
    outputs: { folder, url, slug: slugOf(pull.number, pull.branch) },
    rows: [],
  });
}
