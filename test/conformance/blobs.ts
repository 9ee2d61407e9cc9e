import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import type { ManualClock } from "../../src/base/clock.ts";
import type { Blobs } from "../../src/storage/store.ts";
import { BlobMissingError } from "../../src/storage/store.ts";

export interface BlobsUnderTest {
  readonly blobs: Blobs;
  readonly clock: ManualClock;
}

const hourMs = 60 * 60 * 1000;

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

async function bytesOf(blobs: Blobs, id: string, range?: { start: number; end: number }): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of blobs.get(id, range)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The contract of `Blobs`, as tests. The grace period must be one hour. Call it inside a `describe` per implementation. */
export function blobsConformance(open: () => Promise<BlobsUnderTest>): void {
  test("gives back what was put, whole and streamed, with its size and SHA-256", async () => {
    const { blobs } = await open();
    const bytes = Buffer.alloc(700_001, "virga");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const whole = await blobs.put(bytes);
    const streamed = await blobs.put(inChunks(bytes, 10_000));
    expect(whole).toMatchObject({ size: 700_001, sha256 });
    expect(streamed).toMatchObject({ size: 700_001, sha256 });
    expect(streamed.id).not.toBe(whole.id);
    expect(bytes.equals(await bytesOf(blobs, whole.id))).toBe(true);
    expect(bytes.equals(await bytesOf(blobs, streamed.id))).toBe(true);
  });

  test("keeps an empty blob", async () => {
    const { blobs } = await open();
    const { id, size } = await blobs.put(new Uint8Array());
    expect(size).toBe(0);
    expect(await bytesOf(blobs, id)).toHaveLength(0);
  });

  test("reads a range, end exclusive, cut at the blob's end", async () => {
    const { blobs } = await open();
    const { id } = await blobs.put(Buffer.from("0123456789"));
    expect((await bytesOf(blobs, id, { start: 2, end: 5 })).toString()).toBe("234");
    expect((await bytesOf(blobs, id, { start: 8, end: 50 })).toString()).toBe("89");
    expect((await bytesOf(blobs, id, { start: 10, end: 20 })).toString()).toBe("");
  });

  test("names a file that holds the blob", async () => {
    const { blobs } = await open();
    const { id } = await blobs.put(Buffer.from("zip"));
    const path = await blobs.path(id);
    expect(await readFile(path, "utf8")).toBe("zip");
    expect((await stat(path)).mode & 0o777).toBe(0o400);
    expect(await blobs.path(id)).toBe(path);
  });

  test("nothing is left of a blob whose bytes failed to come", async () => {
    const { blobs, clock } = await open();
    const failing = async function* () {
      yield Buffer.from("half");
      throw new Error("the client went away");
    };
    await expect(blobs.put(failing())).rejects.toThrow("the client went away");
    await clock.advance(2 * hourMs);
    expect(await blobs.collectGarbage(async () => false)).toBe(0);
  });

  test("a deleted blob is missing, and deleting it again is no error", async () => {
    const { blobs } = await open();
    const { id } = await blobs.put(Buffer.from("x"));
    const path = await blobs.path(id);
    await blobs.delete(id);
    await blobs.delete(id);
    await expect(bytesOf(blobs, id)).rejects.toThrow(BlobMissingError);
    await expect(blobs.path(id)).rejects.toThrow(BlobMissingError);
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  test.each([
    "",
    "../../etc/passwd",
    "..",
    "a".repeat(31),
    "A".repeat(32),
    `${"a".repeat(31)}/`,
    "a".repeat(32),
    "x\0",
  ])("an id that it never gave is missing: %j", async (id) => {
    const { blobs } = await open();
    await expect(bytesOf(blobs, id)).rejects.toThrow(BlobMissingError);
    await expect(blobs.path(id)).rejects.toThrow(BlobMissingError);
    await blobs.delete(id);
  });

  test("collects what no record names, after the grace period on the platform's clock", async () => {
    const { blobs, clock } = await open();
    const named = await blobs.put(Buffer.from("named"));
    const unnamed = await blobs.put(Buffer.from("unnamed"));
    const isNamed = async (id: string) => id === named.id;
    await clock.advance(hourMs - 1000);
    const young = await blobs.put(Buffer.from("young"));
    expect(await blobs.collectGarbage(isNamed)).toBe(0);
    await clock.advance(1000);
    expect(await blobs.collectGarbage(isNamed)).toBe(1);
    await expect(bytesOf(blobs, unnamed.id)).rejects.toThrow(BlobMissingError);
    expect((await bytesOf(blobs, named.id)).toString()).toBe("named");
    expect((await bytesOf(blobs, young.id)).toString()).toBe("young");
  });

  test("a reader that stops early, or many at once, do no harm", async () => {
    const { blobs } = await open();
    const bytes = Buffer.alloc(1_000_000, "abc");
    const { id } = await blobs.put(bytes);
    for await (const _chunk of blobs.get(id)) break;
    const all = await Promise.all(Array.from({ length: 20 }, () => bytesOf(blobs, id)));
    expect(all.every((found) => found.equals(bytes))).toBe(true);
  });
}
