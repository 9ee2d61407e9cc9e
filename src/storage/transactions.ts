import { CommitLog } from "./commit-log.ts";
import { Contention, maxOptimisticRuns } from "./contention.ts";
import type { Changes, Engine } from "./engine.ts";
import type { Batch } from "./group-commit.ts";
import { GroupCommit } from "./group-commit.ts";
import { OptimisticTransaction } from "./optimistic-transaction.ts";
import { SharedSnapshots } from "./shared-snapshots.ts";
import { StoreUnavailableError } from "./store.ts";
import type { KeyBytes, Store, StoreSnapshot, StoreTransaction } from "./store.ts";
import { Watchers } from "./watchers.ts";

/** Keys that `clear` deletes in one commit. */
const clearedAtOnce = 1000;

/**
 * Serializable transactions, group commit and watches over an engine of one process.
 * The design is explained in docs/decisions/0021-optimistic-transactions-in-memory.md.
 */
export class TransactionalStore implements Store {
  readonly #engine: Engine;
  readonly #group: GroupCommit;
  readonly #log = new CommitLog();
  readonly #contention = new Contention();
  readonly #watchers = new Watchers();
  readonly #snapshots: SharedSnapshots;
  #writing = 0;
  #closing: Promise<void> | undefined;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#snapshots = new SharedSnapshots(engine);
    this.#group = new GroupCommit(engine, {
      landed: (changes: Changes) => {
        this.#snapshots.renew();
        this.#watchers.notify(changes);
      },
      failed: () => this.#log.doomAll(),
    });
  }

  async read<R>(body: (snapshot: StoreSnapshot) => Promise<R>): Promise<R> {
    if (this.#closing) throw closed();
    const snapshot = this.#snapshots.acquire();
    try {
      return await body(snapshot);
    } finally {
      snapshot.release();
    }
  }

  async write<R>(body: (tx: StoreTransaction) => Promise<R>): Promise<R> {
    if (this.#closing) throw closed();
    this.#writing++;
    try {
      if (this.#group.congested) await this.#group.admit();
      const tx = new OptimisticTransaction(this.#engine, this.#group, this.#log);
      let result: R;
      try {
        result = await body(tx);
        if (this.#contention.hasExclusive) await this.#contention.exclusiveOver();
      } catch (error) {
        if (!tx.settle()) return await this.#retry(body, tx.conflict!);
        if (tx.sawPending) await this.#group.lastPending?.durable;
        throw error;
      }
      if (!tx.settle()) return await this.#retry(body, tx.conflict!);
      const batch = this.#commit(tx);
      if (batch) await batch.durable;
      return result;
    } finally {
      if (--this.#writing === 0) this.#idle?.resolve();
    }
  }

  watch(prefix: KeyBytes, changed: () => void): () => void {
    return this.#watchers.add(prefix, changed);
  }

  async clear(from: KeyBytes, to: KeyBytes): Promise<void> {
    for (let start: KeyBytes | undefined = from; start !== undefined;) {
      const at: KeyBytes = start;
      start = await this.write((tx) => deleteSome(tx, at, to));
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    if (this.#writing > 0) {
      this.#idle = Promise.withResolvers();
      await this.#idle.promise;
    }
    await this.#group.drain();
    this.#snapshots.close();
    await this.#engine.close();
  }

  /** Makes a settled transaction's changes part of the next batch; answers what to wait for. */
  #commit(tx: OptimisticTransaction): Batch | undefined {
    if (!tx.changes) return tx.sawPending ? this.#group.lastPending : undefined;
    const batch = this.#group.add(tx.changes);
    this.#log.append([...tx.changes.keys()]);
    return batch;
  }

  /** Runs a body again whose first run was stale. */
  async #retry<R>(body: (tx: StoreTransaction) => Promise<R>, conflict: string): Promise<R> {
    const leaveLane = await this.#contention.enterLane(conflict);
    let endExclusive: (() => void) | undefined;
    let batch: Batch | undefined;
    let result: R;
    try {
      for (let run = 2; ; run++) {
        if (this.#group.congested) await this.#group.admit();
        if (run > maxOptimisticRuns) endExclusive ??= await this.#contention.becomeExclusive();
        const tx = new OptimisticTransaction(this.#engine, this.#group, this.#log);
        try {
          result = await body(tx);
          if (!endExclusive && this.#contention.hasExclusive) await this.#contention.exclusiveOver();
        } catch (error) {
          if (!tx.settle()) continue;
          batch = tx.sawPending ? this.#group.lastPending : undefined;
          throw error;
        }
        if (!tx.settle()) continue;
        batch = this.#commit(tx);
        break;
      }
    } finally {
      // Before the wait for the disk: the next in the lane reads what is pending.
      endExclusive?.();
      leaveLane();
      if (batch) await batch.durable;
    }
    return result;
  }
}

/** Deletes the first keys of a range; answers where to go on. */
async function deleteSome(tx: StoreTransaction, from: KeyBytes, to: KeyBytes): Promise<KeyBytes | undefined> {
  let deleted = 0;
  for await (const [key] of tx.scan({ from, to })) {
    if (deleted === clearedAtOnce) return key;
    tx.delete(key);
    deleted++;
  }
  return undefined;
}

function closed(): StoreUnavailableError {
  return new StoreUnavailableError("The store is closed.");
}
