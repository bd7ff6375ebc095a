import type { BuildOrder, SmokeOrder } from './types.ts';

/** What all three builders call the same. `--name=value` in one word: no value is taken for an option. */
export function buildArguments(order: BuildOrder): readonly string[] {
  return [
    `--file=./${order.dockerfile}`,
    ...(order.target === '' ? [] : [`--target=${order.target}`]),
    ...(order.platforms.length === 0 ? [] : [`--platform=${order.platforms.join(',')}`]),
    ...order.arguments.map(({ name, value }) => `--build-arg=${name}=${value}`),
    ...order.secrets.map(({ id, file }) => `--secret=id=${id},src=./${file}`),
  ];
}

/** Of docker and podman: a container without network and capabilities, that cannot gain any, within limits. */
export function runArguments({ image, words, platform, memory, container }: SmokeOrder): readonly string[] {
  const [program = '', ...rest] = words;
  return [
    'run',
    `--name=${container}`,
    '--pull=never',
    '--network=none',
    `--memory=${memory}b`,
    // As much of memory and swap together: no swap.
    `--memory-swap=${memory}b`,
    `--pids-limit=${MOST_PROCESSES}`,
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    ...(platform === undefined ? [] : [`--platform=${platform}`]),
    `--entrypoint=${program}`,
    image.name,
    ...rest,
  ];
}

const MOST_PROCESSES = 512;
