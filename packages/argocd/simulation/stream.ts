import { SluiceError } from '@sluice/core/errors';
import type { Client } from '../api/client.ts';
import { eventStreamParser } from '../api/stream-parse.ts';
import type { Scenario } from './scenario.ts';
import { createRandom } from './world/random.ts';
import type { World } from './world/world.ts';

/** Argo CD says something so often, ms. */
const HEARTBEAT = 15_000;

export interface Stream<T> extends Pick<Client, 'open'> {
  /** To be called whenever something has happened: what shows in the Application is an event. */
  passed(): void;
  /** What stood behind the event with this version of the Application. */
  behind(version: number): T | undefined;
}

/**
 * argocd-server's event stream of the application, and the way to it: events are lost and held back, connections are cut or fall
 * silent, and where nothing gets through it is never opened.
 * @param behind what stands behind an event when it is sent.
 */
export function streamOf<T>(world: World, { seed, latency }: Scenario, behind: () => T): Stream<T> {
  const random = createRandom(seed + 3_000_003);
  const { timeline } = world;
  const isBlocked = random.chance(0.1);
  const lost = random.pick([0, 0, 0.1, 0.5]);
  const heldBack = random.pick([0, 0, 0.05, 0.3]);
  const cut = random.pick([0, 0, 0.02]);
  let connection: Connection | undefined;
  let last = 0;
  const sent = new Map<number, T>();

  function send(type: string): void {
    const to = connection;
    if (to === undefined || to.isSilent) return;
    const application = world.application();
    const { version } = world;
    sent.set(version, behind());
    const delay = random.chance(heldBack) ? random.integer(500, 20_000) : random.integer(2, latency);
    // What is held back holds up all that comes after it.
    to.free = Math.max(to.free, timeline.now() + delay);
    timeline.after(to.free - timeline.now(), () => {
      to.push(`data: ${JSON.stringify({ result: { type, application } })}\n\n`);
    });
  }

  function beat(to: Connection): void {
    timeline.after(HEARTBEAT, () => {
      if (to.isSilent || !to.push(':\n\n')) return;
      beat(to);
    });
  }

  return {
    behind: (version) => sent.get(version),
    passed() {
      const { version } = world;
      if (timeline.now() < world.awayUntil()) {
        // A restart that the way to it does not notice leaves a connection on which nothing comes any more.
        if (random.chance(0.5)) connection?.end();
        else if (connection !== undefined) connection.isSilent = true;
        connection = undefined;
        return;
      }
      if (version === last) return;
      last = version;
      if (random.chance(cut)) {
        connection?.end();
        connection = undefined;
      }
      if (!random.chance(lost)) send('MODIFIED');
    },
    async open(_, __, signal) {
      if (isBlocked || timeline.now() < world.awayUntil())
        throw new SluiceError('platform', 'argocd-unavailable', 'No stream gets through');
      const opened = connect(signal, timeline.now());
      connection = opened;
      send('ADDED');
      beat(opened);
      return { ok: true, chunks: opened.chunks, parser: eventStreamParser(), keepsAlive: true };
    },
  };
}

interface Connection {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** False where it has ended. */
  push(text: string): boolean;
  end(): void;
  isSilent: boolean;
  /** The true time before which nothing more arrives. */
  free: number;
}

function connect(signal: AbortSignal, now: number): Connection {
  const queue: Uint8Array[] = [];
  let isOver = false;
  let wake = (): void => {};
  const end = (): void => {
    isOver = true;
    wake();
  };
  signal.addEventListener('abort', end);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) yield next;
      else if (isOver) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  return {
    ...{ chunks: chunks(), end, isSilent: false, free: now },
    push(text) {
      if (isOver) return false;
      queue.push(new TextEncoder().encode(text));
      wake();
      return true;
    },
  };
}
