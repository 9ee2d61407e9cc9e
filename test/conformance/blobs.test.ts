import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../src/base/clock.ts";
import { randomIds, seededIds } from "../../src/base/ids.ts";
import { FileBlobs } from "../../src/storage/file-blobs.ts";
import { MemoryBlobs } from "../../src/storage/memory-blobs.ts";
import { blobsConformance } from "./blobs.ts";

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "virga-blobs-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe("blobs in memory", () => {
  blobsConformance(async () => {
    const clock = new ManualClock();
    const blobs = new MemoryBlobs({ ids: seededIds("blobs"), clock });
    onTestFinished(() => blobs.close());
    return { blobs, clock };
  });
});

describe("blobs as files", () => {
  blobsConformance(async () => {
    const clock = new ManualClock();
    const directory = join(await temporaryDirectory(), "blobs");
    return { blobs: await FileBlobs.open({ directory, ids: seededIds("blobs"), clock }), clock };
  });

  test("are there after a restart; what was left half written is removed", async () => {
    const directory = join(await temporaryDirectory(), "blobs");
    const options = { directory, ids: randomIds(), clock: new ManualClock() };
    const { id } = await (await FileBlobs.open(options)).put(Buffer.from("kept"));
    await writeFile(join(directory, "new", "0123"), "half");
    const reopened = await FileBlobs.open(options);
    for await (const chunk of reopened.get(id)) expect(Buffer.from(chunk).toString()).toBe("kept");
    expect(await readdir(join(directory, "new"))).toEqual([]);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, id.slice(0, 2)))).mode & 0o777).toBe(0o700);
  });

  test("collecting garbage leaves files alone that are no blobs", async () => {
    const directory = join(await temporaryDirectory(), "blobs");
    const clock = new ManualClock();
    const blobs = await FileBlobs.open({ directory, ids: randomIds(), clock });
    await mkdir(join(directory, "ab"), { recursive: true });
    await writeFile(join(directory, "ab", "README"), "mine");
    await clock.advance(10 * 365 * 24 * 60 * 60 * 1000);
    expect(await blobs.collectGarbage(async () => false)).toBe(0);
    expect(await readdir(join(directory, "ab"))).toEqual(["README"]);
  });
});
