import type { Random } from './random.ts';

/** A folder as a team has it, with the images that what is rendered from it must show. */
export interface Tree {
  /** Its folder. */
  readonly name: string;
  /** By their paths below the folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly images: readonly Image[];
}

export interface Image {
  readonly repository: string;
  readonly tag: string;
}

/** An image of its own, so that a tree's images are known from those of all others. */
export function someImage(random: Random, name: string): Image {
  const registry = random.pick([
    'registry.example/',
    'registry.example:5000/team/',
    'ghcr.io/acme/',
    'acme/',
  ]);
  const tag = random.pick(['v1.4.2', '1.10.0', '2024.10.1', 'sha-0a1b2c3', 'latest', '1.2-alpine']);
  return { repository: `${registry}${name}`, tag };
}

/** A value with the quotes that somebody gave it, and maybe a remark behind it. */
export function styled(random: Random, value: string): string {
  const quote = random.pick(['', '', '"', "'"]);
  return `${quote}${value}${quote}${random.pick(['', '', '', ' # kept current', '   # it was :1.0'])}`;
}

/** Line ends and the end of the file as an editor leaves them. */
export function finished(random: Random, text: string): string {
  const ended = random.below(6) === 0 ? text.trimEnd() : text;
  return random.below(6) === 0 ? ended.replaceAll('\n', '\r\n') : ended;
}

export const reference = ({ repository, tag }: Image): string => `${repository}:${tag}`;
