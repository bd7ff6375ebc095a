import { grouped } from '@sluice/core/grouped';
import { count } from '@sluice/sbom/page/words';
import type { SmokeEnd } from './builders/types.ts';
import type { Decision } from './decide.ts';
import type { BuildInputs } from './inputs.ts';
import type { SmokeStage, Stages } from './stages.ts';
import { lastWords } from './words-of-log.ts';

/** What the sentences are about. */
export interface Subject {
  /** `The image of Dockerfile`, `The image registry.example/shop:1.4.2`. */
  readonly name: string;
  readonly limits: Pick<BuildInputs, 'smoke-timeout' | 'smoke-memory'>;
}

/** The verdict in words, without the full stop. */
export function headlineOf({ reason, smoke }: Decision, stages: Stages, { name, limits }: Subject): string {
  const whether = `Whether ${name.replace(/^The /, 'the ')}`;
  switch (reason) {
    case 'all-passed':
      return passedOf(stages, name);
    case 'build-failed':
      return `${name} does not build${placeWords(stages.build)}: ${buildWords(stages.build)}`;
    case 'base-image-not-reached':
      return `${whether} builds could not be told, because the registry of a base image was not reached: ${buildWords(stages.build)}`;
    case 'builder-failed':
      return `${whether} builds could not be told, because ${stages.builder} failed: ${buildWords(stages.build)}`;
    case 'smoke-failed':
    case 'smoke-not-started':
    case 'smoke-timed-out':
    case 'smoke-memory':
    case 'smoke-not-run':
      return smoke === undefined ? name : smokeSentence(smoke, limits);
    case 'vulnerability-found':
      return scanWords(stages);
    case 'sbom-incomplete':
      return `${whether} has vulnerabilities could not be told: the packages of its system ${stages.sbom?.lacksSystem ?? 'are not read'}`;
    case 'not-scanned':
      // The scan's own sentence begins so, too.
      return `${whether} has vulnerabilities could not be told: ${scanWords(stages).replace(/^Whether .{1,200}? vulnerabilities could not be told: /, '')}`;
    case 'not-pushed':
      return `${name} passed, and was not pushed${pushWords(stages)}`;
    case 'digest-differs':
      return `${name} passed, and the registry has something else${pushWords(stages)}`;
  }
}

function passedOf({ build, smoke, scan }: Stages, name: string): string {
  const seen = smoke.length > 0 ? 'starts' : build.type === 'built' ? 'builds' : 'is there';
  return `${name} ${seen}${scan === undefined ? '' : ', and no vulnerability counts against it'}`;
}

const buildWords = (build: Stages['build']): string => (build.type === 'failed' ? build.failure.words : '');

const placeWords = (build: Stages['build']): string =>
  build.type === 'failed' && build.place !== undefined ? ` (${build.place.file}:${build.place.line})` : '';

function scanWords({ scan }: Stages): string {
  if (scan === undefined) return '';
  return withoutStop(scan.type === 'scanned' ? scan.outcome.summary : scan.message);
}

function pushWords({ push }: Stages): string {
  return push === undefined || push.type === 'pushed' ? '' : `: ${push.reference}: ${push.words}`;
}

/** How a smoke command ended, as a sentence without its stop. */
export function smokeSentence({ command, end }: SmokeStage, limits: Subject['limits']): string {
  const name = `The smoke command ${JSON.stringify(short(command))}`;
  const network = wantsNetwork(end) ? '; it seems to want the network, and there is none' : '';
  switch (end.type) {
    case 'ended': {
      const how = end.code === undefined ? 'was ended by a signal' : `ended with exit code ${end.code}`;
      const memory = WANTS_MEMORY.test(end.lines.join('\n'))
        ? `; it seems to want more memory than the ${megabytes(limits)} that it may have`
        : '';
      return `${name} ${how}${network}${memory}`;
    }
    case 'not-started':
      return `${name} could not be started: ${lastWords({ lines: end.lines, code: undefined })}`;
    case 'timed-out':
      return `${name} did not end within ${grouped(limits['smoke-timeout'] / 1000)} s, and was ended${network}`;
    case 'memory':
      return `${name} wanted more memory than the ${megabytes(limits)} that it may have, and was ended`;
    case 'not-run':
      return `${name} could not be run as it must be: ${end.lines.slice(-2).join(' ')}`;
  }
}

const megabytes = (limits: Subject['limits']): string => `${grouped(limits['smoke-memory'] / 1e6)} MB`;

const wantsNetwork = ({ lines }: SmokeEnd): boolean => WANTS_NETWORK.test(lines.join('\n'));

/** As the systems and resolvers of several languages say it. */
const WANTS_NETWORK =
  /network is unreachable|ENETUNREACH|connection refused|ECONNREFUSED|EAI_AGAIN|ENOTFOUND|no such host|could not resolve host|temporary failure in name resolution|name or service not known|UnknownHostException|bad address '/i;
const WANTS_MEMORY =
  /cannot allocate memory|out of memory|OutOfMemoryError|MemoryError|std::bad_alloc|ENOMEM|heap out of memory/i;

/** What to do about it; `log`: where the last lines of a log stand. */
export function hintOf(
  { reason, smoke }: Decision,
  stages: Stages,
  log: 'on the page of this run' | 'below' = 'on the page of this run',
): string | undefined {
  switch (reason) {
    case 'all-passed':
      return undefined;
    case 'build-failed':
      return `Build it on your machine with the same builder; the last lines of its log are ${log}.`;
    case 'base-image-not-reached':
      return 'Run the job again; a login to that registry often has a higher limit.';
    case 'builder-failed':
      return 'Run the job again, on a runner with more memory and disk, or with a builder that can do what the inputs ask for.';
    case 'smoke-not-started':
      return 'A smoke command takes the place of the entry point: give a program of the image by its path, and its arguments. Check that it is there, that it may be executed, and that its libraries are in the image.';
    case 'smoke-timed-out':
      return 'Give a command that ends by itself, as one that prints the version, or raise `smoke-timeout`.';
    case 'smoke-memory':
      return 'Raise `smoke-memory`, or give a command that needs less.';
    case 'smoke-failed':
      return smoke !== undefined && wantsNetwork(smoke.end)
        ? 'Smoke commands have no network: give one that needs none.'
        : `Its last lines are ${log}. It has no network, no capabilities, and the limits of \`smoke-timeout\` and \`smoke-memory\`.`;
    case 'smoke-not-run':
      return 'Choose another `builder` or runner, or leave `smoke` out: a command is not run with more than it may have.';
    case 'vulnerability-found':
      return stages.scan?.type === 'scanned' ? stages.scan.outcome.hint : undefined;
    case 'sbom-incomplete':
      return 'Install syft on the runner, or use a builder that attests an SBOM; or give `scan: false`.';
    case 'not-scanned':
      return stages.scan?.type === 'failed' ? stages.scan.hint : notScannedHint(stages);
    case 'not-pushed':
      return 'Log the builder in to the registry, with the right to push there: by `registry-credentials`, or by a step before.';
    case 'digest-differs':
      return 'Look who else pushes under this tag, and run the job again.';
  }
}

const notScannedHint = ({ scan }: Stages): string | undefined =>
  scan?.type === 'scanned' && scan.outcome.reason === 'nothing-to-scan'
    ? 'Nothing in the image could be looked up: install syft on the runner, which knows more kinds of packages, or give `scan: false`.'
    : scan?.type === 'scanned'
      ? scan.outcome.hint
      : undefined;

/** What was done, for the sentence of a gate that passed. */
export function factsOf(stages: Stages): string {
  const { build, smoke, scan, push, builder } = stages;
  const facts = [
    ...(build.type === 'built' ? [`built by ${builder}`] : []),
    ...(build.type === 'given' && build.uncompared !== undefined
      ? [`${localCopy(builder)}, not compared with a registry: ${build.uncompared}`]
      : []),
    smoke.length === 0
      ? 'nothing was started, as `smoke` is empty'
      : `${count(smoke.length, 'smoke command')} ended well`,
    ...(scan?.type === 'scanned' ? [withoutStop(scan.outcome.summary)] : ['not scanned, as `scan` is false']),
    ...(push?.type === 'pushed' ? [`pushed as ${push.reference}`] : []),
    ...(push?.type === 'left-out' ? [`not pushed, as ${push.words}`] : []),
  ];
  return facts.join('; ');
}

export const localCopy = (builder: string): string => `the copy in the storage of ${builder}`;
const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');
export const short = (command: string): string =>
  command.length <= 120 ? command : `${command.slice(0, 119)}…`;
