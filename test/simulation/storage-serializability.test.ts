import { describe, expect, test } from "vitest";
import type { Ids } from "../../src/base/ids.ts";
import { randomIds, seededIds } from "../../src/base/ids.ts";
import { MemoryStore } from "../../src/storage/memory-store.ts";
import type { Store, StoreTransaction } from "../../src/storage/store.ts";
import { StoreUnavailableError } from "../../src/storage/store.ts";
import { TransactionalStore } from "../../src/storage/transactions.ts";
import { TwiceStore } from "../../src/storage/twice-store.ts";
import { FaultyEngine } from "./faulty-engine.ts";

/**
 * Random transactions append their name to lists and remember what they read. The final lists tell in which order
 * each key was written, so every read says before and after whom its transaction took place; serializable means that
 * these statements contain no circle. (The idea is Elle's: Kingsbury and Alvaro, VLDB 2020.)
 */
interface History {
  readonly name: string;
  /** Key → the list as it was read; a key that was looked for and absent has an empty one. */
  readonly reads: Map<string, readonly string[]>;
  readonly appends: ReadonlySet<string>;
}

const keyNames = Array.from({ length: 12 }, (_, at) => `k${String(at).padStart(2, "0")}`);
const bytes = (text: string): Buffer => Buffer.from(text);
const listIn = (value: Uint8Array | undefined): string[] =>
  value === undefined ? [] : Buffer.from(value).toString().split(",");

async function turns(chance: Ids): Promise<void> {
  for (let left = Math.floor(chance.fraction() * 4); left > 0; left--) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Reads some keys or a range, forwards or backwards, often not to its end; records every key of the part that was read. */
async function readSome(tx: StoreTransaction, chance: Ids, reads: Map<string, readonly string[]>): Promise<void> {
  const pick = () => Math.floor(chance.fraction() * keyNames.length);
  if (chance.fraction() < 0.6) {
    const name = keyNames[pick()]!;
    reads.set(name, listIn(await tx.get(bytes(name))));
    return;
  }
  const [low, high] = [pick(), pick()].toSorted((a, b) => a - b) as [number, number];
  const reverse = chance.fraction() < 0.5;
  const stopAfter = chance.fraction() < 0.5 ? 1 + Math.floor(chance.fraction() * 3) : Infinity;
  const found = new Map<string, string[]>();
  let last: string | undefined;
  for await (const [key, value] of tx.scan({
    from: bytes(keyNames[low]!),
    to: bytes(`${keyNames[high]!}~`),
    reverse,
  })) {
    last = Buffer.from(key).toString();
    found.set(last, listIn(value));
    if (found.size >= stopAfter) break;
    await turns(chance);
    // A read while the scan is open: the scan's rest must belong to the same moment.
    if (chance.fraction() < 0.3) {
      const name = keyNames[pick()]!;
      reads.set(name, listIn(await tx.get(bytes(name))));
    }
  }
  const stopped = found.size >= stopAfter;
  for (const name of keyNames.slice(low, high + 1)) {
    const reached = !stopped || (reverse ? name >= last! : name <= last!);
    if (reached && !reads.has(name)) reads.set(name, found.get(name) ?? []);
  }
}

/** Runs one transaction; answers its history when it was acknowledged. */
async function runTransaction(store: Store, name: string, chance: Ids): Promise<History | undefined> {
  const seed = chance.hex(16);
  try {
    return await store.write(async (tx) => {
      // Each run of the body does the same, as far as it reads the same.
      const own = seededIds(seed);
      const reads = new Map<string, readonly string[]>();
      for (let left = 1 + Math.floor(own.fraction() * 3); left > 0; left--) {
        await readSome(tx, own, reads);
        await turns(own);
      }
      const appends = new Set<string>();
      for (let left = Math.floor(own.fraction() * 3); left > 0; left--) {
        const key = keyNames[Math.floor(own.fraction() * keyNames.length)]!;
        if (appends.has(key)) continue;
        const list = listIn(await tx.get(bytes(key)));
        if (!reads.has(key)) reads.set(key, list);
        appends.add(key);
        tx.put(bytes(key), bytes([...list, name].join(",")));
      }
      return { name, reads, appends };
    });
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
}

/** Who must come before whom, from what was read and the order in which each key was written. */
function precedence(histories: readonly History[], final: ReadonlyMap<string, readonly string[]>) {
  const before = new Map<string, Set<string>>();
  const order = (first: string | undefined, second: string | undefined) => {
    if (first === undefined || second === undefined || first === second) return;
    if (!before.has(first)) before.set(first, new Set());
    before.get(first)!.add(second);
  };
  for (const writers of final.values()) {
    for (let at = 1; at < writers.length; at++) order(writers[at - 1], writers[at]);
  }
  for (const { name, reads } of histories) {
    for (const [key, read] of reads) {
      const writers = final.get(key) ?? [];
      expect(read, `${name} read a state of ${key} that never was`).toEqual(writers.slice(0, read.length));
      order(read.at(-1), name);
      const next = writers[read.length];
      order(name, next === name ? writers[read.length + 1] : next);
    }
  }
  return before;
}

function findCircle(before: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of before.get(name) ?? []) {
      const circle = visit(next, [...path, name]);
      if (circle) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of before.keys()) {
    const circle = visit(name, []);
    if (circle) return circle;
  }
  return undefined;
}

async function simulate(store: Store, seed: string, disturb: (chance: Ids) => void = () => {}): Promise<History[]> {
  const chance = seededIds(seed);
  const histories: History[] = [];
  await Promise.all(
    Array.from({ length: 10 }, async (_, worker) => {
      for (let round = 0; round < 30; round++) {
        await turns(chance);
        disturb(chance);
        const history = await runTransaction(store, `t${worker}.${round}`, chance);
        if (history) histories.push(history);
      }
    }),
  );
  return histories;
}

async function verify(store: Store, histories: readonly History[], seed: string): Promise<void> {
  const final = await store.read(async (snapshot) => {
    const lists = new Map<string, string[]>();
    for await (const [key, value] of snapshot.scan({ from: bytes("k"), to: bytes("l") })) {
      lists.set(Buffer.from(key).toString(), listIn(value));
    }
    return lists;
  });
  const acknowledged = new Set(histories.map(({ name }) => name));
  for (const { name, appends } of histories) {
    for (const key of appends) expect(final.get(key), `seed ${seed}: ${name} appended to ${key}`).toContain(name);
  }
  for (const [key, writers] of final) {
    for (const writer of writers) expect(acknowledged, `seed ${seed}: refused, but in ${key}`).toContain(writer);
  }
  expect(findCircle(precedence(histories, final)), `seed ${seed}`).toBeUndefined();
}

const seeds = ["a", "b", "c", "d", randomIds().hex(8)];

describe("random concurrent transactions are serializable", () => {
  test.each(seeds)("in memory (seed %s)", async (seed) => {
    const store = new MemoryStore();
    const histories = await simulate(store, seed);
    expect(histories).toHaveLength(300);
    await verify(store, histories, seed);
  });

  test.each(seeds)("when every body runs twice (seed %s)", async (seed) => {
    const store = new TwiceStore(new MemoryStore());
    const histories = await simulate(store, seed);
    expect(histories).toHaveLength(300);
    await verify(store, histories, seed);
  });

  test.each(seeds)(
    "on a disk that is slow and fails now and then; what was refused has not happened (seed %s)",
    async (seed) => {
      const engine = new FaultyEngine();
      const store = new TransactionalStore(engine);
      const histories = await simulate(store, seed, (chance) => {
        const what = chance.fraction();
        if (what < 0.2) engine.hold();
        else if (what < 0.3) engine.break();
        else engine.repair();
        if (what > 0.4 || what < 0.05) engine.release();
        // Nobody is left waiting for a disk that the last transaction stopped.
        setImmediate(() => setImmediate(() => setImmediate(() => engine.release())));
      });
      expect(histories.length).toBeGreaterThan(50);
      expect(histories.length).toBeLessThan(300);
      expect(engine.recoveries).toBeGreaterThan(0);
      engine.release();
      engine.repair();
      await verify(store, histories, seed);
    },
  );
});
