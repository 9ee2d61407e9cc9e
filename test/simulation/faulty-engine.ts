import type { Changes, Cursor, Engine, EngineSnapshot } from "../../src/storage/engine.ts";
import { MemoryEngine } from "../../src/storage/memory-store.ts";
import type { KeyBytes, RangeOptions, ValueBytes } from "../../src/storage/store.ts";

/** An engine whose disk a test can stop, break and repair. */
export class FaultyEngine implements Engine {
  readonly #engine = new MemoryEngine();
  #held: PromiseWithResolvers<void> | undefined;
  #broken: Error | undefined;
  /** The keys of each commit that was tried, in order. */
  readonly commits: string[][] = [];
  recoveries = 0;

  /** Keeps commits under way until released. */
  hold(): void {
    this.#held ??= Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  /** Every commit and recovery from now on fails. */
  break(message = "No space left on device"): void {
    this.#broken = new Error(message);
  }

  repair(): void {
    this.#broken = undefined;
  }

  async commit(changes: Changes): Promise<void> {
    this.commits.push([...changes.keys()]);
    await this.#held?.promise;
    if (this.#broken) throw this.#broken;
    await this.#engine.commit(changes);
  }

  async recover(): Promise<void> {
    this.recoveries++;
    if (this.#broken) throw this.#broken;
  }

  get(key: KeyBytes): ValueBytes | undefined {
    return this.#engine.get(key);
  }

  cursor(range: RangeOptions): Cursor {
    return this.#engine.cursor(range);
  }

  snapshot(): EngineSnapshot {
    return this.#engine.snapshot();
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}
