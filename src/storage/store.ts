/**
 * The storage contract: ordered byte keys, snapshot reads, range scans, serializable transactions, a watch.
 * It knows nothing of AWS; the kernel lays records and jobs on it. Every engine passes `test/conformance/store.ts`.
 */

/** Keys are ordered as unsigned bytes. At most 8 KiB. */
export type KeyBytes = Uint8Array;

/** At most 64 MiB. Neither the store nor its caller may change the bytes after handing them over. */
export type ValueBytes = Uint8Array;

export interface RangeOptions {
  /** From this key, inclusive. */
  readonly from: KeyBytes;
  /** To this key, exclusive. */
  readonly to: KeyBytes;
  readonly reverse?: boolean;
}

export type Entry = readonly [key: KeyBytes, value: ValueBytes];

/** A view of the store at one commit. Not usable after the body that received it has settled. */
export interface StoreSnapshot {
  get(key: KeyBytes): ValueBytes | undefined | Promise<ValueBytes | undefined>;
  /**
   * Entries in key order. Streams: a caller that stops early has not paid for the rest.
   * In a transaction the part of the range that was really read is what conflicts are checked against.
   */
  scan(range: RangeOptions): AsyncIterable<Entry>;
}

/** Reads see the transaction's own writes. */
export interface StoreTransaction extends StoreSnapshot {
  /**
   * Counts as a read of `key` when conflicts are checked, without reading it: for a caller that keeps the value in memory
   * and must run again when somebody changed it meanwhile.
   */
  depend(key: KeyBytes): void;
  put(key: KeyBytes, value: ValueBytes): void;
  delete(key: KeyBytes): void;
}

export interface Store {
  /** Runs `body` on a snapshot of what is durable at its start. */
  read<R>(body: (snapshot: StoreSnapshot) => Promise<R>): Promise<R>;
  /**
   * Runs `body` as one serializable transaction and resolves with its result after the commit is durable.
   * May run `body` again when it conflicts with another transaction, so it must hold no side effects.
   * When `body` rejects nothing is written and that error is passed on (unless what it had read was stale: then it runs again).
   * @throws {StoreUnavailableError} when the disk refused the write. Nothing of the transaction is then visible.
   */
  write<R>(body: (tx: StoreTransaction) => Promise<R>): Promise<R>;
  /** Calls `changed` after each durable commit that touched a key under `prefix`. Returns how to stop. */
  watch(prefix: KeyBytes, changed: () => void): () => void;
  /** Deletes every key in [from, to). Not transactional with other writes; for emptying a platform and for cleaning up. */
  clear(from: KeyBytes, to: KeyBytes): Promise<void>;
  /** Waits for writes under way, then releases files and lock. */
  close(): Promise<void>;
}

/** The store cannot write: disk full, failed sync, or closed. Says so for every later write until the disk recovers. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}

/** Large immutable values on the file system: code packages, objects. */
export interface Blobs {
  /**
   * Stores the bytes under a new id and resolves when they are durable. The blob is garbage until a committed record
   * names its id; unnamed blobs are collected after a grace period.
   */
  put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobInfo>;
  /** The blob's bytes, streamed; `range` is in bytes, end exclusive. @throws {BlobMissingError} */
  get(id: string, range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>;
  /** A file that holds the blob and must not be changed, for what needs a path. */
  path(id: string): Promise<string>;
  delete(id: string): Promise<void>;
  /** Deletes blobs older than the grace period whose id `isNamed` denies. Returns how many. */
  collectGarbage(isNamed: (id: string) => Promise<boolean>): Promise<number>;
}

export interface BlobInfo {
  readonly id: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export class BlobMissingError extends Error {
  override readonly name = "BlobMissingError";
}
