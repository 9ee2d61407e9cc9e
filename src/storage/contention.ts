/** Conflicts after which a transaction runs while no other may commit. */
export const maxOptimisticRuns = 8;

/** Who waits for whom when transactions keep conflicting. */
export class Contention {
  readonly #lanes = new Map<string, Promise<void>>();
  #exclusive: Promise<void> | undefined;

  /**
   * Queues up behind the transactions that conflicted over the same thing, so that a hot key costs each of them two
   * runs and not one per competitor. Resolves with how to leave.
   */
  async enterLane(name: string): Promise<() => void> {
    const before = this.#lanes.get(name);
    const left = Promise.withResolvers<void>();
    this.#lanes.set(name, left.promise);
    await before;
    return () => {
      if (this.#lanes.get(name) === left.promise) this.#lanes.delete(name);
      left.resolve();
    };
  }

  get hasExclusive(): boolean {
    return this.#exclusive !== undefined;
  }

  /** Waits until everybody may commit. */
  async exclusiveOver(): Promise<void> {
    while (this.#exclusive) await this.#exclusive;
  }

  /** Keeps all others from committing. Resolves with how to end that. */
  async becomeExclusive(): Promise<() => void> {
    await this.exclusiveOver();
    const over = Promise.withResolvers<void>();
    this.#exclusive = over.promise;
    return () => {
      this.#exclusive = undefined;
      over.resolve();
    };
  }
}
