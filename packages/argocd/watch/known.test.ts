import { expect, describe as group, it } from 'vitest';
import type { Answer } from '../api/port.ts';
import type { Json } from '../json.ts';
import { parseApplication } from '../observation.ts';
import { createBoard, passedSince } from './known.ts';

const web = { name: 'web', namespace: 'argocd', project: 'shop' };

const body = (
  resourceVersion: string,
  health: string,
  namespace = 'argocd',
  reconciledAt?: string,
): Json => ({
  metadata: { name: 'web', namespace, resourceVersion },
  spec: { project: 'shop' },
  status: { health: { status: health }, ...(reconciledAt !== undefined && { reconciledAt }) },
});

const answer = (version: number | undefined, health: string, reconciledAt?: string): Answer => ({
  application: parseApplication(body('', health, 'argocd', reconciledAt)),
  serverTime: 5000,
  ...(version !== undefined && { version }),
});

function start() {
  let now = 1000;
  const board = createBoard({ now: () => now, sleep: async () => {} });
  const known = board.enter(web);
  return {
    ...{ board, known },
    health: () => known.answer?.application.health.status,
    at(ms: number) {
      now = ms;
    },
  };
}

group('of what a GET and the stream tell', () => {
  it('an event that was under way while the GET was answered is dropped: it is older', () => {
    const { board, known, health } = start();
    board.note(web, answer(12, 'Degraded'), 1000);
    board.shown(body('11', 'Healthy'), false, 1);
    expect([health(), known.turn]).toEqual(['Degraded', 0]);
    board.shown(body('13', 'Progressing'), false, 1);
    expect([health(), known.turn]).toEqual(['Progressing', 1]);
  });

  it('an answer that an event has overtaken does not count', () => {
    const { board, health, at } = start();
    board.note(web, answer(10, 'Healthy'), 1000);
    at(2000);
    board.shown(body('12', 'Degraded'), false, 1);
    at(2100);
    const counts = board.note(web, answer(11, 'Healthy'), 1900);
    expect([health(), counts.application.health.status]).toEqual(['Degraded', 'Degraded']);
  });

  it('an answer that was asked for after the event counts, whatever its number: the cluster may come from a backup', () => {
    const { board, health, at } = start();
    board.shown(body('900', 'Degraded'), false, 1);
    at(3000);
    board.note(web, answer(7, 'Healthy'), 2000);
    expect(health()).toBe('Healthy');
    board.shown(body('8', 'Progressing'), false, 1);
    expect(health()).toBe('Progressing');
  });

  it('the order is that of the comparisons where versions are no numbers', () => {
    const { board, health } = start();
    board.note(web, answer(undefined, 'Degraded', '2026-11-21T03:00:05Z'), 1000);
    board.shown(body('abc', 'Healthy', 'argocd', '2026-11-21T03:00:04Z'), false, 1);
    expect(health()).toBe('Degraded');
    board.shown(body('abd', 'Healthy', 'argocd', '2026-11-21T03:00:05Z'), false, 1);
    expect(health()).toBe('Healthy');
  });

  it('an application of the same name in another namespace is another one', () => {
    const { board, known } = start();
    const other = board.enter({ ...web, namespace: 'team-a' });
    board.shown(body('12', 'Degraded', 'team-a'), false, 1);
    expect(known.answer).toBeUndefined();
    expect(other.answer?.application.health.status).toBe('Degraded');
    board.shown(body('13', 'Healthy', 'nobody-watches'), false, 1);
  });

  it('what only a GET has shown is remembered until the stream shows it, too', () => {
    const { board, known } = start();
    board.note(web, answer(10, 'Healthy'), 1000);
    board.shown(body('9', 'Healthy'), false, 1);
    expect(known.ahead).toMatchObject({ version: 10 });
    board.shown(body('10', 'Healthy'), false, 1);
    expect(known.ahead).toBeUndefined();
  });

  it('a deletion is only a reason to ask', () => {
    const { board, known } = start();
    board.shown(body('12', 'Healthy'), true, 1);
    expect(known.isGone).toBe(true);
    board.note(web, answer(11, 'Healthy'), 900);
    expect(known.isGone).toBe(true);
    board.note(web, answer(13, 'Healthy'), 1000);
    expect(known.isGone).toBe(false);
  });

  it('nothing is kept of what nobody watches any more', () => {
    const { board, known } = start();
    board.enter(web);
    board.leave(known);
    expect(board.all()).toHaveLength(1);
    board.leave(known);
    expect(board.all()).toHaveLength(0);
    board.shown(body('12', 'Healthy'), false, 1);
  });

  const comparedAt = (second: number) =>
    body('12', 'Healthy', 'argocd', new Date(Date.UTC(2026, 10, 21, 3, 0, second)).toISOString());

  it.each([
    ['just now', 30, true],
    ['two seconds ago: both clocks are told in whole seconds', 28, true],
    ['three seconds ago: what came after it may be held back as well', 27, false],
    ['by a clock that is a little ahead', 32, true],
    ['by a clock that says nothing', 33, false],
  ])('an event tells of what is so now where its own times say %s', (_, second, current) => {
    const { board, known, at } = start();
    at(20_000);
    const serverTime = Date.UTC(2026, 10, 21, 3, 0, 29);
    // The server's clock is told by a GET, and goes on by ours.
    board.note(web, { ...answer(11, 'Progressing'), serverTime }, 20_000);
    at(21_000);
    board.shown(comparedAt(second), false, 1);
    expect(known.answer?.current === true).toBe(current);
  });

  it('and a GET whose answer took long does not make it younger', () => {
    const { board, known, at } = start();
    at(20_000);
    const serverTime = Date.UTC(2026, 10, 21, 3, 0, 30);
    board.note(web, { ...answer(10, 'Progressing'), serverTime }, 20_000);
    at(32_000);
    board.note(web, { ...answer(11, 'Progressing'), serverTime }, 20_000);
    at(33_000);
    board.shown(comparedAt(30), false, 1);
    expect(known.answer?.current).toBeUndefined();
  });

  it('one without a time does not', () => {
    const { board, known, at } = start();
    at(20_000);
    board.shown(body('12', 'Healthy'), false, 1);
    expect(known.answer?.current).toBeUndefined();
  });

  it('what comes before anybody looks has passed, and is told in its order', () => {
    const { board, known, at } = start();
    const healths = () => passedSince(known, 1).map((one) => [one.application.health.status, one.takenAt]);
    for (const [index, health] of ['Healthy', 'Progressing', 'Degraded', 'Healthy'].entries()) {
      at(2000 + index);
      board.shown(body(String(10 + index), health), false, 1);
    }
    expect(healths()).toEqual([
      ['Progressing', 2001],
      ['Degraded', 2002],
    ]);
    for (let index = 20; index < 1000; index++) board.shown(body(String(index), 'Healthy'), false, 1);
    expect(healths().length).toBeLessThan(30);
  });
});
