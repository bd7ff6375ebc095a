import { describe, expect, test } from 'vitest';
import { callers, type Event, events, runPull } from './pr-stage.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';
const digest = `sha256:${'a'.repeat(64)}`;
const shop = 'ghcr.io/finpay/payments-api';
const pushed = `push-to: ${shop}`;

/** What ephemeral-env is given, and what the caller learns, where build-gate ends with this digest and everything else succeeds. */
async function images(event: Event, instead = pushed, found = digest) {
  let given: { readonly image?: string; readonly resolves?: string } = {};
  const run = await runPull(event, {
    workflow: callers.caller.replace(pushed, instead),
    world: {
      job: ({ path }) => {
        if (['pr/build', 'pr/built', 'pr/preview'].includes(path)) return undefined;
        return { result: 'success', outputs: { ...(path === 'pr/labels' && { skip: 'false' }) } };
      },
      action: ({ uses, inputs }) => {
        if (uses.startsWith('actions/checkout@') || uses === '$/actions/pr-ready') return { passed: true };
        if (uses === '$/actions/build-gate')
          return { passed: true, outputs: { digest: found, image: found && `${shop}@${found}` } };
        if (uses !== '$/actions/ephemeral-env') throw new Error(`${uses} is not expected`);
        given = { image: inputs.image ?? '', resolves: inputs['resolve-digests'] ?? '' };
        return { passed: true };
      },
    },
  });
  return { ...given, told: run?.jobs.pr?.outputs.image };
}

describe('the image of the environment has tag and digest', () => {
  test('after a build those of what was pushed', async () => {
    expect(await images(events.opened)).toMatchObject({
      image: `${shop}:pr-12-${sha}@${digest}`,
      told: `${shop}@${digest}`,
    });
  });

  test('after a label the tag under which it was pushed, whose digest ephemeral-env asks the registry for', async () => {
    const tagged = `${shop}:pr-12-${sha}`;
    expect(await images(events.labeled)).toEqual({ image: tagged, resolves: 'true', told: tagged });
  });

  test.each([
    ['with a tag', 'image: acme/shop:1', digest, `acme/shop:1@${digest}`],
    ['with a digest', `image: acme/shop@${digest}`, digest, `acme/shop@${digest}`],
    ['which the registry was not asked for', 'image: acme/shop:1', '', 'acme/shop:1'],
    ['which is pushed', `image: acme/shop:1\n      ${pushed}`, digest, `${shop}:pr-12-${sha}@${digest}`],
    ['and there is none', 'smoke-memory: 1GB', '', ''],
  ])('of one that is given %s', async (_, instead, found, image) => {
    expect((await images(events.opened, instead, found)).image).toBe(image);
  });

  test('after a label that of one that is given', async () => {
    expect((await images(events.labeled, 'image: acme/shop:1')).image).toBe('acme/shop:1');
  });
});

describe('no image is named that was not pushed', () => {
  test.each(['opened from a fork', 'labeled from a fork'] as const)('%s', async (name) => {
    expect(await images(events[name], pushed, '')).toEqual({ told: '' });
  });

  test('from a fork the one that is given is', async () => {
    const both = `image: acme/shop:1\n      ${pushed}`;
    expect(await images(events['labeled from a fork'], both)).toEqual({ told: 'acme/shop:1' });
  });
});
