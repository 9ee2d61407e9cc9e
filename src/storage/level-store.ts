import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DataDirectoryError, inUseError, nameOwner, prepareDataDirectory, syncDirectory } from "./data-directory.ts";
import { LevelEngine } from "./level-engine.ts";
import type { Durability } from "./level-engine.ts";
import { TransactionalStore } from "./transactions.ts";

export interface LevelStoreOptions {
  /** The data directory: FORMAT, PROCESS, `records/`, and whatever other parts of the platform keep beside them. */
  readonly directory: string;
  /** `full` (default): acknowledged after the disk has it. `relaxed`: a crash of the machine may lose the last moments. */
  readonly durability?: Durability;
  /** Memory for recently read blocks, used as it is needed. */
  readonly cacheBytes?: number;
}

/** The embedded durable store. One process at a time uses a data directory. */
export class LevelStore extends TransactionalStore {
  private constructor(engine: LevelEngine) {
    super(engine);
  }

  /** @throws {DataDirectoryError} when the directory is in use, damaged, or written by a newer version */
  static async open(options: LevelStoreOptions): Promise<LevelStore> {
    const { directory, durability = "full", cacheBytes = 64 * 1024 * 1024 } = options;
    await prepareDataDirectory(directory);
    const records = join(directory, "records");
    await mkdir(records, { recursive: true, mode: 0o700 });
    let engine: LevelEngine;
    try {
      engine = await LevelEngine.open({ directory: records, durability, cacheBytes });
    } catch (error) {
      if (isLocked(error)) throw await inUseError(directory, error);
      const reason = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
      throw new DataDirectoryError(
        `The records in ${records} cannot be opened: ${reason}. Restore the data directory, or choose another with --data-dir.`,
        { cause: error },
      );
    }
    await nameOwner(directory);
    await syncDirectory(directory);
    return new LevelStore(engine);
  }
}

function isLocked(error: unknown): boolean {
  const cause = (error as Error).cause;
  return cause instanceof Error && (cause as Error & { code?: string }).code === "LEVEL_LOCKED";
}
