import { realDelay } from "../base/clock.ts";

/** Something on the wire that must move before its time is up. */
export interface Deadline {
  /** It moved: the time starts again. */
  touch(): void;
  done(): void;
}

interface Entry extends Deadline {
  left: number;
}

/**
 * Ends connections whose clients are too slow. One sweep a second for all of them, and none while nothing is watched:
 * a timer for each request would cost more than the request.
 */
export class Deadlines {
  readonly #entries = new Map<Entry, () => void>();
  readonly #stopped = new AbortController();
  #sweeping = false;

  /** Calls `late` when `seconds` have passed without `touch` or `done`; at most a second later than that. */
  watch(seconds: number, late: () => void): Deadline {
    const entries = this.#entries;
    const entry: Entry = {
      left: seconds + 1,
      touch() {
        entry.left = seconds + 1;
      },
      done() {
        entries.delete(entry);
      },
    };
    entries.set(entry, late);
    if (!this.#sweeping) void this.#sweep();
    return entry;
  }

  stop(): void {
    this.#entries.clear();
    this.#stopped.abort();
  }

  async #sweep(): Promise<void> {
    this.#sweeping = true;
    try {
      while (this.#entries.size > 0) {
        await realDelay(1000, this.#stopped.signal);
        for (const [entry, late] of this.#entries) {
          entry.left -= 1;
          if (entry.left > 0) continue;
          this.#entries.delete(entry);
          late();
        }
      }
    } catch (error) {
      if (!this.#stopped.signal.aborted) throw error;
    } finally {
      this.#sweeping = false;
    }
  }
}
