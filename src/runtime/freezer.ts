import { realDelay } from "../base/clock.ts";

/** Something whose processes can be made to stand still. */
export interface Freezable {
  /** Stops the processes, unless they are not ready for it yet. Answers whether they stand still now. */
  freeze(): boolean;
  thaw(): void;
}

/** How long an environment is idle before it is frozen: at least this, at most twice this. */
const idleMs = 10;

/**
 * Freezes idle environments, as AWS does: what a handler leaves running goes on only with the next invocation. Not at
 * once, because stopping and continuing a process costs a third of the throughput when invocations come back to back.
 */
export class Freezer {
  /** Idle since the last look. */
  #fresh = new Set<Freezable>();
  /** Idle for one look at least. */
  #idle = new Set<Freezable>();
  readonly #frozen = new Set<Freezable>();
  #looking = false;
  readonly #closed = new AbortController();

  /** Called when an environment has nothing to do. */
  rest(environment: Freezable): void {
    this.#fresh.add(environment);
    if (!this.#looking) void this.#look();
  }

  /** Called before an environment has something to do, or is asked to end. */
  wake(environment: Freezable): void {
    if (this.#frozen.delete(environment)) environment.thaw();
    else if (!this.#fresh.delete(environment)) this.#idle.delete(environment);
  }

  /** Called when an environment is gone. */
  forget(environment: Freezable): void {
    this.#fresh.delete(environment);
    this.#idle.delete(environment);
    this.#frozen.delete(environment);
  }

  close(): void {
    this.#closed.abort();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    while (this.#fresh.size + this.#idle.size > 0 && !this.#closed.signal.aborted) {
      await realDelay(idleMs, this.#closed.signal).catch(() => {});
      const due = this.#idle;
      this.#idle = this.#fresh;
      this.#fresh = new Set();
      for (const environment of due) {
        if (environment.freeze()) this.#frozen.add(environment);
        else this.#idle.add(environment);
      }
    }
    this.#looking = false;
  }
}
