import { describe, expect, it } from 'vitest';
import { asStrict, payloadWait, readPayloadWait } from './payload-wait.ts';
import { startStage } from './test-stage.ts';

const wait = {
  applications: ['shop-*'],
  selector: '',
  expect: 2,
  scope: 'application',
  until: 'paused',
  ...{ settle: 30_000, degradedGrace: 300_000, itself: 900_000 },
  registryAliases: [{ from: 'docker.io', to: 'mirror.example/docker.io' }],
} as const;

describe('when a change counts as live', () => {
  it('is read from a payload as it was written', () =>
    expect(readPayloadWait(JSON.parse(JSON.stringify(wait)))).toEqual(wait));

  it.each([
    ['nothing', null],
    ['an application that is none', { ...wait, applications: ['--help'] }],
    ['a selector of two lines', { ...wait, selector: 'a=b\nc=d' }],
    ['no application expected', { ...wait, expect: 0 }],
    ['a word for a number', { ...wait, expect: 'all' }],
    ['a settle time before now', { ...wait, settle: -1 }],
    ['another scope', { ...wait, scope: 'none' }],
    ['another stage', { ...wait, until: 'never' }],
    ['a grace without end', { ...wait, degradedGrace: 1e12 }],
    ['an alias of everything', { ...wait, registryAliases: [{ from: '', to: 'evil.example' }] }],
    ['an alias of two lines', { ...wait, registryAliases: [{ from: 'a\nb', to: 'c' }] }],
    ['a run that never ends', { ...wait, itself: 1e12 }],
  ])('is not read from %s', (_, value) => expect(readPayloadWait(value)).toBeUndefined());

  it('is no less than the deploying run asked for, nor less than the verifying run asks for', async () => {
    await using stage = await startStage();
    const inputs = stage.inputs({ settle: '10s' });
    expect(asStrict(inputs, undefined)).toBe(inputs);
    const { applications, selector, expect: count, scope, settle, registryAliases } = wait;
    expect(asStrict(inputs, wait)).toMatchObject({
      ...{ applications, selector, expect: count, scope, settle, until: 'complete' },
      ...{ 'degraded-grace': 300_000, 'registry-aliases': registryAliases },
    });
    const own = stage.inputs({
      ...{ settle: '60s', expect: '3', applications: 'other', until: 'started', 'degraded-grace': '10m' },
      'registry-aliases': 'quay.io=mirror.example/quay.io',
    });
    expect(asStrict(own, wait)).toMatchObject({
      ...{ applications: ['other'], expect: 3, settle: 60_000, scope: 'application', until: 'paused' },
      ...{ 'degraded-grace': 600_000 },
      'registry-aliases': [{ from: 'quay.io', to: 'mirror.example/quay.io' }, ...registryAliases],
    });
  });

  it('is written with all that the verdict depends on, and with how long the deploying run waits itself', async () => {
    await using stage = await startStage();
    const given = {
      ...{ settle: '30s', expect: '2', applications: 'shop-*', scope: 'application', until: 'paused' },
      ...{ 'degraded-grace': '5m', 'registry-aliases': 'docker.io=mirror.example/docker.io' },
    };
    const written = payloadWait(stage.inputs({ ...given, timeout: '15m' }));
    expect(written).toEqual(wait);
    expect(readPayloadWait(JSON.parse(JSON.stringify(written)))).toEqual(wait);
    const event = stage.inputs({ ...given, until: '', verify: '', mode: 'event', deployment: 'queue' });
    expect(payloadWait(event)).toEqual({ ...wait, until: 'complete', itself: 0 });
  });
});
