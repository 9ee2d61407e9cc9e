import type { Engine, EngineSnapshot } from "./engine.ts";
import type { Entry, KeyBytes, RangeOptions, StoreSnapshot, ValueBytes } from "./store.ts";

/** An engine's snapshot and how many use it. */
interface Shared {
  readonly view: EngineSnapshot;
  users: number;
}

/** One engine snapshot for all reads that begin between two batches: taking one costs more than the read. */
export class SharedSnapshots {
  readonly #engine: Engine;
  #current: Shared | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  acquire(): ReadSnapshot {
    this.#current ??= { view: this.#engine.snapshot(), users: 1 };
    this.#current.users++;
    return new ReadSnapshot(this.#current);
  }

  /** Reads that begin from now on see what is durable now. */
  renew(): void {
    if (this.#current) release(this.#current);
    this.#current = undefined;
  }

  close(): void {
    this.renew();
  }
}

export class ReadSnapshot implements StoreSnapshot {
  #shared: Shared | undefined;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  get(key: KeyBytes): ValueBytes | undefined {
    return this.#view().get(key);
  }

  async *scan(range: RangeOptions): AsyncIterable<Entry> {
    const cursor = this.#view().cursor(range);
    try {
      for (let chunk = await cursor.next(); chunk.length > 0; chunk = await cursor.next()) {
        for (const entry of chunk) {
          this.#view();
          yield entry;
        }
      }
    } finally {
      cursor.close();
    }
  }

  release(): void {
    if (this.#shared) release(this.#shared);
    this.#shared = undefined;
  }

  #view(): EngineSnapshot {
    if (!this.#shared) {
      throw new Error("The snapshot was used after its body had settled. Await everything inside the body.");
    }
    return this.#shared.view;
  }
}

function release(shared: Shared): void {
  if (--shared.users === 0) shared.view.close();
}
