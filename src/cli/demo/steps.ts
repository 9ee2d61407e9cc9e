import type { Clock } from "../../base/clock.ts";

/** Runs steps one after another and shows each with its answer and how long it took. */
export class Steps {
  readonly #clock: Clock;
  readonly #print: (line: string) => void;
  #failed = 0;
  #done = 0;

  constructor(clock: Clock, print: (line: string) => void) {
    this.#clock = clock;
    this.#print = print;
  }

  get failed(): number {
    return this.#failed;
  }

  get done(): number {
    return this.#done;
  }

  /** Runs a step; a text that it resolves with is shown as its answer. A failure is shown and passed on. */
  readonly run = async (title: string, step: () => Promise<unknown>): Promise<void> => {
    const startedAt = this.#clock.monotonic();
    const took = () => `${(this.#clock.monotonic() - startedAt).toFixed(0).padStart(5)} ms`;
    try {
      const answer = await step();
      this.#done += 1;
      this.#print(`✓ ${took()}  ${title}`);
      if (typeof answer === "string") this.#print(`             ${answer}`);
    } catch (error) {
      this.#failed += 1;
      this.#print(`✗ ${took()}  ${title}`);
      this.#print(`             ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
      throw error;
    }
  };
}
