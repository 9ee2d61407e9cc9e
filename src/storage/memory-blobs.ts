import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { concatBytes } from "../base/bytes.ts";
import type { Clock, EpochMs } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import { defaultGraceMs, newBlobId } from "./blob-id.ts";
import { BlobMissingError } from "./store.ts";
import type { BlobInfo, Blobs } from "./store.ts";

interface StoredBlob {
  readonly bytes: Uint8Array;
  readonly storedAt: EpochMs;
  file: Promise<string> | undefined;
}

export interface MemoryBlobsOptions {
  readonly ids: Ids;
  readonly clock: Clock;
  readonly graceMs?: number;
}

/** The blobs of `--memory`. Only what was asked for as a path is on disk, in a private temporary directory. */
export class MemoryBlobs implements Blobs {
  readonly #ids: Ids;
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #blobs = new Map<string, StoredBlob>();
  #directory: string | undefined;
  readonly #removeDirectory = (): void => {
    if (this.#directory) rmSync(this.#directory, { recursive: true, force: true });
  };

  constructor(options: MemoryBlobsOptions) {
    this.#ids = options.ids;
    this.#clock = options.clock;
    this.#graceMs = options.graceMs ?? defaultGraceMs;
  }

  async put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<BlobInfo> {
    // A copy: the caller's chunks may be views of buffers that are used again.
    const whole = Uint8Array.from(bytes instanceof Uint8Array ? bytes : await collect(bytes));
    const id = newBlobId(this.#ids);
    this.#blobs.set(id, { bytes: whole, storedAt: this.#clock.now(), file: undefined });
    return { id, size: whole.byteLength, sha256: createHash("sha256").update(whole).digest("hex") };
  }

  async *get(id: string, range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array> {
    const { bytes } = this.#require(id);
    const part = range ? bytes.subarray(range.start, range.end) : bytes;
    if (part.byteLength > 0) yield part;
  }

  async path(id: string): Promise<string> {
    const blob = this.#require(id);
    return (blob.file ??= this.#write(id, blob.bytes));
  }

  async delete(id: string): Promise<void> {
    const blob = this.#blobs.get(id);
    this.#blobs.delete(id);
    if (blob?.file) await rm(await blob.file, { force: true });
  }

  async collectGarbage(isNamed: (id: string) => Promise<boolean>): Promise<number> {
    let collected = 0;
    for (const [id, { storedAt }] of this.#blobs) {
      if (storedAt + this.#graceMs > this.#clock.now() || (await isNamed(id))) continue;
      await this.delete(id);
      collected++;
    }
    return collected;
  }

  /** Forgets all blobs and removes the temporary directory, which otherwise goes when the process exits. */
  async close(): Promise<void> {
    this.#blobs.clear();
    this.#removeDirectory();
    this.#directory = undefined;
    process.off("exit", this.#removeDirectory);
  }

  async #write(id: string, bytes: Uint8Array): Promise<string> {
    const file = join(this.#ensureDirectory(), id);
    await writeFile(file, bytes, { mode: 0o400 });
    return file;
  }

  #ensureDirectory(): string {
    if (this.#directory === undefined) {
      // Made for its owner only.
      this.#directory = mkdtempSync(join(tmpdir(), "virga-blobs-"));
      process.once("exit", this.#removeDirectory);
    }
    return this.#directory;
  }

  #require(id: string): StoredBlob {
    const blob = this.#blobs.get(id);
    if (!blob) throw new BlobMissingError(`There is no blob ${JSON.stringify(id)}.`);
    return blob;
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  for await (const chunk of chunks) collected.push(Uint8Array.from(chunk));
  return concatBytes(collected);
}
