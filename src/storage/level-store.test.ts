import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DataDirectoryError } from "./data-directory.ts";
import { LevelStore } from "./level-store.ts";
import type { Store } from "./store.ts";

const key = (text: string): Buffer => Buffer.from(text);
const put = (store: Store, name: string, value: string | Uint8Array) =>
  store.write(async (tx) => tx.put(key(name), typeof value === "string" ? key(value) : value));
const get = (store: Store, name: string) =>
  store.read(async (snapshot) => {
    const value = await snapshot.get(key(name));
    return value && Buffer.from(value).toString();
  });

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "virga-level-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test("finds everything again after it was closed and opened", async () => {
  const directory = await temporaryDirectory();
  const first = await LevelStore.open({ directory });
  await put(first, "a", "1");
  await put(first, "b", "2");
  await first.write(async (tx) => tx.delete(key("a")));
  await first.close();
  const second = await LevelStore.open({ directory });
  expect(await get(second, "a")).toBeUndefined();
  expect(await get(second, "b")).toBe("2");
  await second.close();
});

test("makes the data directory, and all above it that is missing, for its owner only", async () => {
  const directory = join(await temporaryDirectory(), "deep", ".virga");
  const store = await LevelStore.open({ directory });
  for (const made of [join(directory, ".."), directory, join(directory, "records")]) {
    expect((await stat(made)).mode & 0o777).toBe(0o700);
  }
  await store.close();
});

test("writes its format's version, and refuses a newer one naming both", async () => {
  const directory = await temporaryDirectory();
  await (await LevelStore.open({ directory })).close();
  expect(await readFile(join(directory, "FORMAT"), "utf8")).toBe("1\n");
  await writeFile(join(directory, "FORMAT"), "2\n");
  await expect(LevelStore.open({ directory })).rejects.toThrow(/has format 2; this version of Virga reads format 1/);
  await writeFile(join(directory, "FORMAT"), "MP3");
  await expect(LevelStore.open({ directory })).rejects.toThrow(DataDirectoryError);
});

test("refuses a data directory in use, naming the process", async () => {
  const directory = await temporaryDirectory();
  const store = await LevelStore.open({ directory });
  await expect(LevelStore.open({ directory })).rejects.toThrow(
    `The data directory ${directory} is in use by process ${process.pid}.`,
  );
  await store.close();
  await (await LevelStore.open({ directory })).close();
});

test("takes over the data directory of a process that was killed", async () => {
  const directory = await temporaryDirectory();
  const holder = spawn(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { LevelStore } from ${JSON.stringify(new URL("level-store.ts", import.meta.url).href)};
       await LevelStore.open({ directory: process.argv[1] });
       process.stdout.write("open");
       process.stdin.resume();`,
      directory,
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  onTestFinished(() => void holder.kill("SIGKILL"));
  await once(holder.stdout, "data");
  await expect(LevelStore.open({ directory })).rejects.toThrow(`in use by process ${holder.pid}`);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  await (await LevelStore.open({ directory })).close();
});

test("says which records cannot be opened", async () => {
  const directory = await temporaryDirectory();
  await (await LevelStore.open({ directory })).close();
  await writeFile(join(directory, "records", "CURRENT"), "nonsense");
  await expect(LevelStore.open({ directory })).rejects.toThrow(
    `The records in ${join(directory, "records")} cannot be opened: `,
  );
});
