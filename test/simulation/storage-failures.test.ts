import { describe, expect, test } from "vitest";
import type { Store, StoreSnapshot } from "../../src/storage/store.ts";
import { StoreUnavailableError } from "../../src/storage/store.ts";
import { TransactionalStore } from "../../src/storage/transactions.ts";
import { FaultyEngine } from "./faulty-engine.ts";

const key = (text: string): Buffer => Buffer.from(text);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(): { engine: FaultyEngine; store: TransactionalStore } {
  const engine = new FaultyEngine();
  return { engine, store: new TransactionalStore(engine) };
}

const put = (store: Store, name: string, value = "x") => store.write(async (tx) => tx.put(key(name), key(value)));

async function get(view: StoreSnapshot, name: string): Promise<string | undefined> {
  const value = await view.get(key(name));
  return value && Buffer.from(value).toString();
}

const read = (store: Store, name: string) => store.read((snapshot) => get(snapshot, name));

/** Whether the promise has settled after everything that could run has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  for (let turns = 0; turns < 5; turns++) await turn();
  return settled;
}

describe("group commit", () => {
  test("writes that begin together share one commit, and those that come meanwhile the next", async () => {
    const { engine, store } = setUp();
    engine.hold();
    const first = [put(store, "a"), put(store, "b")];
    await turn();
    await turn();
    const later = ["c", "d", "e"].map((name) => put(store, name));
    expect(await isSettled(Promise.race([...first, ...later]))).toBe(false);
    engine.release();
    await Promise.all([...first, ...later]);
    expect(engine.commits).toEqual([
      ["a", "b"],
      ["c", "d", "e"],
    ]);
  });

  test("a key that is still being synced can be changed again without a conflict", async () => {
    const { engine, store } = setUp();
    engine.hold();
    let runs = 0;
    const increments: Promise<void>[] = [];
    for (let at = 0; at < 10; at++) {
      increments.push(
        store.write(async (tx) => {
          runs++;
          tx.put(key("n"), key(String(Number((await get(tx, "n")) ?? 0) + 1)));
        }),
      );
      await turn();
      await turn();
    }
    engine.release();
    await Promise.all(increments);
    expect(await read(store, "n")).toBe("10");
    expect(runs).toBe(10);
    expect(engine.commits).toHaveLength(2);
  });

  test("a reader does not see what is not durable yet", async () => {
    const { engine, store } = setUp();
    engine.hold();
    const writing = put(store, "a");
    expect(await isSettled(writing)).toBe(false);
    expect(await read(store, "a")).toBeUndefined();
    engine.release();
    await writing;
    expect(await read(store, "a")).toBe("x");
  });

  test("a transaction that saw what is not durable and wrote nothing answers when it is", async () => {
    const { engine, store } = setUp();
    engine.hold();
    const writing = put(store, "a");
    await turn();
    const looking = store.write((tx) => get(tx, "a"));
    const listing = store.write(async (tx) => {
      for await (const [name] of tx.scan({ from: key("a"), to: key("b") })) return name.toString();
      return undefined;
    });
    const throwing = store.write(async (tx) => {
      throw new Error(`there is ${await get(tx, "a")}`);
    });
    const elsewhere = store.write((tx) => get(tx, "other"));
    expect(await elsewhere).toBeUndefined();
    expect(await isSettled(Promise.race([looking, listing, throwing]))).toBe(false);
    engine.release();
    await writing;
    expect(await looking).toBe("x");
    expect(await listing).toBeDefined();
    await expect(throwing).rejects.toThrow("there is x");
  });

  test("new transactions wait when too much waits for the disk", async () => {
    const { engine, store } = setUp();
    engine.hold();
    const large = Buffer.alloc(20 * 1024 * 1024);
    const writing = [1, 2].map((at) => store.write(async (tx) => tx.put(key(`large/${at}`), large)));
    await turn();
    let began = false;
    const waiting = store.write(async () => void (began = true));
    expect(await isSettled(waiting)).toBe(false);
    expect(began).toBe(false);
    engine.release();
    await Promise.all([...writing, waiting]);
    expect(began).toBe(true);
  });
});

describe("a transaction that sleeps through very many commits", () => {
  test("runs again instead of holding on to all of them", async () => {
    const { store } = setUp();
    let runs = 0;
    await store.write(async (tx) => {
      runs++;
      await get(tx, "never written");
      if (runs === 1) {
        for (let at = 0; at < 200; at++) {
          await Promise.all(Array.from({ length: 100 }, (_, one) => put(store, `k${at}/${one}`)));
        }
      }
      tx.put(key("done"), key("x"));
    });
    expect(runs).toBe(2);
  });
});

describe("a disk that fails", () => {
  test("refuses the writes under way and shows nothing of them", async () => {
    const { engine, store } = setUp();
    await put(store, "before");
    let heard = 0;
    store.watch(key(""), () => heard++);
    engine.hold();
    engine.break();
    const underWay = put(store, "before", "changed");
    await turn();
    await turn();
    const next = put(store, "next");
    const settled = Promise.allSettled([underWay, next]);
    engine.release();
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "StoreUnavailableError" } });
    }
    await expect(underWay).rejects.toThrow(/No space left on device/);
    expect(engine.commits).toHaveLength(2);
    expect(await read(store, "before")).toBe("x");
    expect(await read(store, "next")).toBeUndefined();
    expect(heard).toBe(0);
  });

  test("refuses later writes until it has recovered, and reads all the time", async () => {
    const { engine, store } = setUp();
    await put(store, "a");
    engine.break();
    await expect(put(store, "b")).rejects.toThrow(StoreUnavailableError);
    const tried = engine.commits.length;
    let began = false;
    await expect(store.write(async () => void (began = true))).rejects.toThrow(StoreUnavailableError);
    await expect(put(store, "c")).rejects.toThrow(StoreUnavailableError);
    expect(began).toBe(false);
    expect(engine.commits).toHaveLength(tried);
    expect(await read(store, "a")).toBe("x");
    engine.repair();
    await put(store, "d");
    expect(await read(store, "d")).toBe("x");
    expect(await read(store, "b")).toBeUndefined();
    expect(engine.recoveries).toBe(3);
  });

  test("many writes that find the store failed try the disk once", async () => {
    const { engine, store } = setUp();
    engine.break();
    await expect(put(store, "a")).rejects.toThrow(StoreUnavailableError);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, at) => put(store, `b${at}`)));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect(engine.recoveries).toBe(1);
  });

  test("a body that was running when the disk failed does not commit what it read of the lost writes", async () => {
    const { engine, store } = setUp();
    engine.hold();
    const lost = put(store, "a", "lost");
    await turn();
    const read1 = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const seen: (string | undefined)[] = [];
    const copying = store.write(async (tx) => {
      const value = await get(tx, "a");
      seen.push(value);
      read1.resolve();
      await goOn.promise;
      tx.put(key("copy"), key(String(value)));
    });
    await read1.promise;
    engine.break();
    engine.release();
    await expect(lost).rejects.toThrow(StoreUnavailableError);
    engine.repair();
    goOn.resolve();
    await copying;
    expect(seen).toEqual(["lost", undefined]);
    expect(await read(store, "copy")).toBe("undefined");
  });

  test("a body that was running and read nothing is refused", async () => {
    const { engine, store } = setUp();
    const goOn = Promise.withResolvers<void>();
    const blind = store.write(async (tx) => {
      await goOn.promise;
      tx.put(key("blind"), key("x"));
    });
    engine.break();
    await expect(put(store, "a")).rejects.toThrow(StoreUnavailableError);
    goOn.resolve();
    await expect(blind).rejects.toThrow(StoreUnavailableError);
    engine.repair();
    await put(store, "b");
    expect(await read(store, "blind")).toBeUndefined();
  });

  test("can be closed while it is broken", async () => {
    const { engine, store } = setUp();
    engine.break();
    await expect(put(store, "a")).rejects.toThrow(StoreUnavailableError);
    await store.close();
    await expect(put(store, "b")).rejects.toThrow(/closed/);
  });
});
