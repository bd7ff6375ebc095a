/**
 * Acts on every item, on `width` at a time. After a failure no further item is begun; `stop` is told of it, so that those that
 * have begun end soon, and then the first one is thrown.
 */
export async function forEach<T>(
  items: readonly T[],
  width: number,
  act: (item: T) => Promise<void>,
  stop: (failure: unknown) => void,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const work = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      const item = items[index];
      if (item === undefined) continue;
      await act(item).catch((error: unknown) => {
        failures.push(error);
        stop(error);
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  if (failures.length > 0) throw failures[0];
}
