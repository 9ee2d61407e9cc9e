import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import { defaultGraceMs, isBlobId, newBlobId } from "./blob-id.ts";
import { syncDirectory } from "./data-directory.ts";
import { BlobMissingError, StoreUnavailableError } from "./store.ts";
import type { BlobInfo, Blobs } from "./store.ts";

export interface FileBlobsOptions {
  /** Holds a directory per first two hex digits of an id, and `new/` for blobs that are being written. */
  readonly directory: string;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly graceMs?: number;
}

const readChunkBytes = 256 * 1024;

/** Blobs as files. A file under an id is whole and durable: it got its name after its bytes were synced. */
export class FileBlobs implements Blobs {
  readonly #options: FileBlobsOptions;
  readonly #graceMs: number;
  /** Directories that are known to be there, durably. */
  readonly #shards = new Map<string, Promise<void>>();

  private constructor(options: FileBlobsOptions) {
    this.#options = options;
    this.#graceMs = options.graceMs ?? defaultGraceMs;
  }

  /** Only the owner of the data directory's lock may open its blobs: what an earlier process left unfinished is removed. */
  static async open(options: FileBlobsOptions): Promise<FileBlobs> {
    const unfinished = join(options.directory, "new");
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    await syncDirectory(join(options.directory, ".."));
    return new FileBlobs(options);
  }

  async put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobInfo> {
    const id = newBlobId(this.#options.ids);
    const temporary = join(this.#options.directory, "new", id);
    try {
      const info = await this.#write(temporary, id, bytes);
      const shard = this.#shardOf(id);
      await this.#ensureShard(shard);
      await rename(temporary, join(shard, id));
      await syncDirectory(shard);
      return info;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw isDiskError(error) ? unwritable(error) : error;
    }
  }

  async *get(id: string, range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array> {
    const handle = await this.#open(id);
    try {
      let at = range?.start ?? 0;
      const end = range?.end ?? Infinity;
      while (at < end) {
        const length = Math.min(readChunkBytes, end - at);
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  async path(id: string): Promise<string> {
    const path = this.#pathOf(id);
    try {
      await stat(path);
    } catch (error) {
      throw isMissing(error) ? missing(id) : error;
    }
    return path;
  }

  async delete(id: string): Promise<void> {
    if (isBlobId(id)) await rm(this.#pathOf(id), { force: true });
  }

  async collectGarbage(isNamed: (id: string) => Promise<boolean>): Promise<number> {
    let collected = 0;
    for (const shard of await readdir(this.#options.directory)) {
      if (!/^[0-9a-f]{2}$/.test(shard)) continue;
      for (const id of await readdir(join(this.#options.directory, shard))) {
        if (!isBlobId(id) || !(await this.#isPastGrace(id)) || (await isNamed(id))) continue;
        await this.delete(id);
        collected++;
      }
    }
    return collected;
  }

  async #write(file: string, id: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobInfo> {
    const sha256 = createHash("sha256");
    let size = 0;
    const handle = await open(file, "wx", 0o400);
    try {
      for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) {
        sha256.update(chunk);
        size += chunk.byteLength;
        await writeFully(handle, chunk);
      }
      // The file's time is the platform's, so that the grace period moves with the platform's clock.
      const now = this.#options.clock.now() / 1000;
      await handle.utimes(now, now);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { id, size, sha256: sha256.digest("hex") };
  }

  async #open(id: string): Promise<FileHandle> {
    try {
      return await open(this.#pathOf(id), "r");
    } catch (error) {
      throw isMissing(error) ? missing(id) : error;
    }
  }

  async #isPastGrace(id: string): Promise<boolean> {
    try {
      const { mtimeMs } = await stat(this.#pathOf(id));
      return mtimeMs + this.#graceMs <= this.#options.clock.now();
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #pathOf(id: string): string {
    if (!isBlobId(id)) throw missing(id);
    return join(this.#shardOf(id), id);
  }

  #shardOf(id: string): string {
    return join(this.#options.directory, id.slice(0, 2));
  }

  #ensureShard(shard: string): Promise<void> {
    let ensured = this.#shards.get(shard);
    if (!ensured) {
      ensured = mkdir(shard, { recursive: true, mode: 0o700 }).then(() => syncDirectory(this.#options.directory));
      ensured.catch(() => this.#shards.delete(shard));
      this.#shards.set(shard, ensured);
    }
    return ensured;
  }
}

async function writeFully(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength;) {
    const { bytesWritten } = await handle.write(chunk, at, chunk.byteLength - at);
    at += bytesWritten;
  }
}

function missing(id: string): BlobMissingError {
  return new BlobMissingError(`There is no blob ${JSON.stringify(id)}.`);
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/** What the disk can say no with. Errors of the stream that brings the bytes are its own. */
function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return (
    syscall !== undefined && ["ENOSPC", "EDQUOT", "EIO", "EROFS", "EFBIG", "EMFILE", "ENFILE"].includes(code ?? "")
  );
}

function unwritable(cause: NodeJS.ErrnoException): StoreUnavailableError {
  return new StoreUnavailableError(`The blob could not be written: ${cause.message}. Free space or repair the disk.`, {
    cause,
  });
}
