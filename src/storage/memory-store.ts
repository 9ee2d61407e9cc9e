import type { Changes, Cursor, Engine, EngineSnapshot } from "./engine.ts";
import { keyText } from "./engine.ts";
import { collectAscending, collectDescending, findIn, OrderedMap } from "./ordered-map.ts";
import type { OrderedNode } from "./ordered-map.ts";
import type { Entry, KeyBytes, RangeOptions, ValueBytes } from "./store.ts";
import { TransactionalStore } from "./transactions.ts";

/** Entries that a cursor hands out at once. */
const chunkSize = 256;

/** Keeps everything in memory; nothing outlives the process. */
export class MemoryEngine implements Engine {
  readonly #entries = new OrderedMap<Entry>();

  get(key: KeyBytes): ValueBytes | undefined {
    return findIn(this.#entries.current(), keyText(key))?.[1];
  }

  cursor(range: RangeOptions): Cursor {
    return new MemoryCursor(this.#entries.snapshot(), range);
  }

  snapshot(): EngineSnapshot {
    const root = this.#entries.snapshot();
    return {
      get: (key) => findIn(root, keyText(key))?.[1],
      cursor: (range) => new MemoryCursor(root, range),
      close: () => {},
    };
  }

  commit(changes: Changes): Promise<void> {
    for (const [text, { key, value }] of changes) {
      if (value === undefined) this.#entries.delete(text);
      else this.#entries.set(text, [key, value]);
    }
    return Promise.resolve();
  }

  recover(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class MemoryCursor implements Cursor {
  readonly #root: OrderedNode<Entry>;
  readonly #reverse: boolean;
  #from: string;
  #to: string;

  constructor(root: OrderedNode<Entry>, range: RangeOptions) {
    this.#root = root;
    this.#from = keyText(range.from);
    this.#to = keyText(range.to);
    this.#reverse = range.reverse ?? false;
  }

  next(): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    if (this.#from >= this.#to) return Promise.resolve(entries);
    if (this.#reverse) collectDescending(this.#root, this.#from, this.#to, chunkSize, entries);
    else collectAscending(this.#root, this.#from, this.#to, chunkSize, entries);
    const last = entries.at(-1);
    if (!last) this.#from = this.#to;
    else if (this.#reverse) this.#to = keyText(last[0]);
    else this.#from = `${keyText(last[0])}\0`;
    return Promise.resolve(entries);
  }

  close(): void {}
}

/** The store of `--memory` and of tests: everything but durability. */
export class MemoryStore extends TransactionalStore {
  constructor() {
    super(new MemoryEngine());
  }
}
