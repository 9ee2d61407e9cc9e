import { toBase64 } from "../../../base/bytes.ts";
import type { Key } from "../../../kernel/records.ts";

/** A text that two stored keys share exactly when they are the same key. */
export function printKey(key: Key): string {
  return JSON.stringify(key.map((part) => (part instanceof Uint8Array ? [toBase64(part)] : part)));
}
