import { describe, expect, it } from 'vitest';
import { branch, pulls, shop } from './image-tag-bump-pull-request-setup.ts';
import { deployment, type Fixture, gitops, manifest, withFixture } from './image-tag-bump-setup.ts';

const everything = {
  ...shop,
  labels: 'deployment, production',
  reviewers: 'alice, bob',
  'team-reviewers': 'ops',
  'auto-merge': 'true',
};

/** The requests of the run that write, but for Git's own. */
const writes = ({ github }: Fixture, since = 0): readonly string[] =>
  github.requests
    .slice(since)
    .filter(
      ({ method, path, operation }) => method !== 'GET' && path.startsWith('/api') && operation !== 'viewer',
    )
    .map(({ method, path, operation }) => `${method} ${operation ?? path.split('/').at(-1)}`);

describe.concurrent('what a pull request gets beside its commit', { timeout: 60_000 }, () => {
  it('labels, reviewers, teams and auto-merge; a second run writes nothing', () =>
    withFixture(async (fixture) => {
      const settings = fixture.github.repository(gitops);
      settings.allowsAutoMerge = true;
      settings.gates.add('main');
      const result = await fixture.run(everything);
      expect(result.outputs).toMatchObject({ verdict: 'pending', reason: 'pull-request-created' });
      expect(result.annotations).toEqual([]);
      expect(pulls(fixture)).toMatchObject([
        {
          labels: ['deployment', 'production'],
          reviewers: ['alice', 'bob'],
          teamReviewers: ['ops'],
          autoMerge: { method: 'merge' },
        },
      ]);
      const [pull] = pulls(fixture);
      pull?.labels.push('reviewed');
      if (pull !== undefined) pull.reviewers = ['bob'];
      pull?.events?.push({ type: 'reviewed', at: Date.now(), by: 'alice' });
      const before = fixture.github.requests.length;
      const again = await fixture.run(everything, { env: { GITHUB_RUN_ID: '43' } });
      expect(again.outputs).toMatchObject({ reason: 'pull-request-unchanged', changed: 'false' });
      expect(writes(fixture, before)).toEqual([]);
      expect(pull).toMatchObject({ labels: ['deployment', 'production', 'reviewed'], reviewers: ['bob'] });
    }));

  it('each part that cannot be had is a warning; the pull request and the verdict stay', () =>
    withFixture(async (fixture) => {
      const token = fixture.github.githubToken(gitops);
      fixture.github.repository(gitops).parksBotRuns = true;
      const result = await fixture.run({
        ...everything,
        ...{ token, reviewers: 'alice, mallory, github-actions[bot]', draft: 'true' },
      });
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'pending',
        'pull-request-number': '1',
      });
      const said = result.annotations.map(({ level, message }) => `${level}: ${message}`);
      expect(said).toEqual([
        expect.stringMatching(
          /^warning: github-actions\[bot\] was not asked for a review: nobody can review/,
        ),
        expect.stringMatching(/^warning: mallory could not be asked .*collaborators.*correct `reviewers`/),
        expect.stringMatching(/^warning: The team ops could not be asked .*`members: read`/),
        expect.stringMatching(/^warning: Auto-merge was not switched on: it is a draft\./),
        expect.stringMatching(/^warning: 1 workflow run of the pull request waits for approval: CI\./),
      ]);
      expect(result.summary).toContain('\n- 1 workflow run of the pull request waits for approval: CI.');
      expect(pulls(fixture)).toMatchObject([
        { draft: true, reviewers: ['alice'], labels: ['deployment', 'production'] },
      ]);
    }));

  it('is no draft where the repository has none, and stays ready where somebody made it so', () =>
    withFixture(async (fixture) => {
      fixture.github.repository(gitops).allowsDrafts = false;
      const result = await fixture.run({ ...shop, draft: 'true' });
      expect(result.outputs).toMatchObject({ verdict: 'pending' });
      expect(result.annotations.map(({ message }) => message)).toEqual([
        'It is no draft: this repository has none.',
      ]);
      fixture.github.repository(gitops).allowsDrafts = true;
      await fixture.run({ ...shop, images: 'registry.example/shop:1.4.3', draft: 'true' });
      expect(pulls(fixture)).toMatchObject([{ draft: false }]);
    }));

  it('auto-merge merges at once where nothing is left to wait for, and the change is seen on the branch', () =>
    withFixture(async (fixture) => {
      fixture.github.repository(gitops).allowsAutoMerge = true;
      const result = await fixture.run({ ...shop, 'auto-merge': 'merge' });
      const head = await fixture.github.head(gitops);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        ...{ exitCode: 0, verdict: 'updated', ok: 'true', reason: 'committed', changed: 'true' },
        ...{ 'commit-sha': head, branch: 'main', 'pull-request-number': '1' },
      });
      expect(result.outputs.summary).toMatch(
        /^Merged pull request #1 with shop 1\.4\.2 for production into main of acme\/gitops: /,
      );
      expect(await fixture.text(manifest)).toBe(deployment('1.4.2'));
    }));

  it('auto-merge takes the way that the repository allows, and says so where it allows none', () =>
    withFixture(async (fixture) => {
      const settings = fixture.github.repository(gitops);
      settings.gates.add('main');
      const refused = await fixture.run({ ...shop, 'auto-merge': 'true' });
      expect(refused.outputs.verdict).toBe('pending');
      expect(refused.annotations.at(-1)?.message).toMatch(
        /Switch on "Allow auto-merge" under Settings, General/,
      );
      settings.allowsAutoMerge = true;
      settings.mergeMethods.delete('merge');
      await fixture.run({ ...shop, 'auto-merge': 'true' });
      expect(pulls(fixture)).toMatchObject([{ autoMerge: { method: 'squash' } }]);
    }));

  it('templates fill in title, body and message; every unknown name is told before anything is written', () =>
    withFixture(async (fixture) => {
      const wrong = await fixture.run({
        ...shop,
        'pull-request-title': '{{ projekt }}: {{ changes }}',
        message: '{{ table }}',
      });
      expect({ exitCode: wrong.exitCode, reason: wrong.outputs.reason }).toEqual({
        exitCode: 1,
        reason: 'invalid-input',
      });
      for (const name of ['projekt', 'changes', 'table']) {
        expect(wrong.annotations.at(-1)?.message).toContain(`{{ ${name} }}`);
      }
      expect(writes(fixture)).toEqual([]);
      await fixture.run({
        ...shop,
        'pull-request-title': 'Release {{ project }} {{ tag }}',
        'pull-request-body': '{{ table }}\n\nBy [this run]({{ run-url }}).',
        message: '{{ headline }}\n\n{{ changes }}',
      });
      const [pull] = pulls(fixture);
      expect(pull?.title).toBe('Release shop 1.4.2');
      const link = `${fixture.github.url}/${gitops}/blob/main/${manifest}`;
      expect(pull?.body).toContain(`| [\`${manifest}\`](${link}) | \`Deployment/shop/shop container web\` |`);
      expect(pull?.body).toContain(
        `By [this run](${fixture.github.url}/acme/app/actions/runs/42/attempts/1).`,
      );
      const [commit] = await fixture.github.log(gitops, branch);
      expect(commit?.message).toContain(
        `Deploy shop 1.4.2 to production\n\n- ${manifest}: Deployment/shop/shop container web: `,
      );
    }));
});
