/** Whether a member or entry is not there. Decoders leave it out; a caller in process may also say null. */
export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}
