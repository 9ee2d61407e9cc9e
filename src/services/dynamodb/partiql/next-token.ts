import { hash } from "node:crypto";
import { fromBase64, toBase64 } from "../../../base/bytes.ts";
import { AwsError } from "../../../api/aws-error.ts";
import type { AttributeValue, Item } from "../items/attribute-value.ts";
import { checkItem } from "../items/check-value.ts";
import { validationException } from "../refusals.ts";
import type { TableRow } from "../state.ts";

/** Where the next page of a SELECT begins. */
export interface PagePlace {
  /** Which of the statement's reads. */
  readonly branch: number;
  /** The last key that was read in it; absent when it has yet to begin. */
  readonly after: Item | undefined;
}

/** What a token is good for: one statement with its parameters, on one table. */
export function requestDigest(table: TableRow, statement: string, parameters: readonly AttributeValue[]): string {
  return hash("sha256", JSON.stringify([table.id, statement, parameters], binaryAsText), "base64url").slice(0, 22);
}

export function printNextToken(digest: string, { branch, after }: PagePlace): string {
  return Buffer.from(JSON.stringify([digest, branch, after], binaryAsText)).toString("base64url");
}

/** @throws ValidationException when it is no token of this request */
export function parseNextToken(token: string, digest: string, branches: number): PagePlace {
  const [given, branch, after] = readToken(token);
  if (given !== digest || !Number.isInteger(branch) || branch < 0 || branch >= branches) throw mismatch();
  try {
    return { branch, after: after ? checkItem(after) : undefined };
  } catch (error) {
    throw error instanceof AwsError ? mismatch() : error;
  }
}

function readToken(token: string): [digest: unknown, branch: number, after: Record<string, unknown> | null] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, "base64url").toString(), textAsBinary);
  } catch {
    throw mismatch();
  }
  if (!Array.isArray(value) || typeof value[2] !== "object") throw mismatch();
  return value as [unknown, number, Record<string, unknown> | null];
}

function mismatch(): Error {
  return validationException("NextToken does not match request");
}

function binaryAsText(_name: string, value: unknown): unknown {
  // Buffers have been turned into `{type, data}` before a replacer sees them.
  if (value instanceof Uint8Array) return { base64: toBase64(value) };
  if (isPrintedBuffer(value)) return { base64: toBase64(Uint8Array.from(value.data)) };
  return value;
}

function isPrintedBuffer(value: unknown): value is { readonly data: number[] } {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    value.type === "Buffer" &&
    "data" in value &&
    Array.isArray(value.data)
  );
}

function textAsBinary(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("base64" in value) || typeof value.base64 !== "string")
    return value;
  return fromBase64(value.base64) ?? value;
}
