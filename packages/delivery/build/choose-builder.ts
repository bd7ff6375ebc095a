import { SluiceError } from '@sluice/core/errors';
import { buildahBuilder } from './builders/buildah.ts';
import { dockerBuilder } from './builders/docker.ts';
import { podmanBuilder } from './builders/podman.ts';
import type { Builder, BuilderName, BuilderPorts } from './builders/types.ts';

const BUILDERS: Readonly<Record<BuilderName, (ports: BuilderPorts) => Builder>> = {
  docker: dockerBuilder,
  buildah: buildahBuilder,
  podman: podmanBuilder,
};

/** The builder that is asked for, or the first that works; throws a SluiceError `no-builder` with what each said. */
export async function chooseBuilder(wanted: BuilderName | 'auto', ports: BuilderPorts): Promise<Builder> {
  const names: readonly BuilderName[] = wanted === 'auto' ? ['docker', 'buildah', 'podman'] : [wanted];
  const troubles: string[] = [];
  for (const name of names) {
    const builder = BUILDERS[name](ports);
    const trouble = await builder.trouble();
    if (trouble === undefined) return builder;
    troubles.push(`${name}: ${trouble}`);
  }
  const which =
    wanted === 'auto' ? 'No builder works on this runner' : 'The builder does not work on this runner';
  throw new SluiceError(
    'platform',
    'no-builder',
    `${which}: ${troubles.join('; ')}.`.replace(/([?!])\.$/, '$1'),
    {
      hint: 'Use a runner with Docker and its buildx, buildah or podman; with `builder` one of them is chosen.',
      problems: troubles.length > 1 ? troubles : [],
    },
  );
}
