import { mapping, scalar, type Texts, texts } from './shape.ts';

/** A step of a job or of a composite action. */
export interface Step {
  readonly id: string;
  readonly name: string;
  /** With the `success() &&` that GitHub adds. */
  readonly condition: string;
  readonly env: Texts;
  readonly continueOnError: unknown;
  readonly does: Uses | Run;
}

export interface Uses {
  readonly type: 'uses';
  readonly uses: string;
  readonly with: Texts;
}

export interface Run {
  readonly type: 'run';
  readonly script: string;
  readonly shell: string;
  readonly directory: string;
}

const keys = ['id', 'name', 'if', 'uses', 'with', 'run', 'env', 'shell', 'working-directory'];

/** Reads a step. `timeout-minutes` is taken: here is no clock. */
export function readStep(value: unknown, where: string, condition: string | undefined): Step {
  const step = mapping(value, where, [...keys, 'continue-on-error', 'timeout-minutes']);
  return {
    id: scalar(step.id, `${where}.id`),
    name: scalar(step.name, `${where}.name`),
    condition: condition ?? withSuccess(scalar(step.if ?? 'success()', `${where}.if`)),
    env: texts(step.env, `${where}.env`),
    continueOnError: step['continue-on-error'] ?? false,
    does:
      step.uses === undefined
        ? {
            type: 'run',
            script: scalar(step.run, `${where}.run`),
            shell: scalar(step.shell, `${where}.shell`),
            directory: scalar(step['working-directory'], `${where}.working-directory`),
          }
        : { type: 'uses', uses: scalar(step.uses, `${where}.uses`), with: texts(step.with, `${where}.with`) },
  };
}

/** What the official parser does for a workflow; it opens no `action.yml`. */
function withSuccess(text: string): string {
  const condition = text.replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, '$1').trim();
  // A name in quotes is no call of a function.
  const plain = condition.replaceAll(/'[^']*'/g, "''");
  return /\b(?:success|failure|cancelled|always)\s*\(/i.test(plain)
    ? condition
    : `success() && (${condition})`;
}
