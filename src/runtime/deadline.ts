import { SystemClock } from "../base/clock.ts";
import type { Clock, EpochMs } from "../base/clock.ts";

const machine = new SystemClock();

/**
 * Watches one deadline at a time, on the platform's clock and in real time: whichever passes first. A warm invocation
 * must not pay for timers, so a sleep once begun goes on, and what is due is looked at when it ends.
 */
export class Deadline {
  readonly #onPassed: () => void;
  readonly #sleepers: readonly Sleeper[];
  readonly #clock: Clock;

  constructor(clock: Clock, onPassed: () => void) {
    this.#clock = clock;
    this.#onPassed = onPassed;
    this.#sleepers = [new Sleeper(clock, () => this.#pass()), new Sleeper(machine, () => this.#pass())];
  }

  /** Begins to watch, and answers the deadline on the machine's clock. */
  arm(deadline: EpochMs): EpochMs {
    const machineDeadline = machine.now() + (deadline - this.#clock.now());
    this.#sleepers[0]!.due(deadline);
    this.#sleepers[1]!.due(machineDeadline);
    return machineDeadline;
  }

  disarm(): void {
    for (const sleeper of this.#sleepers) sleeper.due(undefined);
  }

  /** Ends all waiting. */
  close(): void {
    for (const sleeper of this.#sleepers) sleeper.close();
  }

  #pass(): void {
    this.disarm();
    this.#onPassed();
  }
}

class Sleeper {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #due: EpochMs | undefined;
  #wakesAt: EpochMs | undefined;
  #wake: AbortController | undefined;

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  due(time: EpochMs | undefined): void {
    this.#due = time;
    if (time === undefined || (this.#wakesAt !== undefined && this.#wakesAt <= time)) return;
    this.close();
    void this.#sleep();
  }

  close(): void {
    this.#wakesAt = undefined;
    this.#wake?.abort();
  }

  async #sleep(): Promise<void> {
    const wake = new AbortController();
    this.#wake = wake;
    this.#wakesAt = this.#due;
    // A deadline that has passed already is told of after `arm` has returned.
    await Promise.resolve();
    while (!wake.signal.aborted && this.#due !== undefined && this.#due > this.#clock.now()) {
      this.#wakesAt = this.#due;
      try {
        await this.#clock.until(this.#due, wake.signal);
      } catch {
        return; // An earlier deadline, or the end.
      }
    }
    if (wake.signal.aborted) return;
    this.#wakesAt = undefined;
    if (this.#due !== undefined) this.#onDue();
  }
}
