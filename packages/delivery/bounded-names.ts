/** What an output may have that is an input of another action: far from the 131,060 bytes at which no process starts. */
const LIMIT = 60_000;

/** A JSON array of names below that limit: of very many the first. */
export function boundedNames(names: readonly string[]): string {
  let bytes = 2;
  const fitting = names.filter((name) => {
    bytes += Buffer.byteLength(JSON.stringify(name)) + 1;
    return bytes < LIMIT;
  });
  return JSON.stringify(fitting);
}
