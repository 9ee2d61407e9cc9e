const form = /^P(?:(\d{1,6})W|(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?)$/;

/**
 * Milliseconds of an ISO 8601 duration (`PT1H30M`, `P2D`, `PT0.5S`), or undefined when the text is none. Years and months
 * are refused, because their length depends on where one stands.
 */
export function parseIsoDuration(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null || text.endsWith("P") || text.endsWith("T")) return undefined;
  const [, weeks = "0", days = "0", hours = "0", minutes = "0", seconds = "0"] = match;
  const whole = ((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes);
  return whole * 60_000 + Math.round(Number(seconds) * 1000);
}
