import type { ValueBytes } from "../storage/store.ts";
import type { Job } from "./jobs.ts";
import type { EpochMs } from "../base/clock.ts";

/** Parts order by type first (false < true < numbers < strings < bytes), then by value; strings by UTF-8 bytes, numbers numerically. */
export type KeyPart = string | number | boolean | Uint8Array;
export type Key = readonly KeyPart[];

/** How rows become bytes. The default is JSON, so rows hold plain JSON values (times as epoch ms) unless they bring a codec. */
export interface RowCodec<Row> {
  encode(row: Row): ValueBytes;
  decode(bytes: ValueBytes): Row;
}

export interface CollectionOptions<Row> {
  /**
   * Who shares the rows: one `region` of one account (default), one `account` in all regions, or the whole `platform`
   * (for what is found before the account is known, such as the owner of a host name).
   */
  readonly scope?: "region" | "account" | "platform";
  readonly codec?: RowCodec<Row>;
  /** Keep decoded rows in memory. For small, much-read rows (tables, roles, APIs). Cached rows are frozen. */
  readonly cached?: boolean;
}

/** All records of one kind, and their ordered key. */
export interface Collection<Row> {
  readonly name: string;
  readonly keyOf: (row: Row) => Key;
  readonly options: CollectionOptions<Row>;
}

export function collection<Row>(
  name: string,
  keyOf: (row: Row) => Key,
  options: CollectionOptions<Row> = {},
): Collection<Row> {
  return { name, keyOf, options };
}

export interface ListOptions {
  /** Only keys that begin with these parts. */
  readonly prefix?: Key;
  /** Only keys at or after this one (whole key, in ascending order whatever `reverse` says). */
  readonly from?: Key;
  /** Only keys strictly after this one, and after every key that extends it. */
  readonly after?: Key;
  /** Only keys before this one. */
  readonly before?: Key;
  readonly reverse?: boolean;
}

/** A consistent view of the records of one service, account and region. */
export interface Snapshot {
  get<Row>(from: Collection<Row>, key: Key): Promise<Row | undefined>;
  /** Rows in key order, streamed. */
  list<Row>(from: Collection<Row>, options?: ListOptions): AsyncIterable<Row>;
}

export interface Transaction extends Snapshot {
  /** The platform's time. */
  readonly now: EpochMs;
  /** Inserts or replaces the row at its own key. */
  put<Row>(into: Collection<Row>, row: Row): void;
  delete<Row>(from: Collection<Row>, key: Key): void;
  /**
   * Runs the job after the commit, at `at` or at once; survives a restart; runs at least once.
   * A job with an `id` replaces the one that was scheduled under the same job and id; `unschedule` takes it back.
   */
  schedule<Payload>(
    job: Job<Payload>,
    payload: Payload,
    options?: { readonly at?: EpochMs; readonly id?: string },
  ): void;
  unschedule<Payload>(job: Job<Payload>, id: string): void;
  /**
   * Runs after the body, in the same commit, in the order in which it was asked for: for what everybody writes to, such as
   * the end of a log, so that transactions conflict over it as briefly as possible.
   */
  atEnd(step: () => Promise<void>): void;
  /** Says that a committed record names this blob. Blobs that nothing names are collected after a grace period. */
  keepBlob(id: string): void;
  /** Takes that back: the blob is garbage after the commit. */
  dropBlob(id: string): void;
}
