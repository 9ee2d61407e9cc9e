import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../src/base/clock.ts";
import { randomIds } from "../../src/base/ids.ts";
import { FileBlobs } from "../../src/storage/file-blobs.ts";
import { LevelStore } from "../../src/storage/level-store.ts";
import type { Store } from "../../src/storage/store.ts";
import { StoreUnavailableError } from "../../src/storage/store.ts";

const key = (text: string): Buffer => Buffer.from(text);
const put = (store: Store, name: string, value: string) => store.write(async (tx) => tx.put(key(name), key(value)));
const get = (store: Store, name: string) =>
  store.read(async (snapshot) => {
    const value = await snapshot.get(key(name));
    return value && Buffer.from(value).toString();
  });

/** A file system of a few megabytes that the test may fill, or why there is none. */
async function smallDisk(megabytes: number): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), "virga-disk-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", directory]);
  if (mounted.status !== 0) return undefined;
  onTestFinished(() => void spawnSync("umount", ["-l", directory]));
  return directory;
}

test("a full disk refuses writes, keeps all that was acknowledged, and takes writes again when there is room", async ({
  skip,
}) => {
  const disk = await smallDisk(64);
  if (!disk) return skip("mounting a small file system is not allowed here");
  const directory = join(disk, "data");
  let store = await LevelStore.open({ directory });
  const ids = randomIds();
  const filler = join(disk, "filler");
  await writeFile(filler, Buffer.alloc(40 * 1024 * 1024));
  const acknowledged = new Map<string, string>();
  let refused = 0;
  for (let round = 0; round < 100 && refused < 5; round++) {
    const writes = Array.from({ length: 20 }, async (_, at) => {
      // Half of them change what is already acknowledged.
      const name = at % 2 === 0 ? `hot/${at}` : `k/${round}/${at}`;
      // Random, or LevelDB would compress it and never fill the disk.
      const value = ids.hex(30_000);
      await put(store, name, value);
      acknowledged.set(name, value);
    });
    for (const outcome of await Promise.allSettled(writes)) {
      if (outcome.status === "fulfilled") continue;
      expect(outcome.reason).toBeInstanceOf(StoreUnavailableError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(0);
  await expect(put(store, "still", "full")).rejects.toThrow(/cannot write: .*(No space|ENOSPC)/i);
  const check = async () => {
    for (const [name, value] of acknowledged) {
      const found = await get(store, name);
      if (found !== value) expect.fail(`${name} holds ${found?.slice(0, 10)}, acknowledged was ${value.slice(0, 10)}`);
    }
    const found = await store.read(async (snapshot) => {
      let count = 0;
      for await (const _entry of snapshot.scan({ from: key("\0"), to: key("~") })) count++;
      return count;
    });
    expect(found).toBe(acknowledged.size);
  };
  await check();
  await rm(filler);
  await put(store, "again", "room");
  acknowledged.set("again", "room");
  await check();
  await store.close();
  store = await LevelStore.open({ directory });
  await check();
  await store.close();
});

test("a blob that does not fit is refused, leaves nothing behind, and fits when there is room", async ({ skip }) => {
  const disk = await smallDisk(4);
  if (!disk) return skip("mounting a small file system is not allowed here");
  const blobs = await FileBlobs.open({ directory: join(disk, "blobs"), ids: randomIds(), clock: new ManualClock() });
  const half = Buffer.alloc(2_500_000, "virga");
  const { id } = await blobs.put(half);
  await expect(blobs.put(half)).rejects.toThrow(StoreUnavailableError);
  await expect(blobs.put(half)).rejects.toThrow(/no space left on device/);
  await blobs.delete(id);
  expect((await blobs.put(half)).size).toBe(half.byteLength);
});
