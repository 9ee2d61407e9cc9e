import type { KeyBytes, Store, StoreSnapshot, StoreTransaction } from "./store.ts";

/**
 * Runs the body of every `write` twice and keeps only the second run's effects, so that a body with a side effect
 * outside its transaction shows in any test: the effect happens twice.
 */
export class TwiceStore implements Store {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async write<R>(body: (tx: StoreTransaction) => Promise<R>): Promise<R> {
    const discarded = new Error("The first of two runs; nothing of it is kept.");
    await this.#store
      .write(async (tx) => {
        await body(tx);
        throw discarded;
      })
      // What the body itself threw is left for the second run to throw again.
      .catch(() => {});
    return this.#store.write(body);
  }

  read<R>(body: (snapshot: StoreSnapshot) => Promise<R>): Promise<R> {
    return this.#store.read(body);
  }

  watch(prefix: KeyBytes, changed: () => void): () => void {
    return this.#store.watch(prefix, changed);
  }

  clear(from: KeyBytes, to: KeyBytes): Promise<void> {
    return this.#store.clear(from, to);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
