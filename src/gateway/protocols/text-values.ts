import type { AwsError } from "../../api/aws-error.ts";
import type { ServiceModel, ShapeRef } from "../../api/model.ts";
import { fromBase64, toBase64 } from "../../base/bytes.ts";
import { shapeOf, timestampFormatAt } from "./shapes.ts";
import { formatTimestamp, parseTimestamp } from "./timestamps.ts";
import type { TimestampFormat } from "./timestamps.ts";

/** Reads a scalar that is text on the wire: in forms, XML, headers, paths and query strings. */
export type TextReader = (text: string) => unknown;
export type TextWriter = (value: unknown) => string;

const integerForm = /^[+-]?\d{1,19}$/;
const doubleForm = /^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?$/;

/**
 * The reader of a scalar shape.
 * @param refuse makes the error for text that is not of the type
 */
export function textReader(
  model: ServiceModel,
  ref: ShapeRef,
  defaultFormat: TimestampFormat,
  refuse: (message: string) => AwsError,
): TextReader {
  const shape = shapeOf(model, ref);
  switch (shape.type) {
    case "string":
    case "character":
      return (text) => text;
    case "boolean":
      return (text) => {
        const lower = text.trim().toLowerCase();
        if (lower === "true") return true;
        if (lower === "false") return false;
        throw refuse(`${quoted(text)} is not a valid boolean`);
      };
    case "integer":
      return integer("integer", -(2 ** 31), 2 ** 31 - 1, refuse);
    case "long":
      return integer("long", -(2 ** 63), 2 ** 63, refuse);
    case "float":
    case "double":
      return (text) => {
        const trimmed = text.trim();
        if (doubleForm.test(trimmed)) return Number(trimmed);
        if (trimmed === "NaN") return NaN;
        if (trimmed === "Infinity") return Infinity;
        if (trimmed === "-Infinity") return -Infinity;
        throw refuse(`${quoted(text)} is not a valid ${shape.type}`);
      };
    case "timestamp": {
      const format = timestampFormatAt(model, ref, defaultFormat);
      return (text) => {
        const date = parseTimestamp(text.trim());
        if (date === undefined) {
          throw refuse(
            format === "iso8601" ? "timestamp must follow ISO8601" : `${quoted(text)} is not a valid timestamp`,
          );
        }
        return date;
      };
    }
    case "blob":
      return (text) => {
        const bytes = fromBase64(text.trim());
        if (bytes === undefined) throw refuse("Invalid Base64 encoding");
        return bytes;
      };
    default:
      throw new Error(`${model.name}: ${ref.shape} is no scalar`);
  }
}

function integer(name: string, min: number, max: number, refuse: (message: string) => AwsError): TextReader {
  return (text) => {
    const trimmed = text.trim();
    const value = integerForm.test(trimmed) ? Number(trimmed) : NaN;
    if (value >= min && value <= max) return value;
    throw refuse(`${quoted(text)} is not a valid ${name}`);
  };
}

/** What people see of a value that they sent; never more than they can read. */
function quoted(text: string): string {
  return `'${text.length > 64 ? `${text.slice(0, 64)}…` : text}'`;
}

/** The writer of a scalar shape. */
export function textWriter(model: ServiceModel, ref: ShapeRef, defaultFormat: TimestampFormat): TextWriter {
  const shape = shapeOf(model, ref);
  if (shape.type === "timestamp") {
    const format = timestampFormatAt(model, ref, defaultFormat);
    return (value) => formatTimestamp(value as Date, format);
  }
  if (shape.type === "blob") return (value) => toBase64(value as Uint8Array);
  return String;
}
