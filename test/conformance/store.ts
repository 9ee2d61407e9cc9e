import { expect, onTestFinished, test } from "vitest";
import type { KeyBytes, RangeOptions, Store, StoreSnapshot, StoreTransaction } from "../../src/storage/store.ts";
import { StoreUnavailableError } from "../../src/storage/store.ts";

/** What a suite needs to know of an engine. */
export interface StoreUnderTest {
  /** Opens an empty store; the suite closes it. */
  readonly open: () => Promise<Store>;
  /** Whether bodies run more often than conflicts make them (the store that runs each twice). */
  readonly runsTwice?: boolean;
}

const key = (text: string): Buffer => Buffer.from(text);
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();
const everything: RangeOptions = { from: key("\0"), to: Buffer.alloc(16, 0xff) };

async function entriesOf(view: StoreSnapshot, range: RangeOptions = everything): Promise<string[]> {
  const found: string[] = [];
  for await (const [name, value] of view.scan(range)) found.push(`${text(name)}=${text(value)}`);
  return found;
}

async function get(view: StoreSnapshot, name: string): Promise<string | undefined> {
  return text(await view.get(key(name)));
}

/** A point that several bodies wait for. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}

/** The contract of `Store`, as tests. Call it inside a `describe` per engine. */
export function storeConformance({ open, runsTwice = false }: StoreUnderTest): void {
  async function opened(content: Record<string, string> = {}): Promise<Store> {
    const store = await open();
    onTestFinished(() => store.close());
    await put(store, content);
    return store;
  }

  function put(store: Store, content: Record<string, string>): Promise<void> {
    return store.write(async (tx) => {
      for (const [name, value] of Object.entries(content)) tx.put(key(name), key(value));
    });
  }

  /** For tests that count a body's runs, which mean nothing where each body runs twice anyway. */
  const testCountingRuns: (name: string, body: () => Promise<void>) => void = runsTwice ? () => {} : test;

  const contentOf = (store: Store, range?: RangeOptions) => store.read((snapshot) => entriesOf(snapshot, range));

  test("gives back what was put, and nothing after it was deleted", async () => {
    const store = await opened({ a: "1", b: "2" });
    await store.write(async (tx) => tx.delete(key("a")));
    expect(await store.read((snapshot) => get(snapshot, "a"))).toBeUndefined();
    expect(await store.read((snapshot) => get(snapshot, "b"))).toBe("2");
    expect(await store.read((snapshot) => get(snapshot, "never"))).toBeUndefined();
  });

  test("resolves with the body's result", async () => {
    const store = await opened();
    expect(await store.write(async () => 42)).toBe(42);
    expect(await store.read(async () => "seen")).toBe("seen");
  });

  test("a transaction reads its own writes, by key and in ranges", async () => {
    const store = await opened({ a: "1", b: "2", c: "3" });
    await store.write(async (tx) => {
      tx.put(key("b"), key("two"));
      tx.put(key("bb"), key("new"));
      tx.delete(key("c"));
      tx.put(key("d"), key("4"));
      expect(await get(tx, "b")).toBe("two");
      expect(await get(tx, "c")).toBeUndefined();
      expect(await entriesOf(tx)).toEqual(["a=1", "b=two", "bb=new", "d=4"]);
      expect(await entriesOf(tx, { ...everything, reverse: true })).toEqual(["d=4", "bb=new", "b=two", "a=1"]);
    });
    expect(await contentOf(store)).toEqual(["a=1", "b=two", "bb=new", "d=4"]);
  });

  test("deleting what a scan yields does not disturb the scan", async () => {
    const store = await opened(Object.fromEntries(Array.from({ length: 700 }, (_, at) => [`k${1000 + at}`, "x"])));
    const deleted = await store.write(async (tx) => {
      let count = 0;
      for await (const [name] of tx.scan(everything)) {
        tx.delete(name);
        count++;
      }
      return count;
    });
    expect(deleted).toBe(700);
    expect(await contentOf(store)).toEqual([]);
  });

  test("orders keys as unsigned bytes, a prefix before what extends it", async () => {
    const store = await opened();
    const keys = [[0], [0, 0], [0, 255], [1], [127], [127, 1], [128], [200, 1, 2], [255], [255, 255, 1]].map((bytes) =>
      Uint8Array.from(bytes),
    );
    await store.write(async (tx) => {
      for (const name of keys.toReversed()) tx.put(name, name);
    });
    const collect = async (view: StoreSnapshot, reverse: boolean) => {
      const found: KeyBytes[] = [];
      for await (const [name, value] of view.scan({ from: new Uint8Array(), to: Buffer.alloc(9, 255), reverse })) {
        expect([...value]).toEqual([...name]);
        found.push(name);
      }
      return found.map((name) => [...name]);
    };
    const expected = keys.map((name) => [...name]);
    expect(await store.read((snapshot) => collect(snapshot, false))).toEqual(expected);
    expect(await store.read((snapshot) => collect(snapshot, true))).toEqual(expected.toReversed());
    expect(await store.write((tx) => collect(tx, false))).toEqual(expected);
    expect(await store.write((tx) => collect(tx, true))).toEqual(expected.toReversed());
  });

  test("a range holds its first key and not its last", async () => {
    const store = await opened({ a: "1", b: "2", c: "3", d: "4" });
    const range = { from: key("b"), to: key("d") };
    expect(await contentOf(store, range)).toEqual(["b=2", "c=3"]);
    expect(await contentOf(store, { ...range, reverse: true })).toEqual(["c=3", "b=2"]);
    expect(await contentOf(store, { from: key("b"), to: key("b") })).toEqual([]);
    expect(await contentOf(store, { from: key("c"), to: key("a") })).toEqual([]);
    expect(await store.write((tx) => entriesOf(tx, { from: key("c"), to: key("a") }))).toEqual([]);
  });

  test("scans far more than is read ahead, both ways, with gaps from deletes", async () => {
    const store = await opened();
    const names = Array.from({ length: 3000 }, (_, at) => `k${String(at).padStart(5, "0")}`);
    await store.write(async (tx) => names.forEach((name) => tx.put(key(name), key("v"))));
    await store.write(async (tx) => names.filter((_, at) => at % 3 === 0).forEach((name) => tx.delete(key(name))));
    const expected = names.filter((_, at) => at % 3 !== 0).map((name) => `${name}=v`);
    expect(await contentOf(store)).toEqual(expected);
    expect(await contentOf(store, { ...everything, reverse: true })).toEqual(expected.toReversed());
  });

  test("a read sees one moment, whatever is committed meanwhile", async () => {
    const store = await opened({ a: "old", b: "old" });
    await store.read(async (snapshot) => {
      expect(await get(snapshot, "a")).toBe("old");
      await put(store, { a: "new", b: "new", c: "new" });
      expect(await get(snapshot, "b")).toBe("old");
      expect(await entriesOf(snapshot)).toEqual(["a=old", "b=old"]);
      await put(store, { b: "newer" });
      expect(await get(snapshot, "b")).toBe("old");
    });
    expect(await contentOf(store)).toEqual(["a=new", "b=newer", "c=new"]);
  });

  test("a read that begins after a write was acknowledged sees it", async () => {
    const store = await opened();
    const writeThenRead = async (round: number) => {
      await put(store, { hot: String(round) });
      expect(Number(await store.read((snapshot) => get(snapshot, "hot")))).toBeGreaterThanOrEqual(round);
    };
    for (let round = 0; round < 200; round++) {
      await Promise.all([
        writeThenRead(round),
        put(store, { [`other${round % 7}`]: "x" }),
        store.read((snapshot) => get(snapshot, "hot")),
      ]);
    }
  });

  test("loses no update under 50 concurrent increments", async () => {
    const store = await opened({ n: "0" });
    const increment = async (tx: StoreTransaction) => {
      const found = Number(await get(tx, "n"));
      await new Promise((resolve) => setImmediate(resolve));
      tx.put(key("n"), key(String(found + 1)));
    };
    await Promise.all(Array.from({ length: 50 }, () => store.write(increment)));
    expect(await store.read((snapshot) => get(snapshot, "n"))).toBe("50");
  });

  test("prevents write skew: two that each read what the other writes do not both commit on what they read", async () => {
    const store = await opened({ alice: "on call", bob: "on call" });
    const leave = (me: string, other: string) =>
      store.write(async (tx) => {
        const covered = (await get(tx, other)) === "on call";
        await new Promise((resolve) => setImmediate(resolve));
        if (covered) tx.put(key(me), key("off"));
      });
    await Promise.all([leave("alice", "bob"), leave("bob", "alice")]);
    const content = await contentOf(store);
    expect(content.filter((entry) => entry.endsWith("on call"))).toHaveLength(1);
  });

  test("prevents phantoms: a key that appears in a range that was read makes the reader run again", async () => {
    const store = await opened({ "seat/1": "x" });
    const book = (name: string) =>
      store.write(async (tx) => {
        const taken = await entriesOf(tx, { from: key("seat/"), to: key("seat0") });
        await new Promise((resolve) => setImmediate(resolve));
        if (taken.length < 3) tx.put(key(`seat/${name}`), key("x"));
      });
    await Promise.all(["2", "3", "4", "5", "6"].map(book));
    expect(await contentOf(store)).toHaveLength(3);
  });

  test("prevents phantoms in a range that was empty, read backwards", async () => {
    const store = await opened();
    const claim = (name: string) =>
      store.write(async (tx) => {
        const found = await entriesOf(tx, { from: key("lock/"), to: key("lock0"), reverse: true });
        await new Promise((resolve) => setImmediate(resolve));
        if (found.length === 0) tx.put(key(`lock/${name}`), key(name));
      });
    await Promise.all(["a", "b", "c"].map(claim));
    expect(await contentOf(store)).toHaveLength(1);
  });

  testCountingRuns("a scan that stopped early does not conflict with what it has not read", async () => {
    const content = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`k${at}`, "x"]));
    for (const reverse of [false, true]) {
      const store = await opened(content);
      let runs = 0;
      await store.write(async (tx) => {
        runs++;
        for await (const [name] of tx.scan({ ...everything, reverse })) {
          if (text(name) === "k4") break;
        }
        // Beyond where the scan stopped: changed, added, deleted.
        await put(store, { [reverse ? "k1" : "k7"]: "y", [reverse ? "k11" : "k77"]: "y" });
        await store.write(async (other) => other.delete(key(reverse ? "k2" : "k6")));
        tx.put(key("done"), key("1"));
      });
      expect(runs).toBe(1);
    }
  });

  testCountingRuns("a scan conflicts with what it has read, also when more was committed ahead of it", async () => {
    for (const reverse of [false, true]) {
      const store = await opened(Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`k${at}`, "x"])));
      let runs = 0;
      const seen = await store.write(async (tx) => {
        runs++;
        const found: string[] = [];
        for await (const [name, value] of tx.scan({ ...everything, reverse })) {
          found.push(`${text(name)}=${text(value)}`);
          if (found.length === 2 && runs === 1) {
            // Ahead of the scan, then a read that catches up with the log while the scan is open.
            await put(store, { k5: "y" });
            await get(tx, "unrelated");
          }
        }
        tx.put(key("done"), key(String(found.length)));
        return found;
      });
      expect(runs).toBe(2);
      expect(seen).toContain("k5=y");
    }
  });

  testCountingRuns("transactions that touch different keys do not make each other run again", async () => {
    const store = await opened();
    let runs = 0;
    await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        store.write(async (tx) => {
          runs++;
          await get(tx, `k${at}`);
          await new Promise((resolve) => setImmediate(resolve));
          tx.put(key(`k${at}`), key("x"));
        }),
      ),
    );
    expect(runs).toBe(40);
  });

  testCountingRuns("a key that a transaction depends on counts as read", async () => {
    const store = await opened({ config: "1" });
    let runs = 0;
    await store.write(async (tx) => {
      runs++;
      tx.depend(key("config"));
      if (runs === 1) await put(store, { config: "2" });
      tx.put(key("done"), key("x"));
    });
    expect(runs).toBe(2);
  });

  test("a body only ever sees states that existed", async () => {
    const store = await opened({ left: "50", right: "50" });
    const broken: number[] = [];
    const move = (amount: number) =>
      store.write(async (tx) => {
        const left = Number(await get(tx, "left"));
        await new Promise((resolve) => setImmediate(resolve));
        const right = Number(await get(tx, "right"));
        if (left + right !== 100) broken.push(left + right);
        tx.put(key("left"), key(String(left - amount)));
        tx.put(key("right"), key(String(right + amount)));
      });
    await Promise.all(Array.from({ length: 20 }, (_, at) => move(at)));
    expect(broken).toEqual([]);
    expect(await store.read((snapshot) => get(snapshot, "right"))).toBe("240");
  });

  test("nothing of a body that throws is written, and its error is passed on", async () => {
    const store = await opened({ a: "1" });
    const refused = new Error("refused");
    const attempt = store.write(async (tx) => {
      tx.put(key("a"), key("2"));
      tx.put(key("b"), key("2"));
      throw refused;
    });
    await expect(attempt).rejects.toBe(refused);
    expect(await contentOf(store)).toEqual(["a=1"]);
    await put(store, { a: "3" });
    expect(await contentOf(store)).toEqual(["a=3"]);
  });

  test("a body that threw because of what was no longer so runs again", async () => {
    const store = await opened();
    const reading = gate();
    const written = gate();
    const creating = store.write(async (tx) => {
      const found = await get(tx, "table");
      reading.open();
      await written.passed;
      if (found === undefined) throw new Error("no such table");
      tx.put(key("row"), key(found));
    });
    await reading.passed;
    await put(store, { table: "t" });
    written.open();
    await creating;
    expect(await contentOf(store)).toEqual(["row=t", "table=t"]);
  });

  test("a transaction that keeps conflicting gets its turn", async () => {
    const store = await opened({ hot: "0" });
    const state = { done: false };
    let runs = 0;
    const slow = store
      .write(async (tx) => {
        runs++;
        const found = await get(tx, "hot");
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
        tx.put(key("slow"), key(found!));
      })
      .finally(() => (state.done = true));
    const fast = async () => {
      for (let round = 0; !state.done && round < 100_000; round++) await put(store, { hot: String(round) });
    };
    await Promise.all([slow, fast(), fast()]);
    expect(state.done).toBe(true);
    expect(runs).toBeLessThan(25);
  });

  test("writes of one transaction appear together to every reader", async () => {
    const store = await opened({ a: "0", b: "0" });
    const state = { writing: true };
    const torn: string[] = [];
    const readers = Array.from({ length: 4 }, async () => {
      while (state.writing) {
        const [a, b] = await store.read(async (snapshot) => [await get(snapshot, "a"), await get(snapshot, "b")]);
        if (a !== b) torn.push(`${a}/${b}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    for (let round = 1; round <= 100; round++) await put(store, { a: String(round), b: String(round) });
    state.writing = false;
    await Promise.all(readers);
    expect(torn).toEqual([]);
  });

  test("a watcher hears of changes under its prefix, after they are readable, until it stops", async () => {
    const store = await opened();
    const heard: (string | undefined)[] = [];
    let reads: Promise<void>[] = [];
    const stop = store.watch(key("jobs/"), () => {
      reads.push(store.read((snapshot) => get(snapshot, "jobs/1")).then((value) => void heard.push(value)));
    });
    await put(store, { "jobs/1": "a" });
    await Promise.all(reads);
    expect(heard).toEqual(["a"]);
    await put(store, { jobs: "x", jobs0: "x", other: "x" });
    expect(reads).toHaveLength(1);
    await store.write(async (tx) => tx.delete(key("jobs/1")));
    await Promise.all(reads);
    expect(heard).toEqual(["a", undefined]);
    stop();
    stop();
    reads = [];
    await put(store, { "jobs/2": "b" });
    expect(reads).toEqual([]);
  });

  test("a watcher hears nothing of a body that threw or wrote nothing", async () => {
    const store = await opened({ "jobs/1": "x" });
    let calls = 0;
    store.watch(key("jobs/"), () => calls++);
    await store.write(async (tx) => void (await get(tx, "jobs/1")));
    await store
      .write(async (tx) => {
        tx.put(key("jobs/1"), key("y"));
        throw new Error("refused");
      })
      .catch(() => {});
    expect(calls).toBe(0);
  });

  test("several watchers of one prefix and of an empty one all hear", async () => {
    const store = await opened();
    const calls = [0, 0, 0];
    for (const [at, prefix] of ["p/", "p/", ""].entries()) store.watch(key(prefix), () => calls[at]!++);
    await put(store, { "p/1": "x" });
    expect(calls).toEqual([1, 1, 1]);
    await put(store, { q: "x" });
    expect(calls).toEqual([1, 1, 2]);
  });

  test("clear empties a range and nothing else", async () => {
    const store = await opened();
    await store.write(async (tx) => {
      for (let at = 0; at < 2500; at++) tx.put(key(`k${10_000 + at}`), key("x"));
      tx.put(key("a"), key("1"));
      tx.put(key("z"), key("2"));
    });
    await store.clear(key("k"), key("l"));
    expect(await contentOf(store)).toEqual(["a=1", "z=2"]);
  });

  test("keeps large values", async () => {
    const store = await opened();
    const large = Buffer.alloc(8 * 1024 * 1024, "virga");
    await store.write(async (tx) => tx.put(key("large"), large));
    const found = await store.read(async (snapshot) => await snapshot.get(key("large")));
    expect(large.equals(found!)).toBe(true);
    await store.write(async (tx) => tx.put(key("empty"), new Uint8Array()));
    expect((await store.read(async (snapshot) => await snapshot.get(key("empty"))))?.byteLength).toBe(0);
  });

  test("refuses keys and values beyond the contract's sizes", async () => {
    const store = await opened();
    await store.write(async (tx) => tx.put(Buffer.alloc(8 * 1024, 1), key("x")));
    await expect(store.write(async (tx) => tx.put(Buffer.alloc(8 * 1024 + 1, 1), key("x")))).rejects.toThrow(
      RangeError,
    );
    await expect(store.write(async (tx) => tx.put(key("x"), new Uint8Array(64 * 1024 * 1024 + 1)))).rejects.toThrow(
      RangeError,
    );
  });

  test("a snapshot or transaction does not outlive its body", async () => {
    const store = await opened({ a: "1" });
    const snapshot = await store.read(async (view) => view);
    expect(() => snapshot.get(key("a"))).toThrow(/after its body/);
    await expect(entriesOf(snapshot)).rejects.toThrow(/after its body/);
    const tx = await store.write(async (view) => view);
    expect(() => tx.put(key("a"), key("2"))).toThrow(/after its body/);
    expect(() => tx.get(key("a"))).toThrow(/after its body/);
  });

  test("close waits for writes under way, then refuses reads and writes", async () => {
    const store = await open();
    const started = gate();
    const finish = gate();
    const writing = store.write(async (tx) => {
      started.open();
      await finish.passed;
      tx.put(key("a"), key("1"));
      return "written";
    });
    await started.passed;
    let closed = false;
    const closing = store.close().then(() => (closed = true));
    await new Promise((resolve) => setImmediate(resolve));
    if (!runsTwice) expect(closed).toBe(false);
    finish.open();
    if (runsTwice) await writing.catch(() => {});
    else expect(await writing).toBe("written");
    await closing;
    await store.close();
    await expect(store.read(async () => 1)).rejects.toThrow(StoreUnavailableError);
    await expect(store.write(async () => 1)).rejects.toThrow(StoreUnavailableError);
  });
}
