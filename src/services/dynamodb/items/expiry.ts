import type { EpochMs } from "../../../base/clock.ts";
import type { TableRow } from "../state.ts";
import { attributeOf } from "./attribute-value.ts";
import type { Item } from "./attribute-value.ts";

/** The last second of the year 9999: later times are taken for never. */
const latestSecond = 253_402_300_799;

/**
 * When an item expires; undefined when it never does: the attribute is missing, no number, or not a time.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
export function expiryOf(table: TableRow, item: Item): EpochMs | undefined {
  const value = table.timeToLive && attributeOf(item, table.timeToLive.attribute);
  if (value === undefined || !("N" in value)) return undefined;
  const seconds = Math.floor(Number(value.N));
  return seconds > 0 && seconds <= latestSecond ? seconds * 1000 : undefined;
}

/** AWS leaves items alone whose time has passed more than five years ago: they are taken for mistakes. */
export function isTooOld(expiresAt: EpochMs, now: EpochMs): boolean {
  const fiveYearsAgo = new Date(now);
  fiveYearsAgo.setUTCFullYear(fiveYearsAgo.getUTCFullYear() - 5);
  return expiresAt < fiveYearsAgo.getTime();
}
