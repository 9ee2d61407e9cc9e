import { asBuffer } from "../base/bytes.ts";
import type { Entry, KeyBytes, RangeOptions, ValueBytes } from "./store.ts";

/** A key's bytes as a string of the same order and length: what maps and comparisons can use. */
export type KeyText = string;

export function keyText(key: KeyBytes): KeyText {
  return asBuffer(key).toString("latin1");
}

/** What a commit does to one key; `value` undefined deletes it. */
export interface Change {
  readonly key: KeyBytes;
  readonly value: ValueBytes | undefined;
}

export type Changes = ReadonlyMap<KeyText, Change>;

/** Entries of a range in key order, as they were when the cursor was made. */
export interface Cursor {
  /** The next entries, a bounded number of them; none at the end. */
  next(): Promise<readonly Entry[]>;
  close(): void;
}

/** What is durable at one moment. */
export interface EngineView {
  get(key: KeyBytes): ValueBytes | undefined;
  cursor(range: RangeOptions): Cursor;
}

export interface EngineSnapshot extends EngineView {
  close(): void;
}

/**
 * Keeps bytes in order and makes batches durable, one at a time. All that has to do with several writers (conflicts,
 * retries, grouping) is the transaction core's.
 */
export interface Engine extends EngineView {
  snapshot(): EngineSnapshot;
  /**
   * Applies all changes or none. They become visible to `get`, `cursor` and `snapshot` when they are durable, never
   * before. After a rejection the engine takes no commit until `recover` has resolved.
   */
  commit(changes: Changes): Promise<void>;
  /** After a rejected commit: makes sure that nothing of it stays and that the disk takes writes again, or rejects. */
  recover(): Promise<void>;
  close(): Promise<void>;
}
