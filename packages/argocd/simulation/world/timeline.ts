/** Time that passes only when it is told to, and what happens in it. */
export interface Timeline {
  now(): number;
  after(ms: number, action: () => void): void;
  /** When the next thing happens, as far as it is known. */
  next(): number | undefined;
  /** Lets time pass; everything that is due happens in its order. */
  advanceTo(time: number): void;
  /** One line of what a person would want to know of this history. */
  note(line: string): void;
  readonly notes: readonly { readonly time: number; readonly line: string }[];
}

export function createTimeline(start: number): Timeline {
  let now = start;
  const due: { readonly time: number; readonly action: () => void }[] = [];
  const notes: { time: number; line: string }[] = [];
  return {
    now: () => now,
    after(ms, action) {
      const time = now + Math.max(ms, 0);
      const index = due.findIndex((one) => one.time > time);
      due.splice(index < 0 ? due.length : index, 0, { time, action });
    },
    next: () => due[0]?.time,
    advanceTo(time) {
      for (let next = due[0]; next !== undefined && next.time <= time; next = due[0]) {
        due.shift();
        now = next.time;
        next.action();
      }
      now = Math.max(now, time);
    },
    note: (line) => notes.push({ time: now, line }),
    notes,
  };
}
