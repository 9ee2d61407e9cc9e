import type { Change, Changes, Engine, KeyText } from "./engine.ts";
import { StoreUnavailableError } from "./store.ts";

/** Commits that become durable together. */
export class Batch {
  readonly changes = new Map<KeyText, Change>();
  bytes = 0;
  readonly #settled = Promise.withResolvers<void>();

  constructor() {
    // A batch that nobody waits for may fail too.
    this.#settled.promise.catch(() => {});
  }

  /** Resolves when the batch is durable. @throws {StoreUnavailableError} */
  get durable(): Promise<void> {
    return this.#settled.promise;
  }

  resolve(): void {
    this.#settled.resolve();
  }

  reject(error: Error): void {
    this.#settled.reject(error);
  }
}

export interface GroupCommitListener {
  /** These changes have become durable. */
  landed(changes: Changes): void;
  /** What was pending will never be durable; whoever read it read something that did not happen. */
  failed(): void;
}

/** Bytes that may wait for the disk before new transactions have to wait too. */
const maxPendingBytes = 32 * 1024 * 1024;

/**
 * Hands commits to the engine in groups: one batch is under way, all that come meanwhile form the next. Until a batch
 * is durable its changes are pending: transactions see them, readers do not.
 */
export class GroupCommit {
  readonly #engine: Engine;
  readonly #listener: GroupCommitListener;
  #open = new Batch();
  #flying: Batch | undefined;
  #scheduled = false;
  #pendingBytes = 0;
  #refusal: StoreUnavailableError | undefined;
  #recovery: Promise<void> | undefined;

  constructor(engine: Engine, listener: GroupCommitListener) {
    this.#engine = engine;
    this.#listener = listener;
  }

  /** Whether a new transaction must pass `admit` first. */
  get congested(): boolean {
    return this.#refusal !== undefined || this.#pendingBytes > maxPendingBytes;
  }

  /** Waits for room; after a failure first tries to recover. @throws {StoreUnavailableError} */
  async admit(): Promise<void> {
    while (this.congested) {
      if (this.#refusal) await (this.#recovery ??= this.#recover());
      else await (this.#flying ?? this.#open).durable.catch(() => {});
    }
  }

  /** The pending change of a key. */
  pending(key: KeyText): Change | undefined {
    return this.#open.changes.get(key) ?? this.#flying?.changes.get(key);
  }

  /** Adds the pending changes in [from, to) to `into`. */
  collectPending(from: KeyText, to: KeyText, into: Map<KeyText, Change>): void {
    if (this.#flying) collectRange(this.#flying.changes, from, to, into);
    collectRange(this.#open.changes, from, to, into);
  }

  /** The batch after which all that is pending now is durable. */
  get lastPending(): Batch | undefined {
    return this.#open.changes.size > 0 ? this.#open : this.#flying;
  }

  /** @throws {StoreUnavailableError} after a failure, until recovered. */
  add(changes: Changes): Batch {
    if (this.#refusal) throw this.#refusal;
    const batch = this.#open;
    for (const [text, change] of changes) {
      batch.changes.set(text, change);
      batch.bytes += text.length + (change.value?.byteLength ?? 0);
      this.#pendingBytes += text.length + (change.value?.byteLength ?? 0);
    }
    if (!this.#flying && !this.#scheduled) {
      this.#scheduled = true;
      // Not at once: everything that arrives in this turn of the event loop shares the sync.
      setImmediate(this.#flush);
    }
    return batch;
  }

  /** Resolves when nothing is pending. */
  async drain(): Promise<void> {
    for (let batch = this.lastPending; batch; batch = this.lastPending) await batch.durable.catch(() => {});
    await this.#recovery?.catch(() => {});
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    if (this.#open.changes.size === 0) return;
    const batch = this.#open;
    this.#flying = batch;
    this.#open = new Batch();
    this.#engine.commit(batch.changes).then(
      () => this.#landed(batch),
      (error: unknown) => this.#failed(error),
    );
  };

  #landed(batch: Batch): void {
    this.#flying = undefined;
    this.#pendingBytes -= batch.bytes;
    this.#flush();
    this.#listener.landed(batch.changes);
    batch.resolve();
  }

  #failed(cause: unknown): void {
    const error = unavailable(cause);
    this.#refusal = error;
    // The next batch goes too: its transactions may have read what the failed one wrote.
    const lost = [this.#flying, this.#open];
    this.#flying = undefined;
    this.#open = new Batch();
    this.#pendingBytes = 0;
    this.#listener.failed();
    for (const batch of lost) batch?.reject(error);
  }

  async #recover(): Promise<void> {
    try {
      await this.#engine.recover();
      this.#refusal = undefined;
      // Snapshots of before are gone with the files that the engine had open.
      this.#listener.landed(new Map());
    } catch (cause) {
      this.#refusal = unavailable(cause);
      throw this.#refusal;
    } finally {
      this.#recovery = undefined;
    }
  }
}

export function collectRange(changes: Changes, from: KeyText, to: KeyText, into: Map<KeyText, Change>): void {
  for (const [text, change] of changes) {
    if (text >= from && text < to) into.set(text, change);
  }
}

function unavailable(cause: unknown): StoreUnavailableError {
  if (cause instanceof StoreUnavailableError) return cause;
  const reason = reasonOf(cause);
  return new StoreUnavailableError(
    `The store cannot write: ${reason}. Writes are refused until the disk takes them again; free space or repair it.`,
    { cause },
  );
}

/** The messages of an error and its causes: "Database failed to open: IO error: No space left on device". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
