/** Whether two platforms are one: `linux/arm64` is its variant `v8`, `linux/arm` its variant `v7` (https://github.com/containerd/platforms). */
export const samePlatform = (a: string, b: string): boolean => normal(a) === normal(b);

function normal(platform: string): string {
  const [system = '', architecture = '', variant] = platform.split('/');
  const usual = { arm64: 'v8', arm: 'v7' }[architecture];
  return [system, architecture, ...(variant === undefined || variant === usual ? [] : [variant])].join('/');
}

/** This machine's own: what it runs without an emulator. */
export const ownPlatform = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** Of the platforms of a build, the one that is tried: the own where it is among them. */
export const platformToTry = (platforms: readonly string[]): string =>
  platforms.find((one) => samePlatform(one, ownPlatform)) ?? platforms[0] ?? ownPlatform;

/** Those of a build that are not among what was built. */
export const missingPlatforms = (wanted: readonly string[], built: readonly string[]): readonly string[] =>
  wanted.filter((one) => !built.some((other) => samePlatform(one, other)));
