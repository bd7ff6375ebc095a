import { at, list, text } from '@sluice/core/json';
import { samePlatform } from '../platforms.ts';
import type { Ended, Running } from '../program.ts';
import { lastWords } from '../words-of-log.ts';
import { buildArguments, runArguments } from './arguments.ts';
import { containerEnd } from './container-state.ts';
import { cleaningSignal, idOf, pushTo, tagOption, tlsOf } from './containers.ts';
import { parsed, removeContainer } from './docker.ts';
import type { Builder, BuilderPorts, BuildOrder, SmokeOrder } from './types.ts';

export function podmanBuilder(ports: BuilderPorts): Builder {
  const { run, env, root: cwd, signal, say } = ports;
  const podman = (args: readonly string[], more: Partial<Running> = {}): Promise<Ended> =>
    run('podman', args, { env, cwd, signal, ...more });
  return {
    name: 'podman',
    async trouble() {
      // Looks at its storage, as `podman version` does not.
      const info = await podman(['info', '--format={{.Host.Arch}}']);
      return info.code === 0 ? undefined : lastWords(info);
    },
    build: (order) =>
      podman(
        ['build', tagOption(order), ...cacheOption(order), ...buildArguments(order), `./${order.context}`],
        {
          say,
        },
      ),
    idOf: async (image) => idOf(await podman(['image', 'inspect', '--format={{.Id}}', image])),
    pull: ({ reference, isLoopback }) => podman(['pull', ...tlsOf(isLoopback), reference], { say }),
    async smoke(order) {
      try {
        const args = runArguments(order.image.isList ? await oneOf(podman, order) : order);
        const ended = await podman(args, { timeout: order.timeout });
        const inspect = ['container', 'inspect', '--format={{json .State}}', order.container];
        const state = parsed((await podman(inspect)).stdout);
        // It does not tell of every cgroup that the memory was the reason, and nobody else kills there.
        return containerEnd(ended, state, { killedIsMemory: true });
      } finally {
        await removeContainer(podman, order.container);
      }
    },
    save: ({ name, isList }, folder) =>
      isList
        ? podman(['manifest', 'push', '--all', name, `oci:${folder}`])
        : podman(['push', name, `oci:${folder}`]),
    push: (image, to, folder) => pushTo(podman, image, to, folder, say),
    async remove({ name, isList }) {
      const args = isList ? ['manifest', 'rm', name] : ['image', 'rm', '--force', name];
      await podman(args, { signal: cleaningSignal() });
    },
  };
}

/** Its cache does not ask for which platform a layer was made, and hands out that of another (seen with podman 4.3). */
const cacheOption = ({ platforms }: BuildOrder): readonly string[] =>
  platforms.length === 0 ? [] : ['--no-cache'];

/** It starts no list, even with `--platform` (seen with podman 4.3): the image of the list is named by its digest. */
async function oneOf(
  podman: (args: readonly string[]) => Promise<Ended>,
  order: SmokeOrder,
): Promise<SmokeOrder> {
  const { name } = order.image;
  const manifests = list(at(parsed((await podman(['manifest', 'inspect', name])).stdout), 'manifests'));
  const found = manifests.find((one) => {
    const platform = ['os', 'architecture', 'variant'].flatMap((key) => text(at(one, 'platform', key)) ?? []);
    return samePlatform(platform.join('/'), order.platform ?? '');
  });
  const digest = text(at(found, 'digest'));
  const image = { name: `${name.replace(/:[^:/]+$/, '')}@${digest}`, isList: false };
  return digest === undefined ? order : { ...order, image, platform: undefined };
}
