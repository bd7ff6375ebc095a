import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ended, Running } from '../program.ts';
import type { BuildOrder, LocalImage, Pushed, Remote } from './types.ts';

/** Buildah and podman: both are over https://github.com/containers/storage and /image. */
type Engine = (args: readonly string[], more?: Partial<Running>) => Promise<Ended>;

/** As Docker does by itself for 127.0.0.0/8; every other registry is asked by TLS. */
export const tlsOf = (isLoopback: boolean): readonly string[] => (isLoopback ? ['--tls-verify=false'] : []);

/** What a run has made is removed after its cancellation as well: the signal of the run would keep that from being begun. */
export const cleaningSignal = (): AbortSignal => AbortSignal.timeout(20_000);

/** The id that an inspection has written, as a digest; Docker has the algorithm before it, podman and buildah do not. */
export function idOf({ code, stdout }: Ended): string | undefined {
  if (code !== 0) return undefined;
  const id = stdout.trim();
  return /^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id;
}

/** Images for several platforms are one list. */
export const tagOption = ({ platforms, name }: BuildOrder): string =>
  platforms.length > 1 ? `--manifest=${name}` : `--tag=${name}`;

export async function pushTo(
  engine: Engine,
  { name, isList }: LocalImage,
  { reference, isLoopback }: Remote,
  folder: string,
  say: (line: string) => void,
): Promise<Pushed> {
  const file = join(folder, 'digest');
  const command = isList ? ['manifest', 'push', '--all'] : ['push'];
  const args = [...command, ...tlsOf(isLoopback), `--digestfile=${file}`, name, `docker://${reference}`];
  const ended = await engine(args, { say });
  const digest = ended.code === 0 ? await readFile(file, 'utf8').catch(() => '') : '';
  return { ended, digest: digest.trim() === '' ? undefined : digest.trim() };
}
