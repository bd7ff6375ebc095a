import { expect, it } from 'vitest';
import { list, parseInputs, text } from './contract.ts';
import { SluiceError } from './errors.ts';
import { failedOutcome, reportOf } from './report.ts';

const pageOf = (env: Readonly<Record<string, string>>): string => {
  const refuse = (value: string): void => {
    if (value !== '') throw new Error('allowed: nothing');
  };
  try {
    parseInputs({ a: text().check(refuse), b: list().of(refuse) }, env);
  } catch (error) {
    return failedOutcome(error, 'unknown', 'sluice.test.v1', { outputs: {} }).page;
  }
  return '';
};

it('several problems are a list on the page, each as it was given', () => {
  expect(pageOf({ INPUT_A: 'x*', INPUT_B: 'y\nz' })).toBe(
    [
      '**3 problems in the inputs**',
      '',
      '- a: "x\\*": allowed: nothing',
      '- b: "y": allowed: nothing',
      '- b: "z": allowed: nothing',
      '',
      'Correct the `with:` block of this step.',
      '',
    ].join('\n'),
  );
});

it('one problem is a sentence', () => {
  expect(pageOf({ INPUT_A: 'x' })).toMatch(/^\*\*An input is wrong: a: "x": allowed: nothing\*\*\n\n/);
});

it('several problems are a line each in the annotation, and the page says of which action', () => {
  const message = '2 problems in the inputs: a: "x": wrong; b: "y": wrong\n::error::z';
  const problems = ['a: "x": wrong', 'b: "y": wrong\n::error::z'];
  const error = new SluiceError('input', 'invalid-input', message, { problems, hint: 'Correct them.' });
  const outcome = failedOutcome(error, 'unknown', 'sluice.test.v1', { outputs: {} }, 'probe');
  expect(outcome.page).toMatch(/^\*\*probe: 2 problems in the inputs\*\*\n\n- a: /);
  const hide = (text: string) => text.replaceAll('"x"', '***');
  const { annotation, outputs } = reportOf(outcome, ['live'], [], hide);
  expect(annotation).toBe(
    '2 problems in the inputs:\n- a: ***: wrong\n- b: "y": wrong ::error::z\nCorrect them.',
  );
  expect(outputs.summary).not.toContain('\n');
});
