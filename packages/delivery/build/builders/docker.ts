import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended, Running } from '../program.ts';
import { lastWords } from '../words-of-log.ts';
import { buildArguments, runArguments } from './arguments.ts';
import { containerEnd } from './container-state.ts';
import { cleaningSignal, idOf } from './containers.ts';
import type { Builder, BuilderPorts } from './types.ts';
import { unpackSaved } from './unpack-saved.ts';

/** Docker with BuildKit: the client on PATH, and the daemon that it finds. */
export function dockerBuilder(ports: BuilderPorts): Builder {
  const { run, env, root: cwd, signal, say } = ports;
  const docker = (args: readonly string[], more: Partial<Running> = {}): Promise<Ended> =>
    run('docker', args, { env, cwd, signal, ...more });
  return {
    name: 'docker',
    async trouble() {
      // `docker version` asks the daemon; without it there is no version of a server.
      const daemon = await docker(['version', '--format={{.Server.Version}}']);
      if (daemon.code !== 0) return lastWords(daemon);
      const builder = await docker(['buildx', 'version']);
      return builder.code === 0 ? undefined : lastWords(builder);
    },
    build: (order) =>
      docker(
        // `--load`: a builder in a container of its own keeps what it builds to itself.
        [
          ...['buildx', 'build', '--progress=plain', '--load', `--tag=${order.name}`],
          ...buildArguments(order),
          `./${order.context}`,
        ],
        { say },
      ),
    idOf: async (image) => idOf(await docker(['image', 'inspect', '--format={{.Id}}', image])),
    pull: ({ reference }) => docker(['pull', reference], { say }),
    async smoke(order) {
      try {
        const ended = await docker(runArguments(order), { timeout: order.timeout });
        const args = ['container', 'inspect', '--format={{json .State}}', order.container];
        return containerEnd(ended, parsed((await docker(args)).stdout));
      } finally {
        await removeContainer(docker, order.container);
      }
    },
    async save({ name }, folder) {
      const file = join(ports.folder, 'saved.tar');
      try {
        const ended = await docker(['save', `--output=${file}`, name]);
        if (ended.code === 0) await unpackSaved(file, folder);
        return ended;
      } finally {
        await rm(file, { force: true });
      }
    },
    async push({ name }, { reference }) {
      // What the user has under that name has it afterwards as well.
      const before = idOf(await docker(['image', 'inspect', '--format={{.Id}}', reference]));
      const tagged = await docker(['tag', name, reference]);
      if (tagged.code !== 0) return { ended: tagged, digest: undefined };
      try {
        const ended = await docker(['push', reference], { say });
        // `pr-1-0123456: digest: sha256:… size: 528`
        const digest = /: digest: (sha256:[0-9a-f]{64}) size: \d+\s*$/m.exec(ended.lines.join('\n'))?.[1];
        return { ended, digest };
      } finally {
        const back = before === undefined ? ['image', 'rm', reference] : ['tag', before, reference];
        await docker(back, { signal: cleaningSignal() }).catch(() => {});
      }
    },
    async remove({ name }) {
      await docker(['image', 'rm', '--force', name], { signal: cleaningSignal() });
    },
  };
}

/** The container outlives its client: where the client was ended, it still runs. It is removed after a cancellation as well. */
export async function removeContainer(
  engine: (args: readonly string[], more: { signal: AbortSignal }) => Promise<Ended>,
  container: string,
): Promise<void> {
  await engine(['rm', '--force', '--volumes', container], { signal: cleaningSignal() }).catch(() => {});
}

export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
