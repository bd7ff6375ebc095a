import { parseInputs } from '@sluice/core/contract';
import { formatReference } from '@sluice/gitops/reference';
import { expect, it } from 'vitest';
import { previewInputs } from './inputs.ts';

const digest = `sha256:${'a'.repeat(64)}`;

it.each([
  [`ghcr.io/FinPay/Shop:PR-1`, 'ghcr.io/finpay/shop:PR-1'],
  [`ghcr.io/FinPay/Shop:1@${digest}`, `ghcr.io/finpay/shop:1@${digest}`],
  ['acme/shop:1', 'acme/shop:1'],
])('the repository of an image is in lower case, as registries and Kubernetes have it: %s', (given, read) => {
  const env = { INPUT_PROJECT: 'shop', INPUT_IMAGE: given, 'INPUT_PULL-REQUEST-TOKEN': 'x' };
  const { image } = parseInputs(previewInputs, env);
  expect(image && formatReference(image)).toBe(read);
});
