import { expect, it } from 'vitest';
import { isApp, isSender } from './notifier.ts';

it.each([
  ['finpay-argocd', 'finpay-argocd', true],
  ['finpay-argocd', 'finpay-argocd[bot]', true],
  ['Finpay-ArgoCD', 'finpay-argocd', true],
  ['alice', '@alice', false],
  ['finpay', 'finpay-argocd', false],
  ['', '', false],
  [undefined, '', false],
])('a check run of the App %j is by the notifier %j: %j', (slug, notifier, expected) =>
  expect(isApp(slug, notifier)).toBe(expected));

it.each([
  ['finpay-argocd[bot]', 'finpay-argocd', true],
  ['finpay-argocd[bot]', 'finpay-argocd[bot]', true],
  ['finpay-argocd', 'finpay-argocd', false],
  ['finpay-argocd', 'finpay-argocd[bot]', false],
  ['alice', '@alice', true],
  ['Alice', '@alice', true],
  ['alice[bot]', '@alice', false],
  ['', '', false],
  ['[bot]', '', false],
])('a dispatch that %j has sent is by the notifier %j: %j', (login, notifier, expected) =>
  expect(isSender(login, notifier)).toBe(expected));
