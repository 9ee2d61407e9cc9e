import { ClassicLevel } from "classic-level";

type Operation =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: Uint8Array };

/**
 * The least that a durable store on classic-level can be: puts share synced batches, one under way at a time; gets read
 * the engine. What the platform's store costs beyond this is the platform's.
 */
export class BareEngine {
  readonly level: ClassicLevel<Uint8Array, Uint8Array>;
  readonly #sync: boolean;
  #operations: Operation[] = [];
  #next = Promise.withResolvers<void>();
  #busy = false;

  private constructor(level: ClassicLevel<Uint8Array, Uint8Array>, sync: boolean) {
    this.level = level;
    this.#sync = sync;
  }

  static async open(directory: string, options: { readonly sync?: boolean } = {}): Promise<BareEngine> {
    const level = new ClassicLevel<Uint8Array, Uint8Array>(directory, {
      keyEncoding: "view",
      valueEncoding: "view",
      cacheSize: 64 * 1024 * 1024,
      writeBufferSize: 16 * 1024 * 1024,
      maxFileSize: 8 * 1024 * 1024,
    });
    await level.open();
    return new BareEngine(level, options.sync ?? true);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.level.getSync(key);
  }

  /** Resolves when the put is on disk. */
  put(key: Uint8Array, value: Uint8Array): Promise<void> {
    this.#operations.push({ type: "put", key, value });
    const durable = this.#next.promise;
    if (!this.#busy) {
      this.#busy = true;
      setImmediate(this.#flush);
    }
    return durable;
  }

  close(): Promise<void> {
    return this.level.close();
  }

  readonly #flush = (): void => {
    const operations = this.#operations;
    const batch = this.#next;
    this.#operations = [];
    this.#next = Promise.withResolvers<void>();
    this.level.batch(operations, { sync: this.#sync }).then(() => this.#landed(batch), batch.reject);
  };

  #landed(batch: PromiseWithResolvers<void>): void {
    if (this.#operations.length > 0) this.#flush();
    else this.#busy = false;
    batch.resolve();
  }
}
