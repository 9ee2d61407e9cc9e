import { open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import type { Iterator } from "classic-level";
import { syncDirectory } from "./data-directory.ts";
import type { Change, Changes, Cursor, Engine, EngineSnapshot, KeyText } from "./engine.ts";
import { StoreUnavailableError } from "./store.ts";
import type { Entry, KeyBytes, RangeOptions, ValueBytes } from "./store.ts";

/** When a commit counts as durable: after the disk has confirmed it, or when the operating system has it. */
export type Durability = "full" | "relaxed";

export interface LevelEngineOptions {
  /** Where LevelDB keeps its files; nothing else may be in it. */
  readonly directory: string;
  readonly durability: Durability;
  /** Memory for uncompressed blocks. */
  readonly cacheBytes: number;
}

type Level = ClassicLevel<Uint8Array, Uint8Array>;
type LevelSnapshot = ReturnType<Level["snapshot"]>;
type LevelIterator = Iterator<Level, Uint8Array, Uint8Array>;

/**
 * Entries that a cursor reads ahead at once, each costing some 4 µs: few at first, because many scans stop early, then
 * more, as far as they fit `chunkBytes`.
 */
const chunkEntries = [32, 96, 256, 1024];
const chunkBytes = 64 * 1024;

/** What must fit on the disk, besides the logs rewritten as tables, before a recovery closes the files that it has. */
const recoveryRoomBytes = 8 * 1024 * 1024;

/** LevelDB by way of classic-level. Its synced batches become visible after the sync, so what it shows is durable. */
export class LevelEngine implements Engine {
  readonly #options: LevelEngineOptions;
  #level: Level;
  /** What the keys of a failed commit held before it; to be written back before anything else is. */
  #undo: Map<KeyText, Change> | undefined;

  private constructor(options: LevelEngineOptions, level: Level) {
    this.#options = options;
    this.#level = level;
  }

  /** Rejects with classic-level's error; its cause has the code LEVEL_LOCKED when another process has the files. */
  static async open(options: LevelEngineOptions): Promise<LevelEngine> {
    return new LevelEngine(options, await openLevel(options));
  }

  get(key: KeyBytes): ValueBytes | undefined {
    try {
      return this.#level.getSync(key);
    } catch (error) {
      throw unreadable(error);
    }
  }

  cursor(range: RangeOptions): Cursor {
    return new LevelCursor(this.#level, range, undefined);
  }

  snapshot(): EngineSnapshot {
    const level = this.#level;
    const snapshot = taking(() => level.snapshot());
    const options = { keyEncoding: "view", valueEncoding: "view", snapshot };
    return {
      get: (key) => {
        try {
          return level.getSync(key, options);
        } catch (error) {
          throw unreadable(error);
        }
      },
      cursor: (range) => new LevelCursor(level, range, snapshot),
      close: () => {
        snapshot.close().catch(() => {});
      },
    };
  }

  async commit(changes: Changes): Promise<void> {
    try {
      await this.#write(changes);
    } catch (error) {
      // The failed batch is not visible, but part or all of it may be in the log, from where a restart would revive it.
      this.#undo = this.#before(changes);
      throw error;
    }
  }

  /**
   * Opens LevelDB anew: after a failed write or sync its log is of unknown length and the kernel may have dropped the
   * pages, so nothing may be appended to it. Opening rewrites what the log holds into a table.
   */
  async recover(): Promise<void> {
    const undo = this.#undo;
    if (!undo) throw new StoreUnavailableError("what a failed write replaced cannot be read; restart the process");
    await this.#probe();
    await this.#level.close();
    this.#level = await openLevel(this.#options);
    await this.#write(undo);
    this.#undo = undefined;
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  #write(changes: Changes): Promise<void> {
    const operations: ({ type: "put"; key: Uint8Array; value: Uint8Array } | { type: "del"; key: Uint8Array })[] = [];
    for (const { key, value } of changes.values()) {
      operations.push(value === undefined ? { type: "del", key } : { type: "put", key, value });
    }
    return this.#level.batch(operations, { sync: this.#options.durability === "full" });
  }

  /** What the keys of these changes hold now, as changes; undefined when the disk does not say. */
  #before(changes: Changes): Map<KeyText, Change> | undefined {
    const undo = new Map<KeyText, Change>();
    try {
      for (const [text, { key }] of changes) undo.set(text, { key, value: this.#level.getSync(key) });
      return undo;
    } catch {
      return undefined;
    }
  }

  /**
   * Tries whether the disk takes as much as opening anew will write. Meanwhile the files stay open, and readable: once
   * closed, they can only be opened when there is room.
   */
  async #probe(): Promise<void> {
    const { directory } = this.#options;
    let left = recoveryRoomBytes;
    for (const name of await readdir(directory)) {
      if (name.endsWith(".log")) left += (await stat(join(directory, name))).size;
    }
    const file = join(directory, "..", "probe");
    const chunk = Buffer.alloc(1024 * 1024);
    try {
      const handle = await open(file, "w", 0o600);
      try {
        for (; left > 0; left -= chunk.byteLength) await handle.writeFile(chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } finally {
      await rm(file, { force: true });
    }
    await syncDirectory(directory);
  }
}

class LevelCursor implements Cursor {
  readonly #iterator: LevelIterator;
  #chunks = 0;

  constructor(level: Level, range: RangeOptions, snapshot: LevelSnapshot | undefined) {
    this.#iterator = taking(() =>
      level.iterator({
        gte: range.from,
        lt: range.to,
        reverse: range.reverse ?? false,
        highWaterMarkBytes: chunkBytes,
        ...(snapshot && { snapshot }),
      }),
    );
  }

  async next(): Promise<readonly Entry[]> {
    try {
      return await this.#iterator.nextv(chunkEntries[this.#chunks++] ?? chunkEntries.at(-1)!);
    } catch (error) {
      throw unreadable(error);
    }
  }

  close(): void {
    this.#iterator.close().catch(() => {});
  }
}

async function openLevel(options: LevelEngineOptions): Promise<Level> {
  const level: Level = new ClassicLevel<Uint8Array, Uint8Array>(options.directory, {
    keyEncoding: "view",
    valueEncoding: "view",
    cacheSize: options.cacheBytes,
    writeBufferSize: 16 * 1024 * 1024,
    // With 2 MiB files, compactions under load stop reads for longer, and ten million rows would be thousands of files.
    maxFileSize: 8 * 1024 * 1024,
    maxOpenFiles: 1000,
    compression: true,
  });
  await level.open();
  return level;
}

function taking<T>(take: () => T): T {
  try {
    return take();
  } catch (error) {
    throw unreadable(error);
  }
}

/** Says what a read from files that are closed, or that the disk does not give back, means for the caller. */
function unreadable(error: unknown): Error {
  const { code, message } = error as Error & { code?: string };
  if (code === "LEVEL_DATABASE_NOT_OPEN" || code === "LEVEL_ITERATOR_NOT_OPEN" || code === "LEVEL_SNAPSHOT_NOT_OPEN") {
    return new StoreUnavailableError("The store is closed, or is being opened again after a failed write.", {
      cause: error,
    });
  }
  return new StoreUnavailableError(`The store cannot read: ${message}`, { cause: error });
}
