import type { Ended, Running } from '../program.ts';
import { lastWords } from '../words-of-log.ts';
import { buildArguments, runArguments } from './arguments.ts';
import { containerEnd } from './container-state.ts';
import { pushTo, tagOption, tlsOf } from './containers.ts';
import { parsed, removeContainer } from './docker.ts';
import type { Builder, BuilderPorts } from './types.ts';

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
      podman(['build', tagOption(order), ...buildArguments(order), `./${order.context}`], { say }),
    holds: async (image) => (await podman(['image', 'exists', image])).code === 0,
    pull: ({ reference, isLoopback }) => podman(['pull', ...tlsOf(isLoopback), reference], { say }),
    async smoke(order) {
      try {
        const ended = await podman(runArguments(order), { timeout: order.timeout });
        const args = ['container', 'inspect', '--format={{json .State}}', order.container];
        return containerEnd(ended, parsed((await podman(args)).stdout));
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
      await podman(isList ? ['manifest', 'rm', name] : ['image', 'rm', '--force', name]);
    },
  };
}
