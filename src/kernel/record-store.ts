import type { Store, StoreSnapshot, StoreTransaction, ValueBytes } from "../storage/store.ts";
import type { Clock, EpochMs } from "../base/clock.ts";
import { encodeKey } from "./keys.ts";
import type { Job } from "./jobs.ts";
import type { Collection, Key, ListOptions, RowCodec, Snapshot, Transaction } from "./records.ts";

// A collection of whatever rows: for what looks only at its name and options.
// oxlint-disable-next-line typescript/no-explicit-any
type AnyCollection = Collection<any>;

/** First byte of every key, by what it holds. */
export const keySpace = { rows: 0x01, jobs: 0x02, blobs: 0x03 } as const;

/** Whose records: one service in one account and region. `region` is empty for global services. */
export interface RecordScope {
  readonly service: string;
  readonly account: string;
  readonly region: string;
}

/** What a transaction asks of the job queue; carried out at the end of its body, in the same commit. */
export type JobRequest =
  | {
      readonly kind: "schedule";
      readonly scope: RecordScope;
      readonly job: Job<never>;
      readonly payload: unknown;
      readonly at: EpochMs | undefined;
      readonly id: string | undefined;
    }
  | { readonly kind: "unschedule"; readonly scope: RecordScope; readonly job: Job<never>; readonly id: string };

export type ApplyJobRequest = (tx: StoreTransaction, request: JobRequest) => Promise<void>;

const jsonCodec: RowCodec<unknown> = {
  encode: (row) => Buffer.from(JSON.stringify(row)),
  decode: (bytes) => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()),
};

/** Rows kept decoded, each as read at the latest commit. Bounded; the oldest go first. */
const cacheLimit = 10_000;

/** Records and jobs laid on a store. One for the platform; `scoped` narrows it. */
export class RecordStore {
  readonly store: Store;
  readonly #applyJobRequest: ApplyJobRequest;
  readonly clock: Pick<Clock, "now">;
  readonly #scopes = new Map<string, ScopedRecords>();
  readonly cache = new RowCache();

  constructor(store: Store, applyJobRequest: ApplyJobRequest, clock: Pick<Clock, "now">) {
    this.store = store;
    this.#applyJobRequest = applyJobRequest;
    this.clock = clock;
  }

  /** Whether a committed record names the blob. */
  namesBlob(id: string): Promise<boolean> {
    return this.store.read(async (snapshot) => (await snapshot.get(blobKey(id))) !== undefined);
  }

  scoped(scope: RecordScope): ScopedRecords {
    const name = `${scope.service}\0${scope.account}\0${scope.region}`;
    let scoped = this.#scopes.get(name);
    if (!scoped) {
      if (this.#scopes.size >= cacheLimit) this.#scopes.clear();
      scoped = new ScopedRecords(this, scope, this.#applyJobRequest);
      this.#scopes.set(name, scoped);
    }
    return scoped;
  }
}

/** The records of one service, account and region. */
export class ScopedRecords {
  readonly scope: RecordScope;
  readonly #records: RecordStore;
  readonly #applyJobRequest: ApplyJobRequest;
  readonly #prefixes = new Map<AnyCollection, Uint8Array>();

  constructor(records: RecordStore, scope: RecordScope, applyJobRequest: ApplyJobRequest) {
    this.#records = records;
    this.scope = scope;
    this.#applyJobRequest = applyJobRequest;
  }

  read<R>(body: (snapshot: Snapshot) => Promise<R>): Promise<R> {
    return this.#records.store.read((snapshot) => body(new RecordSnapshot(this, this.#records.cache, snapshot)));
  }

  async write<R>(body: (tx: Transaction) => Promise<R>, finish?: (tx: StoreTransaction) => Promise<void>): Promise<R> {
    const { cache } = this.#records;
    let changed: readonly string[] = [];
    try {
      return await this.#records.store.write(async (storeTx) => {
        // A body that runs again may write other keys: those of the run before are let go.
        cache.release(changed);
        changed = [];
        const tx = new RecordTransaction(this, cache, storeTx, this.#records.clock);
        const result = await body(tx);
        for (const step of tx.lastSteps) await step();
        for (const request of tx.jobRequests) await this.#applyJobRequest(storeTx, request);
        if (finish) await finish(storeTx);
        changed = tx.cachedWrites;
        cache.hold(changed);
        return result;
      });
    } finally {
      cache.release(changed);
    }
  }

  watch(rows: AnyCollection, prefix: Key, changed: () => void): () => void {
    return this.#records.store.watch(encodeKey(this.prefixOf(rows), prefix), changed);
  }

  prefixOf(rows: AnyCollection): Uint8Array {
    let prefix = this.#prefixes.get(rows);
    if (!prefix) {
      const { service, account, region } = this.scope;
      const kind = rows.options.scope ?? "region";
      prefix = encodeKey(Uint8Array.of(keySpace.rows), [
        service,
        kind === "platform" ? "" : account,
        kind === "region" ? region : "",
        rows.name,
      ]);
      this.#prefixes.set(rows, prefix);
    }
    return prefix;
  }
}

/**
 * Decoded rows of `cached` collections. A row is dropped when a transaction that writes it is about to commit, and is not
 * taken in again before that commit is durable, so the cache never holds what a crash could take back. Cached rows are
 * those of the latest commit, which may be newer than the snapshot that asks.
 */
class RowCache {
  readonly #rows = new Map<string, unknown>();
  readonly #held = new Map<string, number>();
  #epoch = 0;

  get epoch(): number {
    return this.#epoch;
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  get(key: string): unknown {
    return this.#rows.get(key);
  }

  /** Takes a row in, unless something was written since `epoch`, when it was asked for. */
  fill(key: string, row: unknown, epoch: number): void {
    if (epoch !== this.#epoch || this.#held.has(key)) return;
    if (this.#rows.size >= cacheLimit) this.#rows.delete(this.#rows.keys().next().value!);
    this.#rows.set(key, row);
  }

  hold(keys: readonly string[]): void {
    for (const key of keys) {
      this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
      this.#rows.delete(key);
    }
    if (keys.length > 0) this.#epoch++;
  }

  release(keys: readonly string[]): void {
    for (const key of keys) {
      const holders = this.#held.get(key)! - 1;
      if (holders === 0) this.#held.delete(key);
      else this.#held.set(key, holders);
      this.#rows.delete(key);
    }
    if (keys.length > 0) this.#epoch++;
  }

  clear(): void {
    this.#rows.clear();
    this.#epoch++;
  }
}

class RecordSnapshot implements Snapshot {
  protected readonly scoped: ScopedRecords;
  readonly #cache: RowCache;
  readonly #snapshot: StoreSnapshot;
  /** What this snapshot reads goes into the cache only while nothing was written since it was taken. */
  readonly #epoch: number;

  constructor(scoped: ScopedRecords, cache: RowCache, snapshot: StoreSnapshot) {
    this.scoped = scoped;
    this.#cache = cache;
    this.#epoch = cache.epoch;
    this.#snapshot = snapshot;
  }

  get<Row>(from: Collection<Row>, key: Key): Promise<Row | undefined> {
    const bytes = encodeKey(this.scoped.prefixOf(from), key);
    return from.options.cached ? this.#getCached(from, bytes) : this.#getDirect(from, bytes);
  }

  // No async functions here: this is the hottest path there is, and their frames would cost more than the look-up.
  #getDirect<Row>(from: Collection<Row>, key: Buffer): Promise<Row | undefined> {
    const found = this.#snapshot.get(key);
    const decode = (value: ValueBytes | undefined) => (value === undefined ? undefined : codecOf(from).decode(value));
    if (found instanceof Promise) return found.then(decode);
    try {
      return Promise.resolve(decode(found));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #getCached<Row>(from: Collection<Row>, key: Buffer): Promise<Row | undefined> {
    const name = cacheKey(key);
    if (this.ownWrite(name)) return this.#getDirect(from, key);
    if (this.#cache.has(name)) {
      this.depend(key);
      return Promise.resolve(this.#cache.get(name) as Row | undefined);
    }
    return this.#getDirect(from, key).then((row) => {
      if (!this.ownWrite(name)) this.#cache.fill(name, deepFreeze(row), this.#epoch);
      return row;
    });
  }

  protected ownWrite(_key: string): boolean {
    return false;
  }

  protected depend(_key: Uint8Array): void {}

  async *list<Row>(from: Collection<Row>, options: ListOptions = {}): AsyncGenerator<Row, void, undefined> {
    const codec = codecOf(from);
    const prefix = this.scoped.prefixOf(from);
    for await (const [, value] of this.#snapshot.scan({
      ...rangeOf(prefix, options),
      reverse: options.reverse ?? false,
    })) {
      yield codec.decode(value);
    }
  }
}

class RecordTransaction extends RecordSnapshot implements Transaction {
  readonly jobRequests: JobRequest[] = [];
  /** Cache keys of cached rows that this transaction writes. */
  readonly cachedWrites: string[] = [];
  readonly lastSteps: (() => Promise<void>)[] = [];
  readonly #tx: StoreTransaction;
  readonly #clock: Pick<Clock, "now">;

  constructor(scoped: ScopedRecords, cache: RowCache, tx: StoreTransaction, clock: Pick<Clock, "now">) {
    super(scoped, cache, tx);
    this.#tx = tx;
    this.#clock = clock;
  }

  get now(): EpochMs {
    return this.#clock.now();
  }

  atEnd(step: () => Promise<void>): void {
    this.lastSteps.push(step);
  }

  put<Row>(into: Collection<Row>, row: Row): void {
    const key = encodeKey(this.scoped.prefixOf(into), into.keyOf(row));
    if (into.options.cached) this.cachedWrites.push(cacheKey(key));
    this.#tx.put(key, codecOf(into).encode(row));
  }

  delete<Row>(from: Collection<Row>, key: Key): void {
    const bytes = encodeKey(this.scoped.prefixOf(from), key);
    if (from.options.cached) this.cachedWrites.push(cacheKey(bytes));
    this.#tx.delete(bytes);
  }

  schedule<Payload>(
    job: Job<Payload>,
    payload: Payload,
    options?: { readonly at?: EpochMs; readonly id?: string },
  ): void {
    this.jobRequests.push({
      kind: "schedule",
      scope: this.scoped.scope,
      job,
      payload,
      at: options?.at,
      id: options?.id,
    });
  }

  unschedule<Payload>(job: Job<Payload>, id: string): void {
    this.jobRequests.push({ kind: "unschedule", scope: this.scoped.scope, job, id });
  }

  keepBlob(id: string): void {
    this.#tx.put(blobKey(id), new Uint8Array(0));
  }

  dropBlob(id: string): void {
    this.#tx.delete(blobKey(id));
  }

  protected override ownWrite(key: string): boolean {
    return this.cachedWrites.includes(key);
  }

  protected override depend(key: Uint8Array): void {
    this.#tx.depend(key);
  }
}

function codecOf<Row>(rows: Collection<Row>): RowCodec<Row> {
  return rows.options.codec ?? (jsonCodec as RowCodec<Row>);
}

function rangeOf(prefix: Uint8Array, options: ListOptions): { from: ValueBytes; to: ValueBytes } {
  const under = options.prefix ?? [];
  let from = encodeKey(prefix, under);
  let to = encodeKey(prefix, under, "past");
  const raise = (key: Buffer) => {
    if (Buffer.compare(key, from) > 0) from = key;
  };
  if (options.from) raise(encodeKey(prefix, options.from));
  if (options.after) raise(encodeKey(prefix, options.after, "past"));
  if (options.before) {
    const before = encodeKey(prefix, options.before);
    if (Buffer.compare(before, to) < 0) to = before;
  }
  return { from, to };
}

function blobKey(id: string): Buffer {
  return encodeKey(Uint8Array.of(keySpace.blobs), [id]);
}

function cacheKey(key: Buffer): string {
  return key.toString("latin1");
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
