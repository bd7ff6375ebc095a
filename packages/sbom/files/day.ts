/** The day in UTC of a time that a file says it is of; nothing where it says none that can be read. */
export function dayOf(time: string | undefined): { readonly day?: string } {
  const read = Date.parse(time ?? '');
  // Beyond the year 9999 a day has another form.
  return read > 0 && read < 253_402_300_800_000 ? { day: new Date(read).toISOString().slice(0, 10) } : {};
}
