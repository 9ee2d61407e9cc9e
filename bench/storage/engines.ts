/**
 * What the store costs over the bare engine, in one run: `node bench/storage/engines.ts [rows]`.
 * CPU is the main thread's, where all of JavaScript runs; what LevelDB does on other threads is the same for all.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomIds } from "../../src/base/ids.ts";
import { LevelStore } from "../../src/storage/level-store.ts";
import { MemoryStore } from "../../src/storage/memory-store.ts";
import type { Store } from "../../src/storage/store.ts";
import { BareEngine } from "../bare-engine.ts";

const rows = Number(process.argv[2] ?? 100_000);
const workers = 64;
const ids = randomIds();
const directory = await mkdtemp(join(tmpdir(), "virga-bench-"));

interface Subject {
  readonly name: string;
  put(key: Uint8Array, value: Uint8Array): Promise<unknown>;
  get(key: Uint8Array): Promise<unknown>;
  modify(key: Uint8Array): Promise<unknown>;
  scan(from: Uint8Array, limit: number): Promise<number>;
  close(): Promise<void>;
}

const past = Buffer.alloc(24, 0xff);
const keys = Array.from({ length: rows }, () => Buffer.from(ids.bytes(24)));
const values = Array.from({ length: 1024 }, () => Buffer.from(ids.bytes(400)));

function storeSubject(name: string, store: Store): Subject {
  return {
    name,
    put: (key, value) => store.write(async (tx) => tx.put(key, value)),
    get: (key) => store.read(async (snapshot) => snapshot.get(key)),
    modify: (key) =>
      store.write(async (tx) => {
        tx.put(key, incremented((await tx.get(key))!));
      }),
    scan: (from, limit) =>
      store.read(async (snapshot) => {
        let seen = 0;
        for await (const _entry of snapshot.scan({ from, to: past })) if (++seen === limit) break;
        return seen;
      }),
    close: () => store.close(),
  };
}

function incremented(value: Uint8Array): Uint8Array {
  const changed = Buffer.from(value);
  changed[0] = changed[0]! + 1;
  return changed;
}

async function bareSubject(): Promise<Subject> {
  const bare = await BareEngine.open(join(directory, "bare"));
  return {
    name: "bare classic-level",
    put: (key, value) => bare.put(key, value),
    get: async (key) => bare.get(key),
    modify: (key) => bare.put(key, incremented(bare.get(key)!)),
    scan: async (from, limit) => {
      const iterator = bare.level.iterator({ gte: from, lt: past, limit, highWaterMarkBytes: 64 * 1024 });
      const seen = (await iterator.nextv(limit)).length;
      await iterator.close();
      return seen;
    },
    close: () => bare.close(),
  };
}

async function measure(count: number, concurrency: number, step: (at: number) => Promise<unknown>) {
  const cpu = process.threadCpuUsage();
  const start = performance.now();
  let at = 0;
  const work = async () => {
    while (at < count) await step(at++);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const elapsedMs = performance.now() - start;
  const { user, system } = process.threadCpuUsage(cpu);
  return { perSecond: Math.round((count / elapsedMs) * 1000), cpuMicros: (user + system) / count };
}

const shuffled = keys
  .map((key) => [ids.fraction(), key] as const)
  .toSorted(([a], [b]) => a - b)
  .map(([, key]) => key);
const subjects: (() => Promise<Subject>)[] = [
  bareSubject,
  async () => storeSubject("store, full", await LevelStore.open({ directory: join(directory, "full") })),
  async () =>
    storeSubject(
      "store, relaxed",
      await LevelStore.open({ directory: join(directory, "relaxed"), durability: "relaxed" }),
    ),
  async () => storeSubject("store, memory", new MemoryStore()),
];

// Once for the compiler, then for the figures.
for (const open of subjects) {
  const subject = await open();
  const warmUp = (at: number) => subject.put(keys[at]!, values[at % values.length]!);
  await measure(20_000, workers, warmUp);
  await measure(20_000, workers, (at) => subject.get(keys[at]!));
  await measure(10_000, workers, (at) => subject.modify(keys[at]!));
  await measure(200, 1, (at) => subject.scan(keys[at]!, 100));
  await subject.close();
}

const table: Record<string, Record<string, string>> = {};
try {
  for (const open of subjects) {
    const subject = await open();
    const show = ({ perSecond, cpuMicros }: { perSecond: number; cpuMicros: number }) =>
      `${perSecond.toLocaleString("en")}/s ${cpuMicros.toFixed(1)} µs`;
    const figures: Record<string, string> = {};
    const put = (at: number) => subject.put(keys[at]!, values[at % values.length]!);
    figures["put C=64"] = show(await measure(rows, workers, put));
    figures["RMW C=64"] = show(await measure(rows / 2, workers, (at) => subject.modify(shuffled[at]!)));
    figures["get C=64"] = show(await measure(rows, workers, (at) => subject.get(shuffled[at]!)));
    figures["scan 100"] = show(await measure(rows / 50, 1, (at) => subject.scan(shuffled[at]!, 100)));
    table[subject.name] = figures;
    await subject.close();
  }
  console.table(table);
  console.log(`${rows.toLocaleString("en")} rows of 400 random bytes, node ${process.version}`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
