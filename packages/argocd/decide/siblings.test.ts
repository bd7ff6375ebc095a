import type { Place } from '@sluice/gitops/change';
import { expect, describe as group, it } from 'vitest';
import { decide } from './decide.ts';
import { deployment, IMAGE, imageEdit, managed, manifest, OLD_IMAGE, situation } from './testing.ts';
import type { DecisionInput } from './types.ts';

const entry = (name: string): Place => ({ type: 'kustomize-image', name, field: 'newTag' });
const of = (name: string, image: string, live = image) => ({ ...managed(image, live), name });
const shown = { resources: [deployment({ name: 'stable' }), deployment({ name: 'canary' })] };

const withSiblings = (input: DecisionInput, siblings: readonly string[]): DecisionInput => {
  const { resources } = input.evidence;
  if (resources === undefined || 'unavailable' in resources) throw new Error('no resources');
  return { ...input, evidence: { ...input.evidence, resources: { ...resources, siblings } } };
};

group('one repository twice in an application', () => {
  const edits = [imageEdit(entry('api-canary'))];
  const canary = (image: string, live?: string) =>
    situation({ edits, shown, resources: [of('stable', OLD_IMAGE), of('canary', image, live)] });

  it('a container with an image that another place of Git asks for is none of the change', () => {
    expect(decide(withSiblings(canary(IMAGE), [OLD_IMAGE]))).toMatchObject({
      verdict: 'live',
      proof: [{ object: { name: 'canary' }, image: IMAGE }],
    });
  });

  it('without such a place it hides the change', () => {
    for (const siblings of [[], ['registry.example/api:1.3.8']])
      expect(decide(withSiblings(canary(IMAGE), siblings))).toMatchObject({ verdict: 'not-effective' });
  });

  it('and where none shows the wanted image, that is not effective whatever else Git asks for', () => {
    expect(decide(withSiblings(canary(OLD_IMAGE), [OLD_IMAGE]))).toMatchObject({
      ...{ verdict: 'not-effective', reason: 'overridden' },
    });
  });

  it('the container of the change still has to run it', () => {
    expect(decide(withSiblings(canary(IMAGE, OLD_IMAGE), [OLD_IMAGE]))).toMatchObject({
      ...{ type: 'wait', clause: 'running' },
    });
  });

  it('two edits with images of their own each have to be shown', () => {
    const other = 'registry.example/api:1.3.10';
    const two = [imageEdit(entry('api-stable'), other), imageEdit(entry('api-canary'))];
    const both = (stable: string) =>
      decide(situation({ edits: two, shown, resources: [of('stable', stable), of('canary', IMAGE)] }));
    expect(both(other)).toMatchObject({ verdict: 'live', proof: [{ image: other }, { image: IMAGE }] });
    expect(both(IMAGE)).toMatchObject({ verdict: 'not-effective' });
    expect(both(OLD_IMAGE)).toMatchObject({ verdict: 'not-effective' });
  });
});

group('a reference that names no registry', () => {
  const of_ = (image: string, defaultRegistry?: string) => {
    const edits = [imageEdit(undefined, IMAGE)];
    const input = situation({
      edits,
      resources: [{ ...managed(), target: manifest(image), live: manifest(image) }],
    });
    if (input.expectation.type !== 'change') throw new Error('no change');
    const change = { ...input.expectation.change, ...(defaultRegistry !== undefined && { defaultRegistry }) };
    return decide({ ...input, expectation: { ...input.expectation, change } });
  };

  it('is of the default registry of the change', () => {
    expect(of_('api:1.4.2', 'registry.example')).toMatchObject({ verdict: 'live' });
    expect(of_('api:1.3.9', 'registry.example')).toMatchObject({ verdict: 'not-effective' });
    expect(of_('api:1.4.2', 'other.example')).toMatchObject({ verdict: 'not-effective' });
    expect(of_('docker.io/library/api:1.4.2', 'registry.example')).toMatchObject({
      verdict: 'not-effective',
    });
  });

  it('is of Docker Hub where the change says nothing', () => {
    expect(of_('api:1.4.2')).toMatchObject({ verdict: 'not-effective' });
  });
});
