import type { Timeline } from './timeline.ts';

export type Health = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing';

/** What a workload's own controller does, and when. */
export interface WorkloadKnobs {
  /** Until its controller has seen a new spec, ms. */
  readonly reaction: number;
  /** Until its Pods are replaced, ms. */
  readonly rollout: number;
  readonly ends: 'Healthy' | 'Degraded' | 'recovers';
  /** Whether a new spec that no controller has seen shows: by `observedGeneration`, as a Deployment's does. */
  readonly observesGeneration: boolean;
}

export interface Workload {
  /** Of its spec; undefined where the object is not there. */
  readonly image: string | undefined;
  /** What the Pods that serve run. */
  readonly pods: string;
  readonly health: Health;
}

/** What the cluster holds at one moment. */
export interface State {
  readonly api: Workload;
  /** Another Deployment, which the change does not touch. */
  readonly worker: Health;
  readonly color: string | undefined;
  readonly extra: boolean;
}

export interface Cluster {
  now(): State;
  /** What it held at a time. */
  at(time: number): State;
  /** All that it held between two times, both included. */
  between(from: number, to: number): readonly State[];
  set(state: Partial<State>): void;
  /** Somebody applies the workload with this image. */
  apply(image: string): void;
  remove(): void;
  crash(): void;
  recover(): void;
  onChange(listener: () => void): void;
}

export function createCluster(first: State, knobs: WorkloadKnobs, timeline: Timeline): Cluster {
  const past: { readonly time: number; readonly state: State }[] = [
    { time: Number.NEGATIVE_INFINITY, state: first },
  ];
  const listeners: (() => void)[] = [];
  let state = first;
  /** What a controller had in mind before the next change does not happen any more. */
  let turn = 0;

  const set = (change: Partial<State>): void => {
    state = { ...state, ...change };
    past.push({ time: timeline.now(), state });
    for (const listener of listeners) listener();
  };
  const setApi = (change: Partial<Workload>): void => set({ api: { ...state.api, ...change } });
  const later = (ms: number, action: () => void): void => {
    const mine = turn;
    timeline.after(ms, () => {
      if (mine === turn) action();
    });
  };
  const indexAt = (time: number): number => past.findLastIndex((one) => one.time <= time);

  const rollOut = (image: string): void => {
    setApi({ health: 'Progressing' });
    later(knobs.rollout, () => {
      if (knobs.ends === 'Healthy') return setApi({ pods: image, health: 'Healthy' });
      timeline.note(`cluster: the Pods of ${image} do not start`);
      setApi({ health: 'Degraded' });
      if (knobs.ends === 'recovers') later(knobs.rollout, () => setApi({ pods: image, health: 'Healthy' }));
    });
  };

  return {
    now: () => state,
    at: (time) => past[indexAt(time)]?.state ?? first,
    between: (from, to) => past.slice(Math.max(indexAt(from), 0), indexAt(to) + 1).map((one) => one.state),
    set,
    apply(image) {
      if (image === state.api.image) return;
      turn += 1;
      setApi({ image, ...(knobs.observesGeneration && { health: 'Progressing' }) });
      later(knobs.reaction, () => rollOut(image));
    },
    remove() {
      turn += 1;
      setApi({ image: undefined, pods: '', health: 'Missing' });
    },
    crash() {
      if (state.api.image === undefined) return;
      turn += 1;
      setApi({ health: 'Degraded' });
    },
    recover() {
      const { image } = state.api;
      if (image === undefined) return;
      turn += 1;
      setApi({ pods: image, health: 'Healthy' });
    },
    onChange: (listener) => listeners.push(listener),
  };
}
