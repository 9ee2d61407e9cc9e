/** The forms that timestamps have on the wire, by AWS's names. */
export type TimestampFormat = "iso8601" | "rfc822" | "unixTimestamp";

/** Dates beyond these are no JavaScript dates, and none that AWS takes. */
const maxEpochMs = 8.64e15;

const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d{2}):?(\d{2})?)?)?$/;
const isoBasic = /^(\d{4})(\d{2})(\d{2})[Tt](\d{2})(\d{2})(\d{2})[Zz]$/;
const rfc =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, )?(\d{1,2})[ -](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ -](\d{4}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))? (?:GMT|UTC|([+-])(\d{2})(\d{2}))$/;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const decimal = /^-?\d{1,15}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?$/;

/** The date that is so many seconds after 1970, to the millisecond; undefined beyond the calendar. */
export function dateOfEpochSeconds(seconds: number): Date | undefined {
  const ms = Math.round(seconds * 1000);
  return Math.abs(ms) <= maxEpochMs ? new Date(ms) : undefined;
}

/**
 * Parses a timestamp that is text on the wire. Any of the formats is taken, as AWS's parsers take them; a bare number
 * is epoch seconds. Undefined for what is none of them or no day of the calendar.
 */
export function parseTimestamp(text: string): Date | undefined {
  if (text.length > 64) return undefined;
  if (decimal.test(text)) return dateOfEpochSeconds(Number(text));
  const i = iso.exec(text) ?? isoBasic.exec(text);
  if (i !== null) {
    return dateOf(i[1]!, Number(i[2]) - 1, i[3]!, i[4] ?? "0", i[5] ?? "0", i[6] ?? "0", i[7], i[8], i[9], i[10]);
  }
  const r = rfc.exec(text);
  if (r === null) return undefined;
  return dateOf(r[3]!, months.indexOf(r[2]!), r[1]!, r[4]!, r[5]!, r[6]!, r[7], r[8], r[9], r[10]);
}

function dateOf(
  year: string,
  month: number,
  day: string,
  hour: string,
  minute: string,
  second: string,
  fraction: string | undefined,
  sign: string | undefined,
  offsetHours: string | undefined,
  offsetMinutes: string | undefined,
): Date | undefined {
  const h = Number(hour);
  const m = Number(minute);
  const s = Number(second);
  if (month < 0 || month > 11 || h > 24 || m > 59 || s > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), month, Number(day));
  // The 31st of a short month has rolled over into the next one.
  if (date.getUTCMonth() !== month || date.getUTCDate() !== Number(day)) return undefined;
  const ms = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6);
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * (sign === "-" ? -1 : 1);
  date.setTime(date.getTime() + ((h * 60 + m - offset) * 60 + s) * 1000 + ms);
  return date;
}

/** The text of a date; milliseconds only where there are some. */
export function formatTimestamp(date: Date, format: TimestampFormat): string {
  if (format === "unixTimestamp") return String(epochSeconds(date));
  if (format === "rfc822") return date.toUTCString();
  const text = date.toISOString();
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : text;
}

/** Seconds after 1970 with a fraction of at most three digits. */
export function epochSeconds(date: Date): number {
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw new RangeError("an invalid Date is no timestamp");
  return ms / 1000;
}
