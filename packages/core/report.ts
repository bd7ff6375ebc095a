import { type ErrorCode, SluiceError } from './errors.ts';
import { withoutLineEnds } from './one-line.ts';
import type { ErrorDetails, ResultHead, ShortenedDetails } from './result.ts';
import { prose } from './summary.ts';
import type { Outcome } from './verdict.ts';
import { visible } from './visible.ts';

/** What the runner is given at the end, secrets taken out. */
export interface Report {
  readonly outputs: Readonly<Record<string, string>>;
  readonly page: string;
  readonly exitCode: 0 | 1;
  /** The one annotation of a step that fails. */
  readonly annotation?: string;
}

/** Above this, `result` keeps its head only: all outputs of a job share 1 MB, counted in UTF-16. */
const RESULT_LIMIT = 400_000;

/** A list of wrong inputs is a long sentence; more than this nobody reads, and it is put out three times. */
const SENTENCE_LIMIT = 10_000;

/** Outcome to outputs, page and exit code. `good` are the verdicts that exit 0; `failOn` narrows them. */
export function reportOf(
  outcome: Outcome,
  good: readonly string[],
  failOn: readonly string[],
  hide: (text: string) => string,
): Report {
  const { verdict, ok, reason } = outcome;
  const summary = oneLine(hide(outcome.summary));
  const { schema } = outcome.result;
  const head = { schema, verdict, ok, reason, summary } satisfies ResultHead<string, string, string>;
  const whole = JSON.stringify({ ...head, ...outcome.result, ...head }, (_key, value) =>
    typeof value === 'string' ? hide(value) : value,
  );
  const own = Object.entries(outcome.outputs).map(([name, value]) => [name, hide(value)] as const);
  const passes = good.includes(verdict) && !failOn.includes(verdict);
  const hint = outcome.hint === undefined ? '' : `\n${visible(hide(outcome.hint))}`;
  return {
    outputs: {
      ...Object.fromEntries(own),
      verdict,
      ok,
      reason,
      summary,
      result:
        whole.length <= RESULT_LIMIT
          ? whole
          : JSON.stringify({ ...head, shortened: true } satisfies ShortenedDetails),
    },
    page: hide(outcome.page),
    exitCode: passes ? 0 : 1,
    ...(passes ? {} : { annotation: `${listed(outcome, hide) ?? summary}${hint}` }),
  };
}

/** The problems of the sentence, one a line; undefined where there are not several. */
function listed({ summary, problems = [] }: Outcome, hide: (text: string) => string): string | undefined {
  const [first] = problems;
  if (first === undefined || problems.length === 1) return undefined;
  const [headline = ''] = summary.split(`: ${first}`);
  const lines = problems.map((one) => `- ${oneLine(hide(one))}`);
  const text = [`${oneLine(hide(headline))}:`, ...lines].join('\n');
  return text.length <= SENTENCE_LIMIT ? text : `${text.slice(0, SENTENCE_LIMIT)}…`;
}

/** The outcome of a run that ended by an error: it claims nothing but what it had done before. */
export function failedOutcome(
  error: unknown,
  unknownVerdict: string,
  schema: string,
  done: { readonly outputs: Outcome['outputs']; readonly sentence?: string },
  action = '',
): Outcome<string, ErrorCode> {
  const { code, message, hint } = told(error);
  const problems = error instanceof SluiceError && error.problems.length > 1 ? error.problems : [];
  const [headline] = problems.length === 0 ? [message] : message.split(`: ${problems[0]}`);
  const { outputs, sentence } = done;
  // The page of a job has those of several steps.
  const name = action === '' ? '' : `${action}: `;
  const paragraphs = [
    `**${prose(`${name}${headline ?? message}`)}**`,
    ...(problems.length === 0 ? [] : [problems.map((one) => `- ${prose(one)}`).join('\n')]),
    ...[sentence, hint].flatMap((one) => (one === undefined ? [] : [prose(one)])),
  ];
  return {
    verdict: unknownVerdict,
    ok: 'unknown',
    reason: code,
    summary: sentence === undefined ? message : `${message.replace(/(?<![.!?])$/, '.')} ${sentence}`,
    ...(hint === undefined ? {} : { hint }),
    ...(problems.length === 0 ? {} : { problems }),
    result: { schema, error: { code, message, hint: hint ?? '' } } satisfies {
      schema: string;
    } & ErrorDetails<ErrorCode>,
    outputs,
    page: `${paragraphs.join('\n\n')}\n`,
  };
}

function told(error: unknown): { code: ErrorCode; message: string; hint: string | undefined } {
  if (error instanceof SluiceError) return error;
  const said = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal-error',
    message: `Something went wrong that should not: ${oneLine(said)}`,
    hint: 'This is a defect. Run the job again with debug logging, and report what it shows.',
  };
}

const oneLine = (text: string): string => withoutLineEnds(text, SENTENCE_LIMIT);
