import { afterEach, beforeEach, expect, test } from "vitest";
import { MemoryStore } from "../storage/memory-store.ts";
import type { JobRequest } from "./record-store.ts";
import { RecordStore } from "./record-store.ts";
import { collection } from "./records.ts";
import type { Transaction } from "./records.ts";

interface UserRow {
  readonly team: string;
  readonly name: string;
  readonly age: number;
}

const users = collection("users", (row: UserRow) => [row.team, row.name]);
const settings = collection("settings", (row: { name: string; value: number }) => [row.name], { cached: true });
const hosts = collection("hosts", (row: { host: string; account: string }) => [row.host], { scope: "platform" });

let store: MemoryStore;
let records: RecordStore;
let requests: JobRequest[];
const here = { service: "people", account: "000000000000", region: "us-east-1" };

beforeEach(() => {
  store = new MemoryStore();
  requests = [];
  const keep = async (_tx: unknown, request: JobRequest) => {
    requests.push(request);
  };
  records = new RecordStore(store, keep, { now: () => 1000 });
});
afterEach(() => store.close());

const rows = async (options?: Parameters<typeof list>[0]) =>
  (await list(options)).map((row) => `${row.team}/${row.name}`);

function list(
  options: { prefix?: string[]; from?: string[]; after?: string[]; before?: string[]; reverse?: boolean } = {},
) {
  return records.scoped(here).read(async (snapshot) => Array.fromAsync(snapshot.list(users, options)));
}

async function seed() {
  await records.scoped(here).write(async (tx) => {
    for (const key of ["a/x", "a/y", "b/x", "c/x"]) tx.put(users, { team: key[0]!, name: key[2]!, age: 1 });
  });
}

test("a row is found under its key after the commit", async () => {
  await seed();
  expect(await records.scoped(here).read((snapshot) => snapshot.get(users, ["a", "y"]))).toEqual({
    team: "a",
    name: "y",
    age: 1,
  });
  expect(await records.scoped(here).read((snapshot) => snapshot.get(users, ["a", "z"]))).toBeUndefined();
});

test("rows are listed in key order, by prefix, after, from and before a key, and backwards", async () => {
  await seed();
  expect(await rows()).toEqual(["a/x", "a/y", "b/x", "c/x"]);
  expect(await rows({ prefix: ["a"] })).toEqual(["a/x", "a/y"]);
  expect(await rows({ after: ["a"] })).toEqual(["b/x", "c/x"]);
  expect(await rows({ after: ["a", "x"] })).toEqual(["a/y", "b/x", "c/x"]);
  expect(await rows({ from: ["a", "y"], before: ["c"] })).toEqual(["a/y", "b/x"]);
  expect(await rows({ reverse: true })).toEqual(["c/x", "b/x", "a/y", "a/x"]);
});

test("another account, region or service sees other rows; platform rows are shared", async () => {
  await seed();
  await records.scoped(here).write(async (tx) => tx.put(hosts, { host: "h", account: "1" }));
  for (const scope of [
    { ...here, account: "111111111111" },
    { ...here, region: "eu-west-1" },
    { ...here, service: "other" },
  ]) {
    expect(await records.scoped(scope).read((snapshot) => snapshot.get(users, ["a", "x"]))).toBeUndefined();
  }
  const elsewhere = records.scoped({ ...here, account: "111111111111", region: "eu-west-1" });
  expect(await elsewhere.read((snapshot) => snapshot.get(hosts, ["h"]))).toEqual({ host: "h", account: "1" });
});

test("a body that throws leaves nothing behind and asks for no job", async () => {
  const failing = records.scoped(here).write(async (tx) => {
    tx.put(users, { team: "a", name: "x", age: 1 });
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await rows()).toEqual([]);
  expect(requests).toEqual([]);
});

test("a cached row is the same frozen object until it is written again", async () => {
  const people = records.scoped(here);
  const get = () => people.read((snapshot) => snapshot.get(settings, ["s"]));
  await people.write(async (tx) => tx.put(settings, { name: "s", value: 1 }));
  const first = await get();
  expect(first).toEqual({ name: "s", value: 1 });
  expect(Object.isFrozen(first)).toBe(true);
  expect(await get()).toBe(first);
  await people.write(async (tx) => tx.put(settings, { name: "s", value: 2 }));
  expect(await get()).toEqual({ name: "s", value: 2 });
  await people.write(async (tx) => tx.delete(settings, ["s"]));
  expect(await get()).toBeUndefined();
});

test("a transaction sees its own writes to cached rows, and a failed one does not stay in the cache", async () => {
  const people = records.scoped(here);
  await people.write(async (tx) => tx.put(settings, { name: "s", value: 1 }));
  const failing = people.write(async (tx) => {
    expect((await tx.get(settings, ["s"]))?.value).toBe(1);
    tx.put(settings, { name: "s", value: 2 });
    expect((await tx.get(settings, ["s"]))?.value).toBe(2);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect((await people.read((snapshot) => snapshot.get(settings, ["s"])))?.value).toBe(1);
});

test("a transaction that read a cached row runs again when that row was changed meanwhile", async () => {
  const people = records.scoped(here);
  await people.write(async (tx) => tx.put(settings, { name: "s", value: 1 }));
  await people.read((snapshot) => snapshot.get(settings, ["s"]));
  let runs = 0;
  await people.write(async (tx) => {
    runs++;
    const setting = await tx.get(settings, ["s"]);
    if (runs === 1) await people.write(async (other) => other.put(settings, { name: "s", value: 7 }));
    tx.put(users, { team: "t", name: "n", age: setting!.value });
  });
  expect(runs).toBe(2);
  expect(await list()).toEqual([{ team: "t", name: "n", age: 7 }]);
});

test("what an old snapshot reads of a row that has changed since does not stay in the cache", async () => {
  const people = records.scoped(here);
  await people.write(async (tx) => tx.put(settings, { name: "s", value: 1 }));
  await people.read(async (snapshot) => {
    await snapshot.get(settings, ["other"]);
    await people.write(async (tx) => tx.put(settings, { name: "s", value: 2 }));
    await snapshot.get(settings, ["s"]);
  });
  expect((await people.read((snapshot) => snapshot.get(settings, ["s"])))?.value).toBe(2);
});

test("a blob is named by the commit that keeps it until one drops it", async () => {
  const people = records.scoped(here);
  const failing = people.write(async (tx) => {
    tx.keepBlob("b");
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await records.namesBlob("b")).toBe(false);
  await people.write(async (tx) => tx.keepBlob("b"));
  expect(await records.namesBlob("b")).toBe(true);
  await people.write(async (tx) => tx.dropBlob("b"));
  expect(await records.namesBlob("b")).toBe(false);
});

test("watchers hear of commits under their prefix only", async () => {
  let heard = 0;
  const stop = records.scoped(here).watch(users as never, ["a"], () => heard++);
  await records.scoped(here).write(async (tx) => tx.put(users, { team: "b", name: "x", age: 1 }));
  expect(heard).toBe(0);
  await records.scoped(here).write(async (tx) => tx.put(users, { team: "a", name: "x", age: 1 }));
  expect(heard).toBe(1);
  stop();
  await records.scoped(here).write(async (tx) => tx.put(users, { team: "a", name: "z", age: 1 }));
  expect(heard).toBe(1);
});

test("steps at the end see what the body and earlier steps wrote, and belong to the same commit", async () => {
  const append = (tx: Transaction) => async () => {
    const end = (await tx.get(settings, ["end"]))?.value ?? 0;
    tx.put(settings, { name: "end", value: end + 1 });
    tx.put(users, { team: "log", name: String(end), age: tx.now });
  };
  await records.scoped(here).write(async (tx) => {
    tx.atEnd(append(tx));
    tx.atEnd(append(tx));
    tx.put(settings, { name: "end", value: 5 });
  });
  const failing = records.scoped(here).write(async (tx) => {
    tx.atEnd(append(tx));
    tx.atEnd(() => Promise.reject(new Error("at the end")));
  });
  await expect(failing).rejects.toThrow("at the end");
  expect(await list({ prefix: ["log"] })).toEqual([
    { team: "log", name: "5", age: 1000 },
    { team: "log", name: "6", age: 1000 },
  ]);
});
