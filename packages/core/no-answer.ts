/** Why no answer came, for people: fetch hides it in `cause`, and several addresses that were tried in `errors`. */
export function reasonOf(error: unknown): string {
  const inner =
    error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined;
  if (inner instanceof Error) return reasonOf(inner);
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : 'no reason given');
}

/** `Retry-After` in ms from `now`: it holds seconds or a date (RFC 9110, 10.2.3). Undefined where it is not there, or is neither. */
export function retryAfter(headers: { get(name: string): string | null }, now: number): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
