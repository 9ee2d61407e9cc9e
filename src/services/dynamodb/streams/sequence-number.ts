const digits = 20;

/**
 * AWS's SequenceNumber of the nth number that a stream gave. All have the same length, so that their order as texts is
 * that of the numbers.
 */
export function printSequenceNumber(number: number): string {
  return `1${String(number).padStart(digits, "0")}`;
}

/** Undefined when it is none of ours. */
export function parseSequenceNumber(text: string): number | undefined {
  if (text.length !== digits + 1 || !/^1\d+$/.test(text)) return undefined;
  const number = Number(text.slice(1));
  return Number.isSafeInteger(number) ? number : undefined;
}
