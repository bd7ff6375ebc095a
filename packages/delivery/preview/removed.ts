import type { World } from '@sluice/core/run';
import { tellPull } from './comment.ts';
import type { Gone } from './gone.ts';
import type { PreviewInputs } from './inputs.ts';
import type { Notes } from './notes.ts';
import type { Finding } from './outcome.ts';
import { deploymentHome, retireDeployments } from './record.ts';

/** What was seen of one removal. */
export interface Seen {
  /** Whether there is an Argo CD to ask. */
  readonly asked: boolean;
  /** Whether it had an Application of the environment before. */
  readonly seen: boolean;
  /** Whether this run has taken the folder away. */
  readonly isRemoved: boolean;
}

/** What a removal comes to. Of an Application that was never seen nobody can say that it is gone. */
export function removedFinding(number: number, gone: Gone, { asked, seen, isRemoved }: Seen): Finding {
  if (gone.type === 'left')
    return {
      ...{ verdict: 'timed-out', ok: 'false', reason: 'still-there' },
      sentence: `The environment of #${number} is gone from Git, and Argo CD still has ${gone.names.join(', ')}.`,
      hint: 'See whether its ApplicationSet may delete (`applicationsSync`, `preserveResourcesOnDeletion`), and what a finalizer waits for.',
    };
  const verdict = 'removed';
  const reason = isRemoved || seen ? 'removed' : 'nothing-to-remove';
  const inGit = `The environment of #${number} is gone from Git`;
  if (gone.silent.length > 0)
    return {
      ...{ verdict, ok: 'unknown', reason },
      sentence: `${inGit}; ${gone.silent.join(', ')} shows this token no Application at all.`,
      hint: 'Where there was one, give the token the right `applications, get`, so that it can be seen whether it is gone as well.',
    };
  if (reason === 'nothing-to-remove')
    return { verdict, ok: 'true', reason, sentence: `There was no environment of #${number} to remove.` };
  if (!asked) return { verdict, ok: 'true', reason, sentence: `${inGit}; Argo CD was not asked.` };
  if (seen) return { verdict, ok: 'true', reason, sentence: `${inGit} and from Argo CD.` };
  return {
    ...{ verdict, ok: 'unknown', reason },
    sentence: `${inGit}; Argo CD has shown this token no Application of it, before or after.`,
    hint: 'Where there was one, give the token the right `applications, get` for its project.',
  };
}

/** Says on the pull request and its Deployments that the environment is gone. */
export async function settle(
  inputs: PreviewInputs,
  world: World,
  {
    number,
    finding,
    run,
    again = '',
  }: {
    readonly number: number;
    readonly finding: Finding;
    readonly run: string;
    /** How to have it again, for people. */
    readonly again?: string;
  },
  notes: Notes,
): Promise<void> {
  const { sentence, verdict } = finding;
  await notes.attempt(`The Deployments of #${number} could not be set to inactive`, () =>
    retireDeployments(deploymentHome(inputs, world, ''), inputs.project, number, sentence),
  );
  const state = verdict === 'removed' ? 'removed' : 'being removed';
  await notes.attempt(`The comment on #${number} could not be brought up to date`, () =>
    tellPull(inputs, { number, state, sentence, url: '', commit: '', run, again }, world, {
      creates: false,
    }),
  );
}
