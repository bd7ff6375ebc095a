import { SluiceError } from '@sluice/core/errors';
import { parsePath, type Step } from './path.ts';

/** A line of `crd-paths`: where the objects of one kind hold an image. */
export interface CrdPath {
  readonly text: string;
  /** As `<group>/<version>` or, of the core group, `<version>`. */
  readonly apiVersion: string;
  readonly kind: string;
  /**
   * Leads to a pod's specification, a list of containers, a container, a map of `repository` and `tag`, or a reference; what stands there tells.
   * A step without a select into a list means each of its elements.
   */
  readonly path: readonly Step[];
}

/** Reads `<apiVersion>/<kind>: <path>`, for example `example.io/v1/Shop: spec.template.spec`. Throws a SluiceError of kind input. */
export function parseCrdPath(line: string): CrdPath {
  const [, apiVersion, kind, path] = /^((?:[\w.-]+\/)?[\w.-]+)\/([A-Za-z][\w]*):\s+(\S.*)$/.exec(line) ?? [];
  if (apiVersion === undefined || kind === undefined || path === undefined) {
    throw new SluiceError(
      'input',
      'invalid-input',
      `${JSON.stringify(line)} is not \`<apiVersion>/<kind>: <path>\``,
      {
        hint: 'Write for example argoproj.io/v1alpha1/Rollout: spec.template.spec.',
      },
    );
  }
  return { text: line, apiVersion, kind, path: parsePath(path.trim()) };
}
