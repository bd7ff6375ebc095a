import type { Ended, Running } from '../program.ts';
import { lastWords } from '../words-of-log.ts';
import { buildArguments } from './arguments.ts';
import { cleaningSignal, idOf, pushTo, tagOption, tlsOf } from './containers.ts';
import { type ProcessWatch, processWatch } from './process-watch.ts';
import type { Builder, BuilderPorts, SmokeEnd, SmokeOrder } from './types.ts';

export function buildahBuilder(ports: BuilderPorts): Builder {
  const { run, env, root: cwd, signal, say } = ports;
  const buildah = (args: readonly string[], more: Partial<Running> = {}): Promise<Ended> =>
    run('buildah', args, { env, cwd, signal, ...more });
  return {
    name: 'buildah',
    async trouble() {
      const info = await buildah(['info', '--format={{.store.RunRoot}}']);
      return info.code === 0 ? undefined : lastWords(info);
    },
    build: (order) =>
      buildah(['build', tagOption(order), ...buildArguments(order), `./${order.context}`], { say }),
    idOf: async (image) =>
      idOf(await buildah(['inspect', '--type=image', '--format={{.FromImageID}}', image])),
    pull: ({ reference, isLoopback }) => buildah(['pull', ...tlsOf(isLoopback), reference], { say }),
    smoke: (order) => smoke(ports, buildah, order),
    save: ({ name, isList }, folder) =>
      isList
        ? buildah(['manifest', 'push', '--all', name, `oci:${folder}`])
        : buildah(['push', name, `oci:${folder}`]),
    push: (image, to, folder) => pushTo(buildah, image, to, folder, say),
    async remove({ name }) {
      await buildah(['rmi', '--force', name], { signal: cleaningSignal() });
    },
  };
}

/** Buildah's own helper is under the limit too, before it starts the program: with less it does not get that far. */
const HELPER_BYTES = 128 * 2 ** 20;

/**
 * With the isolation `chroot` (https://github.com/containers/buildah/blob/main/docs/buildah-run.1.md) buildah takes nothing away:
 * `--network=none` is without effect, and /dev is that of the machine. There unshare gives the program a network, processes and a /dev/shm
 * of its own.
 */
async function smoke(
  ports: BuilderPorts,
  buildah: (args: readonly string[], more?: Partial<Running>) => Promise<Ended>,
  { image, words, platform, timeout, memory, container }: SmokeOrder,
): Promise<SmokeEnd> {
  const { run, env, root: cwd, signal } = ports;
  const wrapper = takesNetworkAway(env.BUILDAH_ISOLATION) ? [] : unshared(memory);
  if (wrapper.length > 0) {
    const tried = await run('unshare', [...wrapper, 'true'], { env, cwd, signal });
    if (tried.code !== 0)
      return {
        type: 'not-run',
        lines: [
          `With BUILDAH_ISOLATION=${env.BUILDAH_ISOLATION} unshare takes the network and /dev/shm away:`,
          lastWords(tried),
        ],
      };
  }
  // The kernel holds each process to it; that all of them together stay within the memory, the watch sees.
  const data = memory + HELPER_BYTES;
  const options = [`--name=${container}`, '--pull=never', '--cap-drop=all', `--ulimit=data=${data}:${data}`];
  const system = platform === undefined ? [] : [`--platform=${platform}`];
  const made = await buildah(['from', ...options, ...system, image.name]);
  try {
    if (made.code !== 0) return { type: 'not-run', lines: made.lines };
    const args = ['run', '--network=none', '--cap-drop=all', container, '--', ...words];
    const watched = processWatch({ memory, timeout, signal });
    const [program = 'buildah', ...rest] = wrapper.length === 0 ? [] : ['unshare', ...wrapper, 'buildah'];
    const ended = await run(program, [...rest, ...args], {
      ...{ env, cwd, signal, watch: watched.watch },
      timeout: timeout + CLEANING_MS,
    });
    return smokeEnd(ended, watched.exceeded());
  } finally {
    await buildah(['rm', container], { signal: cleaningSignal() }).catch(() => {});
  }
}

/** How long buildah may take to clean up after a container that was ended. */
const CLEANING_MS = 5000;

/** Those that honour `--network=none`, however they are written: buildah reads the variable without regard to case. Unset it is `oci` or `rootless`. */
export const takesNetworkAway = (isolation: string | undefined): boolean =>
  isolation === undefined || /^(?:oci|rootless)$/i.test(isolation);

/** `--kill-child`: all processes of it end when unshare is killed. `--mount-proc` makes mounts private, too. */
const UNSHARE = ['--net', '--pid', '--ipc', '--fork', '--kill-child', '--mount-proc', '--'] as const;

/** The text is fixed, and reads no word of the command: `exec "$@"` hands all of them on as they are. */
const OWN_SHM = 'mount -t tmpfs -o "size=$0,mode=1777,nosuid,nodev,noexec" tmpfs /dev/shm && exec "$@"';

/** What is in front of a command that is to have nothing of the machine's; `memory` in bytes: what is in /dev/shm is memory as well. */
const unshared = (memory: number): readonly string[] => [...UNSHARE, 'sh', '-c', OWN_SHM, String(memory)];

export function smokeEnd(ended: Ended, exceeded: ReturnType<ProcessWatch['exceeded']>): SmokeEnd {
  const lines = ended.lines.filter((line) => !OF_BUILDAH.test(line));
  if (exceeded === 'memory') return { type: 'memory', lines };
  if (exceeded === 'time' || ended.timedOut) return { type: 'timed-out', lines };
  if (ended.failure !== undefined) return { type: 'not-run', lines: [ended.failure] };
  const notStarted =
    ended.code === 0 ? undefined : ended.lines.map(notStartedWords).find((one) => one !== undefined);
  if (notStarted !== undefined) return { type: 'not-started', lines: [...lines, notStarted] };
  if (ended.code === 125 && lines.some((line) => /^Error: /.test(line))) return { type: 'not-run', lines };
  return { type: 'ended', code: ended.code, lines };
}

const OF_BUILDAH =
  /^(?:subprocess exited with status \d+|Error: (?:while running runtime: )?exit status \d+)$/;
/** Where there was no program to start, the exit code is one that a program may have too: these are the words of buildah, runc and crun. */
const NOT_STARTED = [
  /process failed to start with error: (.*?)(?:process exited with error: .*)?$/,
  /((?:runc|crun)[^:]*: .*(?:executable file .*not found|no such file or directory|permission denied|exec format error).*)$/i,
];

const notStartedWords = (line: string): string | undefined =>
  NOT_STARTED.map((one) => one.exec(line)?.[1]).find((words) => words !== undefined);
