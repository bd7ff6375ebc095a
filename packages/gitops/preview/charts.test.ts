import { expect, it } from 'vitest';
import { chartBuilds } from './charts.ts';

const all = new Set([
  'charts/web/Chart.yaml',
  'charts/web/values.yaml',
  'charts/web/values-production.yaml',
  'charts/web/templates/deployment.yaml',
  'charts/web/charts/redis/Chart.yaml',
  'charts/web/charts/redis/values.yaml',
  'values/production.yaml',
]);

it.each([
  ['its own values', 'charts/web/values.yaml', [['charts/web', undefined]]],
  [
    'values beside them',
    'charts/web/values-production.yaml',
    [['charts/web', 'charts/web/values-production.yaml']],
  ],
  [
    'those of a chart in a chart',
    'charts/web/charts/redis/values.yaml',
    [['charts/web/charts/redis', undefined]],
  ],
  ['no template', 'charts/web/templates/deployment.yaml', []],
  ['not the chart itself', 'charts/web/Chart.yaml', []],
  ['no values that lie in no chart', 'values/production.yaml', []],
])('a chart is rendered for %s', (_, changed, expected) => {
  const builds = chartBuilds(all, [changed]);
  expect(builds.map(({ folder, values }) => [folder, values])).toEqual(expected);
});

it('a chart is rendered from every file below its folder, and no other', () => {
  const [build] = chartBuilds(all, ['charts/web/values.yaml']);
  expect([...(build?.files ?? [])]).toEqual([...all].filter((path) => path.startsWith('charts/')));
});
