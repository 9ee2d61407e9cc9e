import { toBase64 } from "../../../base/bytes.ts";
import type { Key } from "../../../kernel/records.ts";

/** A text that two stored keys share exactly when they are the same key. */
export function printKey(key: Key): string {
  return JSON.stringify(key.map((part) => (part instanceof Uint8Array ? [toBase64(part)] : part)));
}

/** The stored key that was printed. */
export function parsePrintedKey(text: string): Key {
  const parts = JSON.parse(text) as (string | number | [string])[];
  return parts.map((part) => (Array.isArray(part) ? Buffer.from(part[0], "base64") : part));
}
