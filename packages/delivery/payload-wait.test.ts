import { describe, expect, it } from 'vitest';
import { asStrict, readPayloadWait } from './payload-wait.ts';
import { startStage } from './test-stage.ts';

const wait = {
  applications: ['shop-*'],
  selector: '',
  expect: 2,
  scope: 'application',
  settle: 30_000,
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
  ])('is not read from %s', (_, value) => expect(readPayloadWait(value)).toBeUndefined());

  it('is no less than the deploying run asked for, nor less than the verifying run asks for', async () => {
    await using stage = await startStage();
    const inputs = stage.inputs({ settle: '10s' });
    expect(asStrict(inputs, undefined)).toBe(inputs);
    expect(asStrict(inputs, wait)).toMatchObject(wait);
    const own = stage.inputs({ settle: '60s', expect: '3', applications: 'other' });
    expect(asStrict(own, wait)).toMatchObject({
      ...{ applications: ['other'], expect: 3, settle: 60_000, scope: 'application' },
    });
  });
});
