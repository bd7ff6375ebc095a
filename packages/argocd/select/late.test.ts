import type { Clock } from '@sluice/core/clock';
import { silentLog } from '@sluice/core/log';
import { describe, expect, it } from 'vitest';
import { untilThere } from './late.ts';

/** Looks at something that is there after so many seconds; gives what was seen last, when, and what was said. */
async function waiting(thereAfter: number, how: { readonly expect: number; readonly timeout: number }) {
  let now = 0;
  const lines: string[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
  const { signal } = new AbortController();
  const found = await untilThere(
    async () => now >= thereAfter * 1000,
    (there) => (there ? undefined : 'None is there.'),
    {
      ...{ clock, signal, until: how.timeout * 1000, expect: how.expect },
      log: { ...silentLog, info: (line) => void lines.push(line) },
    },
  );
  return { found, seconds: now / 1000, lines };
}

describe('applications that appear late', () => {
  it.each([
    [
      'what is there is not waited for',
      0,
      { expect: 1, timeout: 900 },
      { found: true, seconds: 0, lines: [] },
    ],
    [
      'the only one is waited for a short while',
      20,
      { expect: 1, timeout: 900 },
      { found: true, seconds: 20 },
    ],
    ['and not longer: its name may be wrong', 60, { expect: 1, timeout: 900 }, { found: false, seconds: 30 }],
    [
      'more than one are waited for until the time is over',
      600,
      { expect: 2, timeout: 900 },
      { found: true },
    ],
    ['and no longer', 1000, { expect: 2, timeout: 900 }, { found: false, seconds: 900 }],
    [
      'a single look waits for nothing',
      20,
      { expect: 2, timeout: 0 },
      { found: false, seconds: 0, lines: [] },
    ],
  ])('%s', async (_, after, how, seen) => expect(await waiting(after, how)).toMatchObject(seen));

  it('is said once', async () => {
    const { lines } = await waiting(20, { expect: 1, timeout: 900 });
    expect(lines).toEqual(['waiting for applications to appear: None is there.']);
  });
});
