import {
  boolean,
  commonInputsWithoutLogin,
  duration,
  type Inputs,
  list,
  oneOf,
  secrets,
  size,
  text,
} from '@sluice/core/contract';
import { repositoryPath } from '@sluice/core/repository-path';
import { canonicalRepository, readReference } from '@sluice/gitops/reference';
import { checkRegistryCredentials, parseRegistryCredential, passwordsOf } from '@sluice/oci/credentials';
import { scanInputs, scanProblems } from '@sluice/sbom/inputs';
import { wordsOf } from './words.ts';

export const buildVerdicts = ['passed', 'failed', 'could-not-tell'] as const;
export type BuildVerdict = (typeof buildVerdicts)[number];

const { sbom: _, ...scanning } = scanInputs;

/** What to build, how it is tried, and what counts. */
export const buildInputs = {
  context: text({ default: '.' }).of(repositoryPath),
  dockerfile: text().of(repositoryPath),
  target: text().check(isTarget),
  platforms: list().of(parsePlatform, String),
  'build-args': list().of(parseArgument),
  secrets: list().of(parseSecret),
  builder: oneOf(['auto', 'docker', 'buildah', 'podman'], { default: 'auto' }),
  image: text().of(parseImage),
  smoke: list().of((command): SmokeCommand => ({ command, words: wordsOf(command) })),
  'smoke-timeout': duration({ default: '60s' }).check(isPositive),
  'smoke-memory': size({ default: '512MB' }).check(isEnough),
  'push-to': text().of(parseRepository),
  'registry-credentials': secrets(parseRegistryCredential, passwordsOf).check(checkRegistryCredentials),
  scan: boolean({ default: 'true' }),
  'sbom-file': text({ default: 'build-gate.cdx.json' }).of(repositoryPath),
  ...scanning,
  ...commonInputsWithoutLogin(buildVerdicts),
} as const;

export type BuildInputs = Inputs<typeof buildInputs>;

/** As it is written, and in words. */
export interface SmokeCommand {
  readonly command: string;
  readonly words: readonly string[];
}

export interface BuildArgument {
  readonly name: string;
  readonly value: string;
}

/** A secret of the build, by the file that holds it. */
export interface BuildSecret {
  readonly id: string;
  readonly file: string;
}

/** An image that is given: as it is written, its repository with the registry, and its tag or digest. */
export interface GivenImage {
  readonly name: string;
  /** A registry may have it: one stands in its name. */
  readonly hasRegistry: boolean;
  readonly repository: string;
  readonly reference: string;
}

function isTarget(value: string): void {
  if (!/^(?:[A-Za-z0-9][\w.-]{0,127})?$/.test(value))
    throw new Error('allowed: the name of a stage of the Dockerfile');
}

function isPositive(value: number): void {
  if (value <= 0) throw new Error('allowed: a duration above 0s');
}

/** Below this no builder starts a program. */
function isEnough(value: number): void {
  if (value < 16_000_000) throw new Error('allowed: 16MB or more');
}

function parsePlatform(entry: string): string {
  if (/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+)?$/.test(entry)) return entry;
  throw new Error('allowed: <system>/<architecture>, as linux/amd64 or linux/arm/v7');
}

function parseArgument(entry: string): BuildArgument {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(entry) ?? [];
  // Without a value builders take the variable of that name from the environment of the runner.
  if (name === undefined || value === undefined) throw new Error('allowed: <name>=<value>');
  return { name, value };
}

function parseSecret(entry: string): BuildSecret {
  const [, id, file] = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(entry) ?? [];
  if (id === undefined || file === undefined) throw new Error('allowed: <id>=<file>');
  // Builders read `id=…,src=…` as CSV.
  if (/[,"]/.test(file)) throw new Error('allowed: a file whose name has neither comma nor quote');
  return { id, file: repositoryPath(file) };
}

function parseImage(value: string): GivenImage {
  const reference = readReference(value);
  if (reference === undefined)
    throw new Error('allowed: repository:tag, repository:tag@sha256:… or repository@sha256:…');
  return {
    name: value,
    hasRegistry: reference.registry !== undefined && reference.registry !== 'localhost',
    repository: canonicalRepository(reference),
    reference: reference.digest ?? reference.tag ?? 'latest',
  };
}

/**
 * A repository that is pushed to says its registry: a name alone would go to Docker Hub, whoever owns it there. In lower case, as registries
 * have them: `ghcr.io/${{ github.repository }}` has the capitals of its owner.
 */
function parseRepository(value: string): string {
  const reference = readReference(value);
  const isPlain = reference !== undefined && reference.tag === undefined && reference.digest === undefined;
  if (!isPlain || reference.registry === undefined)
    throw new Error('allowed: <registry>/<repository> without tag or digest, as registry.example/team/shop');
  return canonicalRepository({ ...reference, repository: reference.repository.toLowerCase() });
}

/** What is wrong with the inputs together. */
export function buildProblems(inputs: Partial<BuildInputs>): readonly string[] {
  const { secrets: _secrets, ...rest } = inputs;
  const problems = [...scanProblems(rest)];
  const built = ['dockerfile', 'target', 'platforms', 'build-args', 'secrets'] as const;
  const given = built.filter((name) => (inputs[name]?.length ?? 0) > 0);
  if (inputs.image !== undefined && given.length > 0)
    problems.push(
      `\`image\` is given, so that nothing is built: ${given.join(', ')} would be read by nobody`,
    );
  if (inputs.image !== undefined && inputs.smoke?.length === 0 && inputs.scan === false)
    problems.push('`image` is given, `smoke` is empty and `scan` is false: nothing of it would be tried');
  if (inputs.scan === false && inputs.sarif !== undefined)
    problems.push('`sarif` is given, and `scan` is false: nothing would write it');
  const written = inputs['sbom-file'];
  if (
    written !== undefined &&
    [inputs.sarif, inputs['allow-list'], inputs.kev, inputs.epss].includes(written)
  )
    problems.push('`sbom-file` names a file that another input names: it would be written over');
  return problems;
}
