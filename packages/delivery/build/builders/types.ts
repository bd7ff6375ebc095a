import type { BuildArgument, BuildSecret } from '../inputs.ts';
import type { Ended, RunProgram } from '../program.ts';

export type BuilderName = 'docker' | 'buildah' | 'podman';

/** Paths are relative to the folder in which the builder runs: the repository. */
export interface BuildOrder {
  readonly context: string;
  readonly dockerfile: string;
  readonly target: string;
  readonly platforms: readonly string[];
  readonly arguments: readonly BuildArgument[];
  readonly secrets: readonly BuildSecret[];
  /** What the image is called on this machine. */
  readonly name: string;
}

/** An image in the builder's own storage. */
export interface LocalImage {
  readonly name: string;
  /** It is a list of images, one for each platform. */
  readonly isList: boolean;
}

export interface SmokeOrder {
  readonly image: LocalImage;
  /** In place of the image's entry point and of its arguments. */
  readonly words: readonly string[];
  /** Of a list the one that is tried. */
  readonly platform: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes. */
  readonly memory: number;
  /** What the container is called on this machine. */
  readonly container: string;
}

/** How a smoke command ended. */
export interface SmokeEnd {
  readonly type: 'ended' | 'not-started' | 'timed-out' | 'memory' | 'not-run';
  /** Of its exit, with `ended`; undefined where a signal ended it. */
  readonly code?: number | undefined;
  readonly lines: readonly string[];
}

export interface Pushed {
  readonly ended: Ended;
  /** What the builder says that it has pushed. */
  readonly digest: string | undefined;
}

/** Where an image is pushed to, or pulled from. */
export interface Remote {
  /** `registry.example/team/shop:pr-1-0123456`, or with a digest. */
  readonly reference: string;
  /** Its registry is on this machine, and may be asked without TLS. */
  readonly isLoopback: boolean;
}

/** What builds images and runs them. Nothing of it throws but a cancellation. */
export interface Builder {
  readonly name: BuilderName;
  /** Why it does not work here; undefined where it does. */
  trouble(): Promise<string | undefined>;
  build(order: BuildOrder): Promise<Ended>;
  /** The id that its own storage has an image under, most often the digest of its configuration; undefined where it holds none of that name. */
  idOf(image: string): Promise<string | undefined>;
  pull(from: Remote): Promise<Ended>;
  smoke(order: SmokeOrder): Promise<SmokeEnd>;
  /** Writes the image as an OCI layout, or as `docker save` has it, into a folder that is there and empty. */
  save(image: LocalImage, folder: string): Promise<Ended>;
  push(image: LocalImage, to: Remote, folder: string): Promise<Pushed>;
  remove(image: LocalImage): Promise<void>;
}

/** What a builder is made over. */
export interface BuilderPorts {
  readonly run: RunProgram;
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the repository. */
  readonly root: string;
  /** A folder for files of its own. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Is told each line of a build, a pull, a push. */
  readonly say: (line: string) => void;
}
