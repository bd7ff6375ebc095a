import { describe, expect, it } from 'vitest';
import { branch, pulls, shop } from './image-tag-bump-pull-request-setup.ts';
import { deployment, type Fixture, gitops, manifest, withFixture } from './image-tag-bump-setup.ts';

const onMain = (fixture: Fixture, tag: string, more: Record<string, string> = {}) =>
  fixture.github.commitFiles(gitops, 'main', { [manifest]: deployment(tag), ...more });

const comments = (fixture: Fixture) =>
  [...fixture.github.repository(gitops).comments.values()].map(({ body }) => body);

const laterRun = { env: { GITHUB_RUN_ID: '43' } };

describe.concurrent('a pull request of which nothing is left', { timeout: 60_000 }, () => {
  it('is closed with a word of explanation, its branch is deleted, and the verdict says so', () =>
    withFixture(async (fixture) => {
      await fixture.run(shop);
      await onMain(fixture, '1.4.2');
      const result = await fixture.run(shop, laterRun);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        ...{ exitCode: 0, verdict: 'unchanged', reason: 'already-set', 'pull-request-number': '' },
      });
      expect(result.outputs.summary).toContain('pull request #1 was pointless and is closed');
      expect(result.annotations).toEqual([]);
      expect(pulls(fixture)).toMatchObject([{ state: 'closed' }]);
      expect(comments(fixture)).toEqual([
        expect.stringMatching(
          /Closed: nothing is left to change\. `main` holds everything already[\s\S]*\[this run\]\(http/,
        ),
      ]);
      await expect(fixture.github.head(gitops, branch)).rejects.toThrow('no branch');
    }));

  it('is closed too when it wants what an older run wanted', () =>
    withFixture(async (fixture) => {
      await fixture.run({ ...shop, images: 'registry.example/shop:sha-aaaaaaa' });
      await onMain(fixture, 'sha-bbbbbbb');
      await fixture.run({ ...shop, images: 'registry.example/shop:sha-bbbbbbb' }, laterRun);
      expect(pulls(fixture)).toMatchObject([{ state: 'closed' }]);
    }));

  const kept = async (fixture: Fixture, images: string, says: RegExp, more = laterRun) => {
    const result = await fixture.run({ ...shop, images }, more);
    expect(result.outputs).toMatchObject({ verdict: 'unchanged' });
    expect(pulls(fixture)).toMatchObject([{ state: 'open' }]);
    expect(result.annotations).toMatchObject([{ level: 'warning', message: expect.stringMatching(says) }]);
    expect(comments(fixture)).toEqual([]);
  };

  it('stays open with commits of somebody else', () =>
    withFixture(async (fixture) => {
      await fixture.run(shop);
      await fixture.github.commitFiles(gitops, branch, { 'notes.md': 'mine' }, { author: 'carol' });
      await onMain(fixture, '1.4.2');
      await kept(fixture, shop.images, /^Pull request #1 stays open: carol committed to it/);
    }));

  it('stays open when it is newer: a slow old run takes nothing back', () =>
    withFixture(async (fixture) => {
      await onMain(fixture, 'sha-bbbbbbb');
      await fixture.run({ ...shop, images: 'registry.example/shop:sha-ccccccc' }, laterRun);
      await kept(fixture, 'registry.example/shop:sha-bbbbbbb', /stays open: .*newer run/, {
        env: { GITHUB_RUN_ID: '42' },
      });
    }));

  it('stays open when it changes another place too', () =>
    withFixture(async (fixture) => {
      await fixture.run({ ...shop, images: `${shop.images}\nregistry.example/worker:8` });
      await onMain(fixture, '1.4.2');
      await kept(
        fixture,
        shop.images,
        /stays open: it changes apps\/shop\/deployment\.yaml in other places too/,
      );
    }));

  it('is not looked for where commits go to the branch itself', () =>
    withFixture(async (fixture) => {
      await fixture.run(shop);
      await onMain(fixture, '1.4.2');
      await fixture.run({ ...shop, commit: 'direct' }, laterRun);
      expect(pulls(fixture)).toMatchObject([{ state: 'open' }]);
    }));

  it('is closed after `commit: auto` could commit directly', () =>
    withFixture(async (fixture) => {
      fixture.github.protect(gitops, 'main', 'ruleset');
      const refused = await fixture.run({ ...shop, commit: 'auto' });
      expect(refused.outputs).toMatchObject({ verdict: 'pending' });
      expect(pulls(fixture)[0]?.body).toContain('A direct commit was refused by the rules of the branch: ');
      fixture.github.protect(gitops, 'main', undefined);
      const result = await fixture.run({ ...shop, commit: 'auto' }, laterRun);
      expect(result.outputs).toMatchObject({ verdict: 'updated', reason: 'committed' });
      expect(pulls(fixture)).toMatchObject([{ state: 'closed' }]);
    }));

  it('that cannot be closed is a warning, and the verdict stays', () =>
    withFixture(async (fixture) => {
      await fixture.run(shop);
      await onMain(fixture, '1.4.2');
      fixture.github.faults.push({ method: 'PATCH', path: /\/pulls\/1$/, status: 403, times: 9 });
      const result = await fixture.run(shop, laterRun);
      expect({ exitCode: result.exitCode, ...result.outputs }).toMatchObject({
        exitCode: 0,
        verdict: 'unchanged',
      });
      expect(result.annotations[0]?.message).toMatch(
        /^Pull request #1 is pointless now, and was not closed: /,
      );
    }));
});
