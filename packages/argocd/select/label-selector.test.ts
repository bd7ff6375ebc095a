import { expect, it } from 'vitest';
import { isLabelSelector } from './label-selector.ts';

it.each([
  '',
  'team=pay',
  'team == pay',
  'team!=pay,tier',
  'team=',
  '!legacy',
  'team in (pay, web),env notin (dev)',
  'team in (pay),!legacy',
  'app.kubernetes.io/part-of=shop',
  'generation>3',
])('%j is a label selector', (selector) => expect(() => isLabelSelector(selector)).not.toThrow());

it.each([
  'a in b',
  'team in web',
  'team in (pay',
  'team=pay web',
  'team=pay,,tier',
  'team=pay;web',
  '=pay',
  '-team',
  'team=pay/web',
  `team=${'x'.repeat(64)}`,
])('%j is none', (selector) => expect(() => isLabelSelector(selector)).toThrow(/^allowed: labels/));
