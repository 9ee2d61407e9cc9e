/** Milliseconds since the Unix epoch on the platform's clock. */
export type EpochMs = number;

/**
 * Where all time comes from. Nothing outside `base` may ask the machine for the time or start a timer: code that takes
 * a clock can be tested by moving time, and a platform can be moved through time by its user (`--time-travel`).
 */
export interface Clock {
  /** The platform's time. */
  now(): EpochMs;
  /**
   * Milliseconds from an arbitrary origin, never going backwards, with sub-millisecond precision: for durations.
   * It is the machine's, not the platform's: moving the platform's clock does not stretch a measured duration.
   */
  monotonic(): number;
  /** Resolves when `now()` has reached `time`; rejects with the signal's reason when aborted first. */
  until(time: EpochMs, signal?: AbortSignal): Promise<void>;
}

/** A clock whose time can be moved forwards. */
export interface MovableClock extends Clock {
  /** Moves the clock forwards and wakes everything that waited for a time now reached, in order of that time. */
  advance(ms: number): Promise<void>;
}

interface Waiter {
  readonly time: EpochMs;
  readonly order: number;
  readonly wake: () => void;
}

/** The longest delay that a Node timer takes; longer waits are cut into pieces. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's clock, which `advance` shifts forwards. */
export class SystemClock implements MovableClock {
  #offset = 0;
  #moved = new AbortController();

  now(): EpochMs {
    return Date.now() + this.#offset;
  }

  monotonic(): number {
    return performance.now();
  }

  async until(time: EpochMs, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const left = time - this.now();
      if (left <= 0) return;
      await this.#sleep(Math.min(left, longestTimerMs), signal);
    }
  }

  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError("A clock only moves forwards.");
    this.#offset += ms;
    const moved = this.#moved;
    this.#moved = new AbortController();
    moved.abort();
    // Lets what was woken run before the caller looks.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const moved = this.#moved.signal;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        moved.removeEventListener("abort", done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.ceil(ms));
      moved.addEventListener("abort", done);
      signal?.addEventListener("abort", done);
    });
  }
}

/** A clock that stands still until a test moves it. Starts at 2026-01-01T00:00:00Z. */
export class ManualClock implements MovableClock {
  #now: EpochMs;
  #order = 0;
  #waiters = new Set<Waiter>();

  constructor(start: EpochMs = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  until(time: EpochMs, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (time <= this.#now) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#waiters.delete(waiter);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        time,
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Moves time in steps, stopping at each waiter on the way, so that what a waiter starts sees the time it asked for. */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError("A clock only moves forwards.");
    const end = this.#now + ms;
    for (;;) {
      let next: Waiter | undefined;
      for (const waiter of this.#waiters) {
        if (waiter.time > end) continue;
        if (!next || waiter.time < next.time || (waiter.time === next.time && waiter.order < next.order)) next = waiter;
      }
      if (!next) break;
      this.#waiters.delete(next);
      this.#now = Math.max(this.#now, next.time);
      next.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Real time for what the platform does to the outside (grace periods of processes, slow clients): it passes even when
 * the platform's clock stands still, and never jumps when that clock is moved.
 */
export function realDelay(ms: number, signal?: AbortSignal): Promise<void> {
  return new SystemClock().until(Date.now() + ms, signal);
}
