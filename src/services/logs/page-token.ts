import { InvalidParameterException } from "../../api/logs/errors.ts";

/** Writes a position in a listing as an opaque token. */
export function writePageToken(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** Reads a token that `writePageToken` made of as many strings and numbers as `shape` says. */
export function readPageToken(token: string, shape: readonly ("string" | "number")[]): (string | number)[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (
      Array.isArray(position) &&
      position.length === shape.length &&
      position.every((part, i) => typeof part === shape[i])
    ) {
      return position as (string | number)[];
    }
  } catch {
    // Falls through: a token that is no JSON is as wrong as one of another shape.
  }
  throw new InvalidParameterException({ message: "The specified nextToken is invalid." });
}
