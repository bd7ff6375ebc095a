import { expect, test } from 'vitest';
import type { Fate } from './fate.ts';
import type { Found } from './find.ts';
import { type Report, supersedeOutcome } from './outcome.ts';
import type { Cancelling } from './plan.ts';
import type { CancelReason, KeepReason } from './reasons.ts';
import { deploymentOf, runOf } from './test-runs.ts';

const own = 9;
type Kept = readonly [id: number, why: KeepReason];
type Gone = readonly [id: number, why: CancelReason, fate: Fate, status?: string];
const ended: Fate = { type: 'cancelled' };
const denied = (
  id: number,
  code: 'permission-denied' | 'github-unavailable' = 'permission-denied',
): Fate => ({
  ...{ type: 'refused', code },
  why:
    code === 'permission-denied'
      ? 'The token may not cancel workflow runs of acme/app: it lacks `actions: write` (GitHub: No).'
      : `api.example answered 502 to POST /repos/acme/app/actions/runs/${id}/cancel, each time it was tried.`,
});

/** What a report comes to; `given` says what is not as usual. */
function outcome(kept: readonly Kept[], gone: readonly Gone[], given: Partial<Report> & Partial<Found> = {}) {
  const { isDryRun = false, pulls = { closed: [], kept: [], failed: [] }, about = 'deployment' } = given;
  const item = ([id, why, , status = 'in_progress']: Gone): Cancelling => ({
    ...{ run: runOf(id, { status }), by: id === own ? 11 : own, why },
    deployments: about === 'deployment' ? [deploymentOf(id)] : [],
  });
  const found: Found = {
    ...{ about, reads: 0 },
    plan: {
      supersededBy: about === 'pull-request' ? undefined : Math.max(own, ...kept.map(([id]) => id)),
      cancel: gone.map(item),
      keep: kept.map(([id, why]) => ({ run: id, seen: runOf(id), why })),
    },
  };
  const fates = isDryRun ? [] : gone.map((one) => ({ item: item(one), fate: one[2] }));
  return supersedeOutcome({ own, found, ended: fates, pulls, isDryRun });
}

const newest: Kept = [own, 'newest'];

test.each<readonly [string, readonly Kept[], readonly Gone[], Parameters<typeof outcome>[2], string]>([
  ['no older run', [newest], [], {}, 'Nothing to cancel: no older run was found.'],
  [
    'what is older is of another kind',
    [[1, 'other-branch'], newest],
    [],
    {},
    'Nothing to cancel: no run is there that a newer one has made pointless.',
  ],
  [
    'one waits',
    [[3, 'awaits-approval'], newest],
    [],
    {},
    'Nothing was cancelled: run 3 waits for an approval, and `cancel-waiting` is off.',
  ],
  [
    'some wait, and one has begun',
    [[1, 'begun'], [2, 'awaits-merge'], [3, 'awaits-merge'], newest],
    [],
    {},
    'Nothing was cancelled: run 1 has begun; runs 2, 3 wait for a merge, and `cancel-waiting` is off.',
  ],
  [
    'a dry run in which one waits',
    [[3, 'awaits-approval'], newest],
    [],
    { isDryRun: true },
    'Dry run: nothing would be cancelled: run 3 waits for an approval, and `cancel-waiting` is off.',
  ],
  [
    'this run gives way',
    [[11, 'newest']],
    [[own, 'not-begun', ended]],
    {},
    'This run gives way to run 11, which is newer.',
  ],
  [
    'this run gives way with an older one',
    [[11, 'newest']],
    [
      [1, 'not-begun', ended],
      [own, 'not-begun', ended],
    ],
    {},
    'Cancelled run 1: run 11 makes what is older pointless. This run gives way to run 11, too.',
  ],
  [
    'this run would give way',
    [[11, 'newest']],
    [
      [1, 'not-begun', ended],
      [own, 'not-begun', ended],
    ],
    { isDryRun: true },
    'Dry run: run 1 would be cancelled; this run would give way to run 11, which is newer.',
  ],
  [
    'one run of a closed pull request',
    [[own, 'own']],
    [[1, 'started', ended]],
    { about: 'pull-request' },
    'Cancelled run 1: its pull request is closed.',
  ],
  [
    'runs of a closed pull request and of the merge queue',
    [[own, 'own']],
    [
      [1, 'started', ended],
      [2, 'started', ended],
      [3, 'left-queue', ended],
    ],
    { about: 'pull-request' },
    'Cancelled runs 1, 2: their pull request is closed; run 3: its entry has left the merge queue.',
  ],
  [
    'it began first',
    [newest],
    [[1, 'not-begun', { type: 'began-first' }]],
    {},
    'Nothing was cancelled: run 1 had begun to change something before it could be marked as superseded.',
  ],
])('the sentence says what is so: %s', (_, kept, gone, given, summary) => {
  expect(outcome(kept, gone, given).summary).toBe(summary);
});

const about = 'branch' as const;
const may = 'the token may not cancel workflow runs of acme/app: it lacks `actions: write` (GitHub: No)';
const again = /^Run the job again/;

test.each<readonly [string, readonly Gone[], Parameters<typeof outcome>[2], string, RegExp]>([
  [
    'a missing permission, of two runs',
    [
      [1, 'not-started', denied(1)],
      [2, 'not-started', denied(2)],
    ],
    { about },
    `2 of 2 runs were not cancelled (1, 2): ${may}.`,
    /^Give the job `actions: write`;.*fork/,
  ],
  [
    'no answer: it needs no permission',
    [
      [1, 'not-started', denied(1, 'github-unavailable')],
      [2, 'not-started', denied(2, 'github-unavailable')],
      [3, 'not-started', ended],
    ],
    { about },
    '2 of 3 runs were not cancelled (1, 2): api.example answered 502 to POST /repos/acme/app/actions/runs/…/cancel, each time it was tried.',
    again,
  ],
  [
    'what is told stops by itself',
    [[1, 'not-begun', denied(1)]],
    {},
    `Run 1 was not cancelled: ${may}.`,
    /What was not cancelled stops by itself before its first write/,
  ],
  [
    'a Deployment that is not told',
    [[1, 'not-begun', { type: 'not-recorded', why: 'Its Deployment does not say it yet.' }]],
    {},
    'Run 1 was not cancelled: its Deployment does not say it yet.',
    again,
  ],
  [
    'a Deployment that the token may not write',
    [[1, 'not-begun', { type: 'not-recorded', why: 'The token may not.', code: 'permission-denied' }]],
    {},
    'Run 1 was not cancelled: the token may not.',
    /^Give the job `deployments: write`\.$/,
  ],
  [
    'still there, and it runs',
    [[1, 'started', { type: 'still-there' }]],
    { about },
    'Run 1 was asked to end, and still there afterwards.',
    /`always\(\)`.*`force-after`/,
  ],
  [
    'still there, and it never ran: no job with always() can keep it',
    [[1, 'not-started', { type: 'still-there' }, 'queued']],
    { about },
    'Run 1 was asked to end, and still there afterwards.',
    /^GitHub may take its time with what has not started: (?!.*always)/,
  ],
])('says once why, and what to do about it: %s', (_, gone, given, summary, hint) => {
  const found = outcome([newest], gone, given);
  expect(found).toMatchObject({ verdict: 'incomplete', ok: 'false', summary });
  expect(found.hint).toMatch(hint);
  const page = found.page.replaceAll('\\', '');
  expect(page.split(summary).length - 1).toBe(1);
  expect(page).not.toContain('\n- ');
});

test('the page shows every run by age with a link, its title, what became of it and why in words, and marks this one', () => {
  const { page } = outcome(
    [[3, 'awaits-approval'], newest],
    [
      [4, 'not-started', ended, 'queued'],
      [1, 'not-begun', denied(1)],
      [2, 'not-begun', denied(2, 'github-unavailable')],
      [5, 'not-begun', { type: 'cancelled', isWindingUp: true }],
    ],
  );
  const link = (id: number) => `[${id}](https://github.com/acme/app/actions/runs/${id}) \`Deploy ${id}\``;
  const stops = '**not cancelled**; stops before its first write';
  expect(page).toMatch(/^### Superseded deployments\n\n\*\*/);
  expect(page.split('\n').filter((line) => line.startsWith('| ['))).toEqual([
    `| ${link(1)} | ${stops} | \`refused\`: GitHub refused to cancel it |`,
    `| ${link(2)} | ${stops} | \`no-answer\`: GitHub did not answer the request to cancel it |`,
    `| ${link(3)} | kept | \`awaits-approval\`: it waits for an approval, and \`cancel-waiting\` is off |`,
    `| ${link(4)} | **cancelled** | \`not-started\`: it was queued, or waited for its concurrency group |`,
    `| ${link(5)} | **cancelled**; its last jobs still run | \`not-begun\`: it ran, and its Deployment had not begun to change anything |`,
    `| ${link(9)} (this run) | kept | \`newest\`: it is the newest of its key |`,
  ]);
});

test('a newer run that has ended, and of which the table has no row, has its link', () => {
  const { page } = outcome([[11, 'own']], [[1, 'awaited-approval', ended]]);
  expect(page).not.toContain('The newer run');
  const plan = { supersededBy: 8, cancel: [], keep: [{ run: 9, seen: runOf(9), why: 'own' as const }] };
  const pulls = { closed: [], kept: [], failed: [] };
  const found = { about: 'deployment' as const, reads: 0, plan };
  expect(supersedeOutcome({ own, found, ended: [], isDryRun: false, pulls }).page).toContain(
    'The newer run: [8](https://github.com/acme/app/actions/runs/8)',
  );
});

test('what waits for a merge has begun: it is not said to stop before its first write', () => {
  const { page, hint } = outcome([newest], [[1, 'awaited-merge', denied(1)]]);
  expect(`${page}${hint}`).not.toMatch(/first write/);
});

test('the log says the same, a line for each run, also where nothing is done', () => {
  expect(
    outcome([[3, 'awaits-approval'], newest], [[1, 'not-started', ended]], { isDryRun: true }).lines,
  ).toEqual([
    'Run 1: would be cancelled: it was queued, or waited for its concurrency group',
    'Run 3: kept: it waits for an approval, and `cancel-waiting` is off',
    'Run 9 (this run): kept: it is the newest of its key',
  ]);
});

test('of very many runs the page shows those that were to be cancelled, and says how many are left', () => {
  const kept = Array.from({ length: 150 }, (_, index): Kept => [index + 1000, 'other-branch']);
  const { page, result } = outcome([...kept, newest], [[5000, 'not-started', ended]]);
  expect(page.split('\n').filter((line) => line.startsWith('| [')).length).toBe(100);
  expect(page).toContain('[5000]');
  expect(page).toContain('… and 52 more.');
  expect(result).toMatchObject({ kept: { length: 151 } });
});

test('a title that anybody may have given is text', () => {
  const title = 'a|b <script>alert(1)</script> @acme/team [x](https://evil.example)\n# y';
  const run = runOf(1, { title, url: 'javascript:alert(1)' });
  const plan = { supersededBy: 9, cancel: [], keep: [{ run: 1, seen: run, why: 'ended' as const }] };
  const { page } = supersedeOutcome({
    ...{ own, ended: [], isDryRun: false, pulls: { closed: [], kept: [], failed: [] } },
    found: { about: 'deployment', reads: 0, plan },
  });
  // As code nothing in it is a link, a mention or markup.
  expect(page).toContain('| 1 `a\\|b <script>alert(1)</script> @acme/team [x](https://evil.example) # y` |');
  expect(page).not.toMatch(/javascript|\n# y/);
});

test('what became of a run that could not be read is told so, and neither as ended nor as still there', () => {
  const { verdict, ok, reason, summary, hint, page } = outcome(
    [newest],
    [[1, 'not-started', { type: 'unseen' }]],
  );
  expect({ verdict, ok, reason }).toEqual({ verdict: 'incomplete', ok: 'unknown', reason: 'not-confirmed' });
  expect(summary).toBe('Run 1 was asked to end, and what came of it could not be read.');
  expect(hint).toMatch(/^Look at the run\. Run the job again/);
  expect(page).toContain('**asked to end**, and not seen again');
});
