import type { Changes, KeyText } from "./engine.ts";
import { keyText } from "./engine.ts";
import type { KeyBytes } from "./store.ts";

interface Watcher {
  readonly changed: () => void;
}

/** Who wants to know of changes, found by prefix: a commit asks once per prefix length, however many watch. */
export class Watchers {
  readonly #byPrefix = new Map<KeyText, Set<Watcher>>();
  /** How many distinct prefixes there are of each length. */
  readonly #lengths = new Map<number, number>();

  add(prefix: KeyBytes, changed: () => void): () => void {
    const text = keyText(prefix);
    const watcher: Watcher = { changed };
    let watchers = this.#byPrefix.get(text);
    if (!watchers) {
      watchers = new Set();
      this.#byPrefix.set(text, watchers);
      this.#lengths.set(text.length, (this.#lengths.get(text.length) ?? 0) + 1);
    }
    watchers.add(watcher);
    return () => this.#remove(text, watcher);
  }

  /** Tells every watcher that any of the changes concerns, once. */
  notify(changes: Changes): void {
    if (this.#lengths.size === 0) return;
    const concerned = new Set<Watcher>();
    for (const key of changes.keys()) {
      for (const length of this.#lengths.keys()) {
        if (length > key.length) continue;
        const watchers = this.#byPrefix.get(key.slice(0, length));
        if (watchers) for (const watcher of watchers) concerned.add(watcher);
      }
    }
    for (const watcher of concerned) {
      try {
        watcher.changed();
      } catch (error) {
        // A watcher's bug must not look like a failed write; it surfaces as an uncaught error.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  #remove(text: KeyText, watcher: Watcher): void {
    const watchers = this.#byPrefix.get(text);
    if (!watchers?.delete(watcher) || watchers.size > 0) return;
    this.#byPrefix.delete(text);
    const left = this.#lengths.get(text.length)! - 1;
    if (left > 0) this.#lengths.set(text.length, left);
    else this.#lengths.delete(text.length);
  }
}
