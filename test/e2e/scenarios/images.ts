import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  expectEnd,
  expectNothing,
  type RealBuilder,
  record,
  scenarioOf,
  story,
  tag,
} from '../image-stage.ts';
import type { Scenario } from '../run-scenarios.ts';

/** The processes of this machine whose command line holds a text. */
async function running(mark: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(mark));
}

/** What build-gate does with real images, whichever builder it is: a real registry, real programs. */
const stories = [
  story(
    'an image is built, started, pushed, and promoted by its digest: the same at both ends',
    async ({ rig, gate }) => {
      const run = await gate({ smoke: '/probe version "a b" $HOME' });
      expectEnd(run, 'passed', 'all-passed');
      const { image = '', digest = '' } = run.outputs;
      assert.equal(image, `${rig.registry}/team/shop@${digest}`);
      assert.match(run.log, /probe 1\.0\.0 version\|a b\|\$HOME/);
      assert.deepEqual(await rig.tags('team/shop'), [tag]);
      assert.equal(await rig.digest(`${rig.registry}/team/shop:${tag}`), digest);
      await rig.promote(image, `${rig.registry}/team/shop:1.0.0`);
      assert.equal(await rig.digest(`${rig.registry}/team/shop:1.0.0`), digest);
      assert.match(await rig.start(`${rig.registry}/team/shop:1.0.0`, 'version'), /probe 1\.0\.0/);
      // Given by that digest, it is pulled, and tried again.
      const again = await gate({ image, smoke: '/probe', 'push-to': '' });
      expectEnd(again, 'passed', 'all-passed');
      assert.deepEqual([again.outputs.image, again.outputs.digest], [image, digest]);
      assert.match(again.summary, /pulled by /);
    },
  ),
  story(
    'images for two platforms are one list, with one digest; the own one is started',
    async ({ rig, gate }) => {
      const run = await gate({ platforms: 'linux/arm64\nlinux/amd64', smoke: '/probe' });
      expectEnd(run, 'passed', 'all-passed');
      await rig.promote(run.outputs.image ?? '', `${rig.registry}/team/shop:1.0.0`);
      const answer = await fetch(`http://${rig.registry}/v2/team/shop/manifests/1.0.0`, {
        headers: {
          accept:
            'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json',
        },
      });
      assert.equal(answer.headers.get('docker-content-digest'), run.outputs.digest);
      const { manifests } = Object(await answer.json());
      assert.equal(manifests.length, 2);
    },
    {},
    // Docker needs the containerd image store for that.
    ['buildah', 'buildah-oci', 'podman'],
  ),
  story(
    'an old copy under a tag that was pushed again is not tried for the new one',
    async ({ rig, workspace, gate }) => {
      const first = await gate({ scan: 'false' });
      expectEnd(first, 'passed', 'all-passed');
      const image = `${rig.registry}/team/shop:${tag}`;
      await rig.pull(image);
      const given = { image, 'push-to': '', scan: 'false', smoke: '/probe version' };
      const same = await gate(given);
      expectEnd(same, 'passed', 'all-passed');
      assert.deepEqual(
        [same.outputs.image, same.outputs.digest],
        [first.outputs.image, first.outputs.digest],
      );
      await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\nCOPY osv.json /broken\n');
      expectEnd(await gate({ scan: 'false' }), 'passed', 'all-passed');
      expectEnd(await gate(given), 'could-not-tell', 'image-differs');
    },
    {},
    ['buildah', 'podman'],
  ),
  story(
    'a smoke command has no capabilities, the user of the image, and no variable of the job',
    async ({ gate }) => {
      const run = await gate(
        { smoke: '/probe who', scan: 'false', 'push-to': '' },
        { SLUICE_SECRET: 'canary' },
      );
      expectEnd(run, 'passed', 'all-passed');
      assert.match(run.log, /Uid: 1000 1000 1000 1000/);
      assert.match(run.log, /CapPrm: 0000000000000000/);
      assert.match(run.log, /CapEff: 0000000000000000/);
      assert.doesNotMatch(run.log, /canary/);
    },
  ),
  story('root of an image has no capabilities either', async ({ workspace, gate }) => {
    await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\nCOPY probe /probe\n');
    const run = await gate({ smoke: '/probe who', scan: 'false', 'push-to': '' });
    expectEnd(run, 'passed', 'all-passed');
    assert.match(run.log, /Uid: 0 0 0 0/);
    assert.match(run.log, /CapEff: 0000000000000000/);
  }),
  story(
    'a Dockerfile whose step fails: the image is not built, at that line',
    async (world) => {
      const run = await world.gate({ smoke: '/probe' });
      await expectNothing(
        world,
        run,
        'build-failed',
        /does not build \(Dockerfile:3\): .*exit (?:status|code:) 7/,
      );
      assert.deepEqual(run.annotations[0]?.properties, { file: 'Dockerfile', line: '3' });
      assert.match(run.summary, /probe: no configuration/);
    },
    { Dockerfile: 'FROM scratch\nCOPY probe /probe\nRUN ["/probe", "fail"]\n' },
  ),
  story('a program that is not there does not start', async (world) => {
    const run = await world.gate({ smoke: '/no-such-program' });
    await expectNothing(world, run, 'smoke-not-started', /could not be started: .*no such file/);
  }),
  story(
    'a program that is none does not start',
    async (world) => {
      const run = await world.gate({ smoke: '/Dockerfile' });
      await expectNothing(world, run, 'smoke-not-started', /could not be started: .*permission denied/);
    },
    { Dockerfile: 'FROM scratch\nCOPY Dockerfile /Dockerfile\n' },
  ),
  story('a program that ends badly fails, and the others are tried all the same', async (world) => {
    const run = await world.gate({ smoke: '/probe fail\n/probe version' });
    await expectNothing(world, run, 'smoke-failed', /ended with exit code 7/);
    assert.match(run.summary, /`\/probe version` \| exit code 0/);
  }),
  story('a program that hangs is ended, and nothing of it is left', async (world) => {
    const mark = randomUUID();
    const run = await world.gate({ smoke: `/probe hang ${mark}`, 'smoke-timeout': '3s' });
    await expectNothing(world, run, 'smoke-timed-out', /did not end within 3 s, and was ended/);
    assert.ok(run.ms < 60_000);
    assert.deepEqual(await running(mark), []);
  }),
  story('a program that wants the network gets none, and is told so', async (world) => {
    let seen = 0;
    const server = createServer((socket) => {
      seen++;
      socket.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = Object(server.address());
      const run = await world.gate({ smoke: `/probe connect 127.0.0.1:${port}` });
      await expectNothing(world, run, 'smoke-failed', /it seems to want the network, and there is none/);
      assert.equal(seen, 0);
    } finally {
      server.close();
    }
  }),
  story(
    'the isolation that honours no --network=none is known however it is written',
    async (world) => {
      let seen = 0;
      const server = createServer((socket) => {
        seen++;
        socket.end();
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const { port } = Object(server.address());
        const smoke = `/probe connect 127.0.0.1:${port}`;
        const run = await world.gate({ smoke }, { BUILDAH_ISOLATION: 'CHROOT' });
        await expectNothing(world, run, 'smoke-failed', /it seems to want the network, and there is none/);
        assert.equal(seen, 0);
      } finally {
        server.close();
      }
    },
    {},
    ['buildah'],
  ),
  story(
    "what a program puts into /dev/shm counts as its memory, and is not in the machine's",
    async (world) => {
      const mark = randomUUID();
      const run = await world.gate({ smoke: `/probe shm ${mark}`, 'smoke-memory': '100MB' });
      await expectNothing(world, run, 'smoke-memory', /wanted more memory than the 100 MB/);
      assert.equal(existsSync(`/dev/shm/${mark}`), false);
    },
    {},
    ['buildah'],
  ),
  story('a program that wants more memory than it may have is ended', async (world) => {
    const run = await world.gate({ smoke: '/probe memory', 'smoke-memory': '200MB' });
    await expectNothing(world, run, 'smoke-memory', /wanted more memory than the 200 MB/);
  }),
  story(
    'a finding fails the gate, and the image is not pushed',
    async (world) => {
      const run = await world.gate({ smoke: '/probe', sarif: 'gate.sarif' });
      await expectNothing(world, run, 'vulnerability-found', /GO-2026-0001 in stdlib/);
      assert.deepEqual([run.outputs.findings, run.outputs.sarif], ['1', 'gate.sarif']);
    },
    { 'osv.json': record('99.0.0') },
  ),
  story('an image in which nothing can be looked up is not called clean', async (world) => {
    await writeFile(join(world.workspace, 'Dockerfile'), 'FROM scratch\nCOPY osv.json /data\n');
    const run = await world.gate({});
    expectEnd(run, 'could-not-tell', 'not-scanned');
    assert.deepEqual(await world.rig.tags('team/shop'), []);
  }),
  story('a base image whose registry is away: the build could not be tried', async ({ gate, workspace }) => {
    await writeFile(join(workspace, 'Dockerfile'), 'FROM 127.0.0.1:1/base:1\nCOPY probe /probe\n');
    expectEnd(await gate({}), 'could-not-tell', 'base-image-not-reached');
  }),
  story('a registry that is away: what passed is not called pushed', async ({ gate }) => {
    expectEnd(await gate({ 'push-to': '127.0.0.1:1/team/shop' }), 'could-not-tell', 'not-pushed');
  }),
  story('Docker without its daemon builds nothing, and that is said', async ({ gate }) => {
    const run = await gate({ builder: 'docker' }, { DOCKER_HOST: 'unix:///no/such/docker.sock' });
    expectEnd(run, 'could-not-tell', 'no-builder');
    assert.match(
      run.outputs.summary ?? '',
      /docker: (Cannot connect to the Docker daemon|it is not on PATH)/,
    );
  }),
];

export const imagesBy = (builder: RealBuilder): readonly Scenario<unknown>[] =>
  stories.filter(({ only }) => only.includes(builder)).map(scenarioOf(builder));
