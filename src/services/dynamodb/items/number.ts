import { validationException } from "../refusals.ts";

/**
 * DynamoDB's numbers: decimals of up to 38 significant digits, magnitudes from 1E-130 to 9.99…E+125. Never doubles.
 * A number is kept as its canonical text, the form DynamoDB gives back: no exponent, no superfluous zeros, no `-0`.
 * Two numbers are equal exactly when their canonical texts are.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
export type CanonicalNumber = string;

interface Decimal {
  readonly negative: boolean;
  /** Significant digits without leading or trailing zeros; empty for zero. */
  readonly digits: string;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

const maxDigits = 38;
const maxExponent = 125;
const minExponent = -130;

/** Texts that are canonical already and, being short, in range. */
const canonicalForm = /^(?:0|-?(?:[1-9][0-9]*|0\.[0-9]*[1-9]|[1-9][0-9]*\.[0-9]*[1-9]))$/;
const numberForm = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/;

/** The canonical form of a number as a client wrote it. @throws ValidationException as AWS words it */
export function canonicalNumber(text: string): CanonicalNumber {
  if (text.length <= maxDigits && canonicalForm.test(text)) return text;
  const decimal = parseDecimal(text);
  return formatDecimal(requireStorable(decimal));
}

function parseDecimal(text: string): Decimal {
  if (text === "") throw validationException("The parameter cannot be converted to a numeric value");
  const match = numberForm.exec(text);
  const whole = match?.[2] ?? "";
  const fraction = match?.[3] ?? "";
  if (!match || whole.length + fraction.length === 0) {
    throw validationException(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  return decimalOf(match[1] === "-", whole + fraction, whole.length + Number(match[4] ?? 0));
}

/** The decimal `0.<digits> × 10^point`, without superfluous zeros. */
function decimalOf(negative: boolean, digits: string, point: number): Decimal {
  let start = 0;
  while (start < digits.length && digits.charCodeAt(start) === 48) start++;
  let end = digits.length;
  while (end > start && digits.charCodeAt(end - 1) === 48) end--;
  if (start === end) return { negative: false, digits: "", exponent: 0 };
  return { negative, digits: digits.slice(start, end), exponent: point - start - 1 };
}

function requireStorable(decimal: Decimal): Decimal {
  if (decimal.digits === "") return decimal;
  if (decimal.exponent > maxExponent) {
    throw validationException(
      "Number overflow. Attempting to store a number with magnitude larger than supported range",
    );
  }
  if (decimal.exponent < minExponent) {
    throw validationException(
      "Number underflow. Attempting to store a number with magnitude smaller than supported range",
    );
  }
  if (decimal.digits.length > maxDigits) {
    throw validationException("Attempting to store more than 38 significant digits in a Number");
  }
  return decimal;
}

function formatDecimal({ negative, digits, exponent }: Decimal): CanonicalNumber {
  if (digits === "") return "0";
  const sign = negative ? "-" : "";
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits + "0".repeat(exponent + 1 - digits.length);
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Negative, zero or positive. */
export function compareNumbers(a: CanonicalNumber, b: CanonicalNumber): number {
  if (a === b) return 0;
  // Decimals of at most 15 digits are distinct and in order as doubles.
  if (a.length <= 15 && b.length <= 15) return Number(a) - Number(b);
  const x = sortableNumber(a);
  const y = sortableNumber(b);
  return x < y ? -1 : 1;
}

export function addNumbers(a: CanonicalNumber, b: CanonicalNumber): CanonicalNumber {
  return combine(a, b, 1n);
}

export function subtractNumbers(a: CanonicalNumber, b: CanonicalNumber): CanonicalNumber {
  return combine(a, b, -1n);
}

function combine(a: CanonicalNumber, b: CanonicalNumber, factor: 1n | -1n): CanonicalNumber {
  const scale = Math.max(fractionDigits(a), fractionDigits(b));
  const sum = scaled(a, scale) + factor * scaled(b, scale);
  const negative = sum < 0n;
  const digits = (negative ? -sum : sum).toString();
  return formatDecimal(requireStorable(decimalOf(negative, digits, digits.length - scale)));
}

function fractionDigits(text: CanonicalNumber): number {
  const dot = text.indexOf(".");
  return dot < 0 ? 0 : text.length - dot - 1;
}

function scaled(text: CanonicalNumber, scale: number): bigint {
  return BigInt(text.replace(".", "") + "0".repeat(scale - fractionDigits(text)));
}

/**
 * A text of ASCII characters whose order is that of the numbers. Part of stored keys: the form must never change.
 *
 * `1` is zero; positive numbers are `2`, exponent, digits; negative ones are `0` and the same complemented, closed by `~`
 * because of two that share their first digits the longer is the smaller.
 */
export function sortableNumber(text: CanonicalNumber): string {
  const { negative, digits, exponent } = parseDecimal(text);
  if (digits === "") return "1";
  if (!negative) return `2${hex2(exponent - minExponent)}${digits}`;
  let complement = "";
  for (let at = 0; at < digits.length; at++) complement += String.fromCharCode(105 - digits.charCodeAt(at));
  return `0${hex2(255 - (exponent - minExponent))}${complement}~`;
}

function hex2(value: number): string {
  return value < 16 ? `0${value.toString(16)}` : value.toString(16);
}

/**
 * What a number costs of an item's size: a byte, one for each two digits before and after the point, one for the sign.
 * Measured on AWS; the developer guide's rule (length rounded down) is an approximation.
 * @see https://github.com/nubo-db/dynamodb-conformance, tests/tier3/limits/numberByteSize.test.ts
 */
export function numberBytes(text: CanonicalNumber): number {
  if (text === "0") return 1;
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  const dot = text.indexOf(".");
  const wholeEnd = dot < 0 ? text.length : dot;
  let whole = wholeEnd - start;
  let fraction = dot < 0 ? 0 : text.length - dot - 1;
  if (whole === 1 && text.charCodeAt(start) === 48) whole = 0;
  if (fraction === 0) {
    for (let at = wholeEnd - 1; at > start && text.charCodeAt(at) === 48; at--) whole--;
  } else if (whole === 0) {
    for (let at = dot + 1; text.charCodeAt(at) === 48; at++) fraction--;
  }
  return 1 + Math.ceil(whole / 2) + Math.ceil(fraction / 2) + start;
}
