import { describe, expect, test } from 'vitest';
import { buildOutcome } from './outcome.ts';
import type { SmokeStage, Stages } from './stages.ts';
import { scanned } from './test-stages.ts';

const subject = {
  name: 'The image of Dockerfile',
  limits: { 'smoke-timeout': 60_000, 'smoke-memory': 512_000_000 },
};
const built: Stages = { builder: 'docker', build: { type: 'built', ms: 1 }, smoke: [] };
const failing: SmokeStage = {
  command: '/shop',
  end: { type: 'ended', code: 3, lines: ['no config'] },
  ms: 1,
};
const outcomeOf = (stages: Partial<Stages>) => buildOutcome({ ...built, ...stages }, subject);

describe('the page of a gate', () => {
  test('does not send who reads it to itself for the log', () => {
    const { page, hint } = outcomeOf({ smoke: [failing] });
    expect(hint).toContain('Its last lines are on the page of this run.');
    expect(page).toContain('Its last lines are below.');
    expect(page).not.toContain('on the page of this run');
  });

  test.each([
    ['clean', '| scan | image is clean. |'],
    ['vulnerable', '| scan | **failed**: image is vulnerable. |'],
    ['could-not-scan', '| scan | **could not be told**: image is could-not-scan. |'],
  ] as const)('says of a scan that is %s what it means', (verdict, row) => {
    expect(outcomeOf({ scan: scanned(verdict) }).page.replaceAll('\\', '')).toContain(row);
  });

  test.each([
    '`dry-run` is true',
    'only what has passed is pushed',
  ])('has a row for a push that was asked for and left out: %s', (words) => {
    const { page } = outcomeOf({ push: { type: 'left-out', reference: 'r.example/shop', words } });
    expect(page.replaceAll('\\', '')).toContain(`| push | \`r.example/shop\`: not pushed: ${words} |`);
  });
});

describe('the sentence', () => {
  test('says once that it could not be told', () => {
    const scan = scanned('could-not-scan');
    if (scan.type !== 'scanned') throw new Error('it is scanned');
    const told = 'Whether acme/shop has vulnerabilities could not be told: the database is missing.';
    const { summary } = outcomeOf({ scan: { ...scan, outcome: { ...scan.outcome, summary: told } } });
    expect(summary).toBe(
      'Whether the image of Dockerfile has vulnerabilities could not be told: the database is missing.',
    );
  });

  test('says that nothing was pushed, and why', () => {
    const words = '`dry-run` is true';
    const { summary, outputs } = outcomeOf({
      push: { type: 'left-out', reference: 'r.example/shop', words },
    });
    expect(summary).toContain('not pushed, as `dry-run` is true');
    expect(outputs).toMatchObject({ image: '', digest: '' });
  });
});
