import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { streamFields } from '@sluice/testbed/argocd/stream-fields';
import { startBench } from '@sluice/testbed/argocd/testing';
import { expect, describe as group, it } from 'vitest';
import { at } from '../json.ts';
import { parseApplication } from '../observation.ts';
import { covers, streamQuery } from './stream-query.ts';

const app = (name: string, project = 'shop', namespace = 'argocd') => ({ name, project, namespace });

const filterOf = (names: Parameters<typeof streamQuery>[0]) => {
  const { fields: _, ...filter } = streamQuery(names) ?? {};
  return filter;
};

group('the filter of the one stream', () => {
  it('is the name, the namespace and the project of a single application, watched once or for several sources', () => {
    const filter = { name: 'web', appNamespace: 'argocd', projects: 'shop' };
    expect(filterOf([app('web')])).toEqual(filter);
    expect(filterOf([app('web'), app('web')])).toEqual(filter);
  });

  it('is the projects of several, each once; of one name in two namespaces as well', () => {
    expect(filterOf([app('web'), app('api'), app('cart', 'other')])).toEqual({ projects: ['shop', 'other'] });
    expect(filterOf([app('web'), app('web', 'shop', 'team-a')])).toEqual({ projects: ['shop'] });
  });

  it('is never none: nothing is streamed where nothing is known to filter by', () => {
    expect(streamQuery([])).toBeUndefined();
    expect(streamQuery([app('web', ''), app('api', '')])).toBeUndefined();
  });

  it('is no longer than a proxy takes; the applications beyond are not covered', () => {
    const all = Array.from({ length: 500 }, (_, index) =>
      app(`app-${index}`, `a-rather-long-project-${index}`),
    );
    const query = streamQuery(all);
    expect(JSON.stringify(query?.projects).length).toBeLessThan(5000);
    expect(all.filter((one) => query !== undefined && covers(query, one)).length).toBeGreaterThan(50);
    expect(all.every((one) => query !== undefined && covers(query, one))).toBe(false);
  });

  it('covers what it lets through, and nothing else', () => {
    const one = streamQuery([app('web')]) ?? {};
    expect([covers(one, app('web')), covers(one, app('api')), covers(one, app('web', 'shop', 'b'))]).toEqual([
      true,
      false,
      false,
    ]);
    const several = streamQuery([app('web'), app('api')]) ?? {};
    expect([covers(several, app('new')), covers(several, app('new', 'other'))]).toEqual([true, false]);
  });
});

const folder = fileURLToPath(new URL('../../../../shared/recipes/argocd/recorded/', import.meta.url));
const events = (): readonly { result: { application: unknown } }[] =>
  ['stream-rollout.ndjson.txt']
    .flatMap((name) => readFileSync(`${folder}${name}`, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const project = streamFields(String(streamQuery([app('web')])?.fields));

group('the fields that are left out', () => {
  it('are none that an observation reads', async () => {
    const bench = await startBench();
    await bench.create('web', 'plain', { automated: true, deployed: true });
    bench.setTag('1.1.0');
    await bench.get('web', '?refresh=normal');
    await bench.until('web', ['status', 'operationState', 'phase'], 'Succeeded');
    await bench.until('web', ['status', 'health', 'status'], 'Healthy');
    const application = await bench.get('web');
    await bench.close();
    const event = project({ result: { type: 'MODIFIED', application } });
    const left = at(event, 'result', 'application');
    expect(parseApplication(left)).toEqual(parseApplication(application));
    expect(parseApplication(left).resources.some(({ health }) => health !== undefined)).toBe(true);
    expect(at(left, 'metadata', 'resourceVersion')).toBe(at(application, 'metadata', 'resourceVersion'));
    expect(at(event, 'result', 'type')).toBe('MODIFIED');
    expect(at(left, 'status', 'history')).toBeUndefined();
    expect(JSON.stringify(event).length).toBeLessThan(JSON.stringify(application).length * 0.95);
  });

  it.skipIf(!existsSync(folder))('are none in what a real Argo CD has streamed', () => {
    const all = events();
    expect(all.length).toBeGreaterThan(5);
    for (const event of all) {
      const left = at(project(JSON.parse(JSON.stringify(event))), 'result', 'application');
      expect(parseApplication(left)).toEqual(parseApplication(event.result.application));
    }
  });
});
