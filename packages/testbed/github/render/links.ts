/** Where the stand-in stands: `http://127.0.0.1:PORT` and the API below it. */
export interface Links {
  readonly web: string;
  readonly api: string;
}

/** A time as GitHub writes it: to the second, in UTC. */
export const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
