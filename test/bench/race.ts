// `node test/bench/race.ts [processes]`: many processes that change one branch at the same moment, with GitHub's rate limits on.
import path from 'node:path';
import { githubSecondaryLimits } from '@sluice/testbed/github/secondary-limits';
import { type GitHubStandIn, startGitHub } from '@sluice/testbed/github/start';
import { jobEnvironment, runBundle } from '@sluice/testbed/runner';
import { showTable } from './table.ts';

const repository = 'acme/gitops';
const action = path.resolve(import.meta.dirname, '../../actions/image-tag-bump');
const account = 'app-1';
/** An image stands in a file together with others: writers meet in a file as well as on the branch. */
const IMAGES_PER_FILE = 10;

export interface RaceOptions {
  readonly processes: number;
  readonly method: 'api' | 'git';
  /** Each process another image, all one image with a tag of each one's own, or all the same tag. */
  readonly wish: 'own-image' | 'own-tag' | 'same-tag';
  /** Milliseconds for all; default ten minutes. */
  readonly timeout?: number;
}

/** What one process said and did. */
export interface Racer {
  readonly verdict: string;
  readonly reason: string;
  readonly commit: string;
  /** Requests that would have written. */
  readonly attempts: number;
  readonly ms: number;
}

export interface RaceReport {
  readonly racers: readonly Racer[];
  /** Requests that the rate limits turned away. */
  readonly refusals: number;
  /** From the start of the first process to the end of the last. */
  readonly ms: number;
  /** What is not as promised, a sentence each. */
  readonly broken: readonly string[];
}

const imageOf = (index: number, { wish }: RaceOptions): string =>
  wish === 'own-image' ? `registry.example/app-${index}` : 'registry.example/app-0';
const tagOf = (index: number, { wish }: RaceOptions): string => (wish === 'own-tag' ? `2.${index}` : '2.0');
const fileOf = (index: number): string => `apps/${Math.floor(index / IMAGES_PER_FILE)}.yaml`;

function manifestOf(index: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: app-${index} }
spec:
  template:
    spec:
      containers:
        - name: app
          image: registry.example/app-${index}:1.0
`;
}

async function createRepository(github: GitHubStandIn, processes: number): Promise<string> {
  const files: Record<string, string> = {};
  for (let index = 0; index < processes; index++) {
    const file = fileOf(index);
    files[file] = [files[file], manifestOf(index)].filter((part) => part !== undefined).join('---\n');
  }
  return github.createRepository(repository, files);
}

/** Starts all processes at once, and holds what they say against what the branch holds. */
export async function race(options: RaceOptions): Promise<RaceReport> {
  const github = await startGitHub({ secondaryLimits: githubSecondaryLimits });
  try {
    const start = await createRepository(github, options.processes);
    const begun = performance.now();
    const racers = await Promise.all(
      Array.from({ length: options.processes }, (_, index) => runOne(github, index, options)),
    );
    const ms = performance.now() - begun;
    const broken = [...(await brokenPromises(github, start, racers, options)), ...github.violations];
    return { racers, refusals: github.secondary.refusals.length, ms, broken };
  } finally {
    await github.close();
  }
}

async function runOne(github: GitHubStandIn, index: number, options: RaceOptions): Promise<Racer> {
  const id = `racer-${index}`;
  const token = github.createToken({ id, account });
  const { outputs, ms } = await runBundle({
    action,
    token,
    inputs: {
      repository,
      images: `${imageOf(index, options)}:${tagOf(index, options)}`,
      'commit-method': options.method,
      'allow-downgrade': 'true',
    },
    env: jobEnvironment(github, 'acme/app', { GITHUB_RUN_ID: String(1000 + index) }),
    timeout: options.timeout ?? 600_000,
  });
  const attempts = github.requests.filter(
    ({ token: who, method, operation, path: asked }) =>
      who === id &&
      method === 'POST' &&
      (operation === 'createCommitOnBranch' || asked.endsWith('/git-receive-pack')),
  ).length;
  const { verdict = '', reason = '', 'commit-sha': commit = '' } = outputs;
  return { verdict, reason, commit, attempts, ms };
}

async function brokenPromises(
  github: GitHubStandIn,
  start: string,
  racers: readonly Racer[],
  options: RaceOptions,
): Promise<readonly string[]> {
  const log = await github.log(repository, 'main', 10_000);
  const broken: string[] = [];
  const expect = (isTrue: boolean, sentence: string) => {
    if (!isTrue) broken.push(sentence);
  };
  expect(log.at(-1)?.sha === start, 'The branch does not go back to the commit at which it began.');
  const commits = new Map(
    racers.map((_, index) => [index, log.filter(({ message }) => isOf(index, message))]),
  );
  for (const [index, { verdict, reason, commit }] of racers.entries()) {
    const own = commits.get(index) ?? [];
    const wrote = verdict === 'updated' || reason === 'overwritten-since';
    expect(wrote || verdict === 'unchanged', `Process ${index} ended with ${verdict} (${reason}).`);
    expect(
      own.length === (wrote ? 1 : 0),
      `Process ${index} says ${verdict} and made ${own.length} commits.`,
    );
    expect(!wrote || own[0]?.sha === commit, `Process ${index} names another commit than its own.`);
    expect(
      reason !== 'overwritten-since' || (own[0]?.sha !== log[0]?.sha && options.wish === 'own-tag'),
      `Process ${index} says that it was overwritten, and nobody came after it.`,
    );
  }
  const wanted = racers.map((_, index) => `${imageOf(index, options)}:${tagOf(index, options)}`);
  const held: string[] = [];
  for (let index = 0; index < options.processes; index += IMAGES_PER_FILE) {
    const text = (await github.readFile(repository, 'main', fileOf(index)))?.toString() ?? '';
    held.push(...[...text.matchAll(/image: (\S+)/g)].map(([, image = '']) => image));
  }
  if (options.wish === 'own-image') {
    for (const image of wanted) expect(held.includes(image), `${image} is lost.`);
    return broken;
  }
  const last = racers.findIndex(({ verdict, commit }) => verdict === 'updated' && commit === log[0]?.sha);
  expect(last >= 0, 'The last commit is nobody’s who says that it is there.');
  expect(held[0] === wanted[last], `The branch holds ${held[0]}, the last commit set ${wanted[last]}.`);
  return broken;
}

const isOf = (index: number, message: string): boolean =>
  message.includes(`Sluice-Run: acme/app/${1000 + index}/1`);

const seconds = (ms: number | undefined): string => ((ms ?? 0) / 1000).toFixed(1);

function percentile(values: readonly number[], part: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
}

/** Runs every kind of race, prints a table of them, and answers what was not as promised. */
export async function showRaces(processes: number): Promise<readonly string[]> {
  console.log(
    `\nRaces: ${processes} processes at once on one branch, GitHub's rate limits on; times in s.\n`,
  );
  const rows: (readonly string[])[] = [];
  const broken: string[] = [];
  for (const wish of ['own-image', 'own-tag', 'same-tag'] as const) {
    for (const method of ['api', 'git'] as const) {
      const report = await race({ processes, method, wish });
      const { racers } = report;
      const attempts = racers.map((racer) => racer.attempts);
      const times = racers.map(({ ms }) => ms);
      const count = (name: string) =>
        racers.filter(({ verdict, reason }) => [verdict, reason].includes(name));
      rows.push([
        `${wish}, ${method}`,
        ...['updated', 'overwritten-since', 'unchanged'].map((name) => String(count(name).length)),
        (attempts.reduce((sum, one) => sum + one, 0) / processes).toFixed(1),
        String(Math.max(...attempts)),
        String(report.refusals),
        ...[0.5, 0.95, 1].map((part) => seconds(percentile(times, part))),
        report.broken.length === 0 ? 'ok' : 'BROKEN',
      ]);
      broken.push(...report.broken.map((sentence) => `${wish}, ${method}: ${sentence}`));
    }
  }
  showTable(
    [
      ['race', 'left'],
      ['updated', 'right'],
      ['overwritten', 'right'],
      ['unchanged', 'right'],
      ['attempts', 'right'],
      ['most', 'right'],
      ['limited', 'right'],
      ['p50', 'right'],
      ['p95', 'right'],
      ['max', 'right'],
      ['', 'left'],
    ],
    rows,
  );
  for (const sentence of broken) console.log(`  ${sentence}`);
  return broken;
}

if (import.meta.main) {
  const broken = await showRaces(Number(process.argv[2] ?? 50));
  process.exitCode = broken.length === 0 ? 0 : 1;
}
