import { code, codeBlock, escapeMarkdown, table } from '@sluice/core/summary';
import type { Decision } from './decide.ts';
import { factsOf, headlineOf, hintOf, localCopy, type Subject, short, smokeSentence } from './sentence.ts';
import type { SmokeStage, Stages } from './stages.ts';

/** Of each log. */
const MOST_LINES = 25;
/** Of smoke commands. */
const MOST_ROWS = 50;

/** The page of a gate: the verdict in words, a row for each stage, what to do, the last lines of what failed, then the scan's own page. */
export function buildPage(decision: Decision, stages: Stages, subject: Subject): string {
  const { scan, sbom } = stages;
  // The scan's own page says what to do about a finding.
  const hint = decision.reason === 'vulnerability-found' ? undefined : hintOf(decision, stages, 'below');
  const facts = decision.reason === 'all-passed' ? ` · ${escapeMarkdown(factsOf(stages))}` : '';
  return [
    `**${escapeMarkdown(headlineOf(decision, stages, subject))}**${facts}`,
    table([['stage', 'result', 'time'], ...rowsOf(stages, subject)]),
    hint === undefined ? '' : escapeMarkdown(hint),
    ...logsOf(stages),
    sbom === undefined
      ? ''
      : `SBOM: ${code(sbom.file)}, ${escapeMarkdown(sbom.source)}.${sbom.cautions.map((one) => `\n- ${escapeMarkdown(one)}`).join('')}`,
    scan?.type === 'scanned' ? scan.outcome.page.trimEnd() : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

type Row = readonly [stage: string, result: string, time: string];

function rowsOf(stages: Stages, { limits }: Subject): readonly Row[] {
  const { build, smoke, sbom, scan, push, builder } = stages;
  const rest = smoke.length - MOST_ROWS;
  return [
    buildRow(build, builder),
    ...(smoke.length === 0 && build.type !== 'failed'
      ? [['smoke', 'nothing was started: `smoke` is empty', ''] as const]
      : []),
    ...smoke
      .slice(0, MOST_ROWS)
      .map(
        (stage): Row => [
          `smoke ${code(short(stage.command))}`,
          smokeResult(stage, limits),
          seconds(stage.ms),
        ],
      ),
    ...(rest > 0 ? [['smoke', `… and ${rest} more`, ''] as const] : []),
    ...(scan === undefined ? [] : [['scan', scanResult(stages), ''] as const]),
    ...(scan === undefined && sbom === undefined && build.type !== 'failed'
      ? [['scan', 'not asked for: `scan` is false', ''] as const]
      : []),
    ...(push === undefined ? [] : [pushRow(push)]),
  ];
}

function buildRow(build: Stages['build'], builder: string): Row {
  switch (build.type) {
    case 'built':
      return ['build', `built by ${builder}`, seconds(build.ms)];
    case 'given':
      return [
        'image',
        `${code(build.image)}, ${build.isPulled ? `pulled by ${builder}` : localCopy(builder)}${build.uncompared === undefined ? '' : `, not compared with a registry: ${escapeMarkdown(build.uncompared)}`}`,
        '',
      ];
    case 'failed':
      return [
        'build',
        `**${build.failure.reason === 'build-failed' ? 'failed' : 'could not be tried'}**: ${escapeMarkdown(build.failure.words)}`,
        seconds(build.ms),
      ];
  }
}

const smokeResult = (stage: SmokeStage, limits: Subject['limits']): string =>
  stage.end.type === 'ended' && stage.end.code === 0
    ? 'exit code 0'
    : `**failed**: ${escapeMarkdown(smokeSentence(stage, limits))}`;

function scanResult({ scan }: Stages): string {
  if (scan === undefined) return '';
  if (scan.type === 'failed') return `**could not be made**: ${escapeMarkdown(scan.message)}`;
  const result = { clean: '', vulnerable: '**failed**: ', 'could-not-scan': '**could not be told**: ' };
  return `${result[scan.outcome.verdict]}${escapeMarkdown(scan.outcome.summary)}`;
}

function pushRow(push: NonNullable<Stages['push']>): Row {
  const reference = code(push.reference);
  if (push.type === 'pushed') return ['push', `${reference}<br>${code(push.digest)}`, seconds(push.ms)];
  if (push.type === 'left-out')
    return ['push', `${reference}: not pushed: ${escapeMarkdown(push.words)}`, ''];
  return [
    'push',
    `${reference}: **${push.type === 'failed' ? 'failed' : 'differs'}**: ${escapeMarkdown(push.words)}`,
    '',
  ];
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function logsOf({ build, smoke, push }: Stages): readonly string[] {
  const failed = smoke.filter(({ end }) => end.type !== 'ended' || end.code !== 0).slice(0, 5);
  return [
    ...(build.type === 'failed' ? [logOf('the build', build.lines)] : []),
    ...failed.map(({ command, end }) => logOf(short(command), end.lines)),
    ...(push?.type === 'failed' ? [logOf('the push', push.lines)] : []),
  ];
}

function logOf(of: string, lines: readonly string[]): string {
  if (lines.length === 0) return `${escapeMarkdown(of)} wrote nothing.`;
  const last = lines.slice(-MOST_LINES).map((line) => (line.length <= 400 ? line : `${line.slice(0, 400)}…`));
  return `<details open><summary>Last lines of ${escapeMarkdown(of)}</summary>\n\n${codeBlock(last.join('\n'))}\n\n</details>`;
}
