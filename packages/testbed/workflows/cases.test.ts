import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runWorkflow } from './run.ts';
import { mapping } from './shape.ts';

/** Cases that are kept beside the repository, where they are kept at all. */
const folder = resolve(import.meta.dirname, '../../../../shared/recipes/workflows/cases');
const elsewhere = process.env.SLUICE_WORKFLOW_CASES ?? folder;
const here = existsSync(join(elsewhere, 'expected.json'));
const expected = here
  ? Object.entries(
      mapping(JSON.parse(readFileSync(join(elsewhere, 'expected.json'), 'utf8')), 'expected.json'),
    )
  : [];
const workflows = expected.filter(([name]) => name.endsWith('.yml'));

const title = 'cases that are kept beside the repository';

describe.skipIf(!here)(here ? title : `${title}: there are none here, nothing was compared`, () => {
  test('there are 37 cases', () => {
    const rows = workflows.flatMap(([, jobs]) => Object.keys(mapping(jobs, 'jobs')));
    expect(rows).toHaveLength(37);
  });

  test.each(workflows)('%s ends as it does on GitHub', async (name, jobs) => {
    const files = Object.fromEntries(
      readdirSync(elsewhere)
        .filter((file) => file.endsWith('.yml'))
        .map((file) => [`.github/workflows/${file}`, readFileSync(join(elsewhere, file), 'utf8')]),
    );
    const world = {
      github: { event_name: 'push', event: {}, repository: 'acme/app', ref: 'refs/heads/main' },
      secrets: { TOK: 'the-token', OTHER: 'the-other' },
      vars: { V: 'a-variable' },
    };
    const repository = { name: 'acme/app', ref: 'main', folder: elsewhere, files };
    const run = await runWorkflow(world, { repository, path: `.github/workflows/${name}` });
    const wanted = Object.entries(mapping(jobs, name)).map(([id, row]) => [id, mapping(row, id).github]);
    expect(Object.fromEntries(wanted.map(([id]) => [id, run.jobs[String(id)]?.result]))).toEqual(
      Object.fromEntries(wanted),
    );
  });
});
