export interface Lane {
  /**
   * Runs a task when those that were asked for before it are over.
   * @param yieldsAfter ms from its start after which the task's signal is aborted if another one waits.
   */
  run<T>(task: (signal: AbortSignal) => Promise<T>, yieldsAfter?: number): Promise<T>;
}

/** One task at a time, in the order of asking: beside the stream one connection to a server is enough. */
export function createLane(): Lane {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  /** Gives up what runs now, where it has had its time. */
  let giveWay = () => {};

  async function timed<T>(task: (signal: AbortSignal) => Promise<T>, yieldsAfter: number): Promise<T> {
    const control = new AbortController();
    const cut = () => control.abort(new DOMException('others wait', 'TimeoutError'));
    const timer = setTimeout(() => {
      giveWay = cut;
      if (waiting > 0) cut();
    }, yieldsAfter);
    try {
      return await task(control.signal);
    } finally {
      clearTimeout(timer);
      giveWay = () => {};
    }
  }

  return {
    async run(task, yieldsAfter) {
      waiting += 1;
      giveWay();
      const before = last;
      const mine = before.then(() => {
        waiting -= 1;
        return yieldsAfter === undefined ? task(new AbortController().signal) : timed(task, yieldsAfter);
      });
      last = mine.catch(() => {});
      return mine;
    },
  };
}
