import type { Place } from '@sluice/gitops/change';
import type { ContentEvidence, Expectation, Overwrite } from '../decide/types.ts';
import type { Scenario } from './scenario.ts';
import type { Commit, Content, Git } from './world/git.ts';

export const DEPLOYMENT = 'apps/payments/deployment.yaml';
export const SETTINGS = 'apps/payments/settings.yaml';

/** The change of a scenario, as image-tag-bump hands it on. */
export function expectationOf({ change }: Pick<Scenario, 'change'>, git: Git, commit: string): Expectation {
  const before = git.commits[(git.find(commit)?.index ?? 1) - 1];
  const container = {
    type: 'container',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'api',
    list: 'containers',
    container: 'app',
  } as const satisfies Place;
  const value = { type: 'value', document: 0, path: 'data.color' } as const satisfies Place;
  const { image, color } = change;
  const edits = [
    ...(image === undefined
      ? []
      : [
          {
            path: DEPLOYMENT,
            edit: { place: container, from: before?.content.image ?? '', to: image, image },
          },
        ]),
    ...(color === undefined
      ? []
      : [{ path: SETTINGS, edit: { place: value, from: before?.content.color ?? '', to: color } }]),
  ];
  const files = edits.map(({ path, edit }) => ({ path, edits: [edit] }));
  const repository = 'https://git.example/gitops';
  return {
    type: 'change',
    change: {
      schema: 'sluice.change.v1',
      ...{ project: 'payments', environment: 'production', run: 'acme/app/42/1' },
      repository,
      branch: 'main',
      commit,
      base: before?.sha ?? commit,
      files,
    },
    edits,
  };
}

/** The last commit that did not hold the value: what differs from it, the value has done. */
export function beforeOurs(git: Git, ours: string, { change }: Pick<Scenario, 'change'>): string {
  const first = git.find(ours)?.index ?? 0;
  return git.commits.slice(0, first).findLast(({ content }) => content.color !== change.color)?.sha ?? '';
}

/** Places of the change that a commit does not hold. */
export const lostPlaces = (
  { image, color }: Pick<Content, 'image' | 'color'>,
  { change }: Pick<Scenario, 'change'>,
): readonly ('image' | 'color')[] => [
  ...(change.image === undefined || change.image === image ? [] : (['image'] as const)),
  ...(change.color === undefined || change.color === color ? [] : (['color'] as const)),
];

export const holds = (commit: Commit | undefined, scenario: Pick<Scenario, 'change'>): boolean =>
  commit !== undefined && lostPlaces(commit.content, scenario).length === 0;

/** What a reader of that Git says of a revision. */
export function contentAt(revision: string, ours: string, scenario: Scenario, git: Git): ContentEvidence {
  const commit = revision === 'main' ? git.head() : git.find(revision);
  const first = git.find(ours)?.index ?? 0;
  if (commit === undefined) return { state: 'overwritten', by: [] };
  if (holds(commit, scenario)) return { state: 'contained' };
  if (commit.index < first || holds(git.head(), scenario)) return { state: 'behind' };
  return { state: 'overwritten', by: culprits(commit, first, scenario, git) };
}

/** For each place that is lost, the last commit that took it away; oldest first. */
export function culprits(
  commit: Commit,
  first: number,
  scenario: Pick<Scenario, 'change'>,
  git: Git,
): readonly Overwrite[] {
  const found = lostPlaces(commit.content, scenario).flatMap((place) => {
    const range = git.commits.slice(first + 1, commit.index + 1);
    const taker = range.findLast(({ content, index }) => {
      const before = git.commits[index - 1]?.content[place];
      return before === scenario.change[place] && content[place] !== before;
    });
    return taker === undefined ? [] : [{ taker, place }];
  });
  return found
    .sort((a, b) => a.taker.index - b.taker.index)
    .map(({ taker, place }) => ({
      ...{ sha: taker.sha, author: taker.author, newer: taker.newer },
      path: place === 'image' ? DEPLOYMENT : SETTINGS,
      place: place === 'image' ? 'Deployment/api container app' : 'data.color',
      from: scenario.change[place] ?? '',
      to: taker.content[place],
    }));
}
