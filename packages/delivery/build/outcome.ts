import type { Outcome } from '@sluice/core/verdict';
import type { ScanVerdict } from '@sluice/sbom/decide/types';
import { decide } from './decide.ts';
import type { DockerfilePlace } from './dockerfile-place.ts';
import type { BuildVerdict } from './inputs.ts';
import { buildSchema } from './names.ts';
import { buildPage } from './page.ts';
import type { BuildReason } from './reasons.ts';
import { factsOf, headlineOf, hintOf, type Subject } from './sentence.ts';
import type { Stages } from './stages.ts';

/** How a smoke command ended. */
export interface SmokeResult {
  readonly command: string;
  readonly end: 'ended' | 'not-started' | 'timed-out' | 'memory' | 'not-run';
  /** Of its exit, with `ended`. */
  readonly code?: number;
  readonly milliseconds: number;
  /** The last lines that it wrote. */
  readonly log: readonly string[];
}

/** What a gate adds to the JSON `result`. */
export interface BuildDetails {
  readonly builder: 'docker' | 'buildah' | 'podman';
  readonly build: {
    readonly type: 'built' | 'given' | 'failed';
    readonly milliseconds?: number;
    /** The line of the Dockerfile that it failed at, where the builder gives it. */
    readonly place?: DockerfilePlace;
    /** The last lines of one that failed. */
    readonly log?: readonly string[];
  };
  readonly smoke: readonly SmokeResult[];
  readonly sbom?: { readonly file: string; readonly source: string; readonly cautions: readonly string[] };
  /** What sbom-scan says of it; its own result is not repeated, but the SARIF file and the page have the findings. */
  readonly scan?: {
    readonly verdict: ScanVerdict;
    readonly reason: string;
    readonly summary: string;
    readonly findings: number | null;
    readonly unmatched: number | null;
  };
  /** The tag under which it was pushed. */
  readonly pushed?: string;
  /** The repository and digest of what was tried; empty where no registry has it. */
  readonly image: string;
  readonly digest: string;
}

export type BuildOutcome = Outcome<BuildVerdict, BuildReason>;

/** The outcome of what was seen. */
export function buildOutcome(stages: Stages, subject: Subject): BuildOutcome {
  const decision = decide(stages);
  const { verdict, ok, reason } = decision;
  const hint = hintOf(decision, stages);
  const headline = headlineOf(decision, stages, subject);
  const scanned = stages.scan?.type === 'scanned' ? stages.scan.outcome : undefined;
  const found = imageOf(stages);
  return {
    ...{ verdict, ok, reason },
    summary: `${headline}${reason === 'all-passed' ? `: ${factsOf(stages)}` : ''}.`,
    ...(hint === undefined ? {} : { hint }),
    result: { schema: buildSchema, ...detailsOf(stages, found) } satisfies BuildDetails & { schema: string },
    outputs: {
      ...found,
      sbom: stages.sbom?.file ?? '',
      findings: scanned?.outputs.findings ?? '',
      unmatched: scanned?.outputs.unmatched ?? '',
      sarif: scanned?.outputs.sarif ?? '',
    },
    page: buildPage(decision, stages, subject),
  };
}

/** What was tried, as a registry has it. */
function imageOf({ build, push }: Stages): { readonly image: string; readonly digest: string } {
  if (push?.type === 'pushed') return { image: `${push.repository}@${push.digest}`, digest: push.digest };
  if (build.type === 'given' && build.digest !== '') return { image: build.image, digest: build.digest };
  return { image: '', digest: '' };
}

const LONGEST = 400;
const short = (lines: readonly string[]): readonly string[] =>
  lines.slice(-25).map((line) => (line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`));

function detailsOf(
  { builder, build, smoke, sbom, scan, push }: Stages,
  found: Pick<BuildDetails, 'image' | 'digest'>,
): BuildDetails {
  return {
    builder,
    build: {
      type: build.type,
      ...(build.type === 'given' ? {} : { milliseconds: Math.round(build.ms) }),
      ...(build.type === 'failed' ? { log: short(build.lines) } : {}),
      ...(build.type === 'failed' && build.place !== undefined ? { place: build.place } : {}),
    },
    smoke: smoke.map(({ command, end, ms }) => ({
      command: command.slice(0, LONGEST),
      end: end.type,
      ...(end.code === undefined ? {} : { code: end.code }),
      milliseconds: Math.round(ms),
      log: short(end.lines),
    })),
    ...(sbom && { sbom: { file: sbom.file, source: sbom.source, cautions: sbom.cautions } }),
    ...(scan?.type === 'scanned' && {
      scan: {
        verdict: scan.outcome.verdict,
        reason: scan.outcome.reason,
        summary: scan.outcome.summary,
        findings: numberOf(scan.outcome.outputs.findings),
        unmatched: numberOf(scan.outcome.outputs.unmatched),
      },
    }),
    ...(push?.type === 'pushed' && { pushed: push.reference }),
    ...found,
  };
}

const numberOf = (text: string | undefined): number | null => (text ? Number(text) : null);
