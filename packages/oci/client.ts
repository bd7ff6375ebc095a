import { addressOf } from './address.ts';
import { answerError, type Question } from './errors.ts';
import {
  type Descriptor,
  isDigest,
  type Labels,
  MANIFEST_TYPES,
  readConfig,
  readManifest,
} from './manifest.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import { listTags } from './tags.ts';
import type { Answer } from './transport.ts';

/** An image by its repository, with the registry in it (`docker.io/library/nginx`), and its tag or digest. */
export interface ImageName {
  readonly repository: string;
  /** `1.27`, or `sha256:…`. */
  readonly reference: string;
}

/** What an image says of its build. */
export interface ImageFacts {
  /** Of the configuration; annotations of the manifest and of the index where it has none of that name. */
  readonly labels: Labels;
  /** When it was built, RFC 3339, as the configuration has it. */
  readonly created: string | undefined;
}

/** Reads from registries by the OCI distribution API. Every error is a SluiceError. Each question is asked once. */
export interface RegistryClient {
  /** Every tag of a repository, in the order in which the registry names them. */
  tags(repository: string): Promise<readonly string[]>;
  /** The digest that a tag leads to, of the index where there is one: `sha256:…`. */
  digest(image: ImageName): Promise<string>;
  /** The digests of its configuration, of an index those of all its images: they say what was built, however it is packed. */
  configs(image: ImageName): Promise<readonly string[]>;
  /** The labels of an image; of an index, of its image for linux/amd64, else of the first. */
  facts(image: ImageName): Promise<ImageFacts>;
}

const LARGEST_CONFIG = 4_000_000;

export function createRegistryClient(options: SessionOptions): RegistryClient {
  const session = openSession(options);
  return {
    tags: once(async (repository: string) => {
      const address = addressOf(repository);
      return listTags(session, { ...address, what: `the tags of ${address.name}` });
    }, String),
    digest: once(async (image: ImageName) => findDigest(session, questionOf(image), image.reference), nameOf),
    configs: once(
      async (image: ImageName) => findConfigs(session, questionOf(image), image.reference),
      nameOf,
    ),
    facts: once(async (image: ImageName) => findFacts(session, questionOf(image), image.reference), nameOf),
  };
}

function once<K, V>(act: (key: K) => Promise<V>, name: (key: K) => string): (key: K) => Promise<V> {
  const known = new Map<string, Promise<V>>();
  return (key) => {
    const answer = known.get(name(key)) ?? act(key);
    known.set(name(key), answer);
    return answer;
  };
}

function nameOf({ repository, reference }: ImageName): string {
  return `${repository}${isDigest(reference) ? '@' : ':'}${reference}`;
}

function questionOf(image: ImageName): Question {
  const address = addressOf(image.repository);
  return { ...address, what: nameOf({ ...image, repository: address.name }) };
}

/** By HEAD, which counts for no limit of pulls; where that gives no digest, whatever the reason, it is made from the bytes. */
async function findDigest(session: Session, question: Question, reference: string): Promise<string> {
  const named = await headDigest(session, question, reference);
  if (named === undefined) return (await fetchManifest(session, question, reference)).digest;
  if (!isDigest(named)) throw answerError(question, `its digest is ${JSON.stringify(named.slice(0, 100))}`);
  return named;
}

async function headDigest(
  session: Session,
  question: Question,
  reference: string,
): Promise<string | undefined> {
  const request = {
    method: 'HEAD',
    path: manifestPath(question, reference),
    headers: { accept: MANIFEST_TYPES },
  } as const;
  const answer = await session(question, { ...request, tolerated: [400, 404, 405, 501] });
  return answer.status === 200 ? (answer.headers.get('docker-content-digest') ?? undefined) : undefined;
}

function manifestPath({ name }: Question, reference: string): string {
  return `/v2/${name}/manifests/${reference}`;
}

async function fetchManifest(
  session: Session,
  question: Question,
  reference: string,
): Promise<{ readonly digest: string; readonly value: unknown }> {
  const path = manifestPath(question, reference);
  const answer = await session(question, { path, headers: { accept: MANIFEST_TYPES } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const digest = await digestOf(bytes);
  const named = isDigest(reference) ? reference : (answer.headers.get('docker-content-digest') ?? digest);
  if (named !== digest) throw answerError(question, `its bytes have the digest ${digest}, not ${named}`);
  return { digest, value: parseJson(bytes) };
}

async function findFacts(session: Session, question: Question, reference: string): Promise<ImageFacts> {
  const top = readManifest((await fetchManifest(session, question, reference)).value);
  const image =
    top?.type === 'index' && top.image !== undefined
      ? readManifest((await fetchManifest(session, question, top.image.digest)).value)
      : top;
  if (top === undefined || image?.type !== 'image') throw answerError(question, 'it is no image');
  const { labels, created } = readConfig(await fetchConfig(session, question, image.config));
  return { labels: { ...top.annotations, ...image.annotations, ...labels }, created };
}

async function findConfigs(
  session: Session,
  question: Question,
  reference: string,
): Promise<readonly string[]> {
  const top = readManifest((await fetchManifest(session, question, reference)).value);
  if (top === undefined) throw answerError(question, 'it is no image');
  if (top.type === 'image') return [top.config.digest];
  const configs: string[] = [];
  for (const { digest } of top.images) {
    const image = readManifest((await fetchManifest(session, question, digest)).value);
    if (image?.type === 'image') configs.push(image.config.digest);
  }
  return configs;
}

async function fetchConfig(session: Session, question: Question, config: Descriptor): Promise<unknown> {
  if (config.size > LARGEST_CONFIG) {
    throw answerError(question, `its configuration is larger than ${LARGEST_CONFIG} bytes`);
  }
  const answer: Answer = await session(question, {
    path: `/v2/${question.name}/blobs/${config.digest}`,
    maxBytes: LARGEST_CONFIG,
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const digest = await digestOf(bytes);
  if (digest !== config.digest)
    throw answerError(question, `its configuration has the digest ${digest}, not ${config.digest}`);
  return parseJson(bytes);
}

async function digestOf(bytes: Buffer): Promise<string> {
  const { createHash } = await import('node:crypto');
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
