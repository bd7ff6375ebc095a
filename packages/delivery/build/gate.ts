import type { World } from '@sluice/core/run';
import type { Builder, BuilderPorts } from './builders/types.ts';
import type { BuildInputs } from './inputs.ts';

/** What a run has at hand. */
export interface Gate {
  readonly inputs: BuildInputs;
  readonly world: World;
  readonly builder: Builder;
  readonly ports: BuilderPorts;
  /** What images and containers of this run are called on this machine. */
  readonly name: string;
  /** `linux/amd64`: what is tried and scanned of an image for several. */
  readonly platform: string;
}
