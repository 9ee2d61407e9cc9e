import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { seededIds } from "../base/ids.ts";
import { silentLog } from "../base/log.ts";
import { MemoryStore } from "../storage/memory-store.ts";
import { TwiceStore } from "../storage/twice-store.ts";
import type { Store } from "../storage/store.ts";
import { job, type Job, type JobContext } from "./jobs.ts";
import { JobRunner } from "./job-runner.ts";
import { RecordStore } from "./record-store.ts";
import { collection, type Transaction } from "./records.ts";

const done = collection("done", (row: { at: number }) => [row.at]);
const scope = { service: "post", account: "000000000000", region: "us-east-1" };

let store: Store;
let clock: ManualClock;
let runner: JobRunner;
let records: RecordStore;
let log: string[];
let behaviours: Record<string, (payload: string, ctx: JobContext) => Promise<void>>;

const deliver: Job<string> = job({ name: "deliver", run: (payload, ctx) => behaviours["deliver"]!(payload, ctx) });
const ordered: Job<string> = job({
  name: "ordered",
  orderBy: (payload) => payload.split(":")[0]!,
  retry: { attempts: 2, backoffMs: () => 1000 },
  run: (payload, ctx) => behaviours["ordered"]!(payload, ctx),
});
const jobs: Record<string, Job<never>> = { deliver, ordered };

function startRunner(): Promise<void> {
  runner = new JobRunner({
    store,
    clock,
    ids: seededIds(String(clock.now())),
    log: silentLog,
    bind: async (_service, name) =>
      jobs[name] && {
        job: jobs[name],
        context: (row, finish, signal) =>
          ({
            ...scope,
            signal,
            clock,
            attempt: row.attempt,
            dueAt: row.dueAt,
            complete: (body: (tx: Transaction) => Promise<unknown>) => records.scoped(scope).write(body, finish),
          }) as unknown as JobContext,
      },
  });
  records = new RecordStore(store, runner.applyRequest, clock);
  return runner.start();
}

beforeEach(async () => {
  store = new TwiceStore(new MemoryStore());
  clock = new ManualClock();
  log = [];
  behaviours = {
    deliver: async (payload, ctx) => void log.push(`${payload} #${ctx.attempt}`),
    ordered: async (payload, ctx) => void log.push(`${payload} #${ctx.attempt}`),
  };
  await startRunner();
});
afterEach(async () => {
  await runner.stop();
  await store.close();
});

const schedule = (payload: string, options?: { at?: number; id?: string }, which: Job<string> = deliver) =>
  records.scoped(scope).write(async (tx) => tx.schedule(which, payload, options));

test("a job runs once after the commit that scheduled it", async () => {
  await schedule("a");
  await runner.idle();
  expect(log).toEqual(["a #1"]);
});

test("a job of a transaction that failed does not run", async () => {
  const failing = records.scoped(scope).write(async (tx) => {
    tx.schedule(deliver, "a");
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  await runner.idle();
  expect(log).toEqual([]);
});

test("a job waits until its time and thousands wait on one timer", async () => {
  await records.scoped(scope).write(async (tx) => {
    for (let i = 0; i < 2000; i++) tx.schedule(deliver, `t${i}`, { at: clock.now() + 60_000 });
  });
  await clock.advance(59_999);
  await runner.idle();
  expect(log).toEqual([]);
  await clock.advance(1);
  await runner.idle();
  expect(log).toHaveLength(2000);
});

test("scheduling under an id replaces the job that waits under it, and unschedule takes it back", async () => {
  await schedule("early", { at: clock.now() + 10, id: "x" });
  await schedule("late", { at: clock.now() + 20, id: "x" });
  await schedule("never", { at: clock.now() + 20, id: "y" });
  await records.scoped(scope).write(async (tx) => tx.unschedule(deliver, "y"));
  await clock.advance(15);
  await runner.idle();
  expect(log).toEqual([]);
  await clock.advance(10);
  await runner.idle();
  expect(log).toEqual(["late #1"]);
});

test("a job that fails is tried again with backoff and ends dead, with its reason", async () => {
  behaviours["deliver"] = async (_payload, ctx) => {
    log.push(`${ctx.attempt} at ${ctx.clock.now() - start}`);
    throw new TypeError("broken");
  };
  const start = clock.now();
  await schedule("a");
  for (let i = 0; i < 20; i++) {
    await runner.idle();
    await clock.advance(1000);
  }
  await runner.idle();
  expect(log).toEqual(["1 at 0", "2 at 1000", "3 at 3000", "4 at 7000", "5 at 15000"]);
  expect(await runner.dead()).toMatchObject([
    { name: "deliver", payload: "a", attempt: 5, state: "dead", lastError: "TypeError: broken" },
  ]);
});

test("jobs of one order key run one after another in the order scheduled, others beside them", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  behaviours["ordered"] = async (payload) => {
    if (payload === "k:1") await gate;
    log.push(payload);
  };
  for (const payload of ["k:1", "k:2", "k:3", "l:1"]) await schedule(payload, {}, ordered);
  while (!log.includes("l:1")) await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual(["l:1"]);
  release();
  await runner.idle();
  expect(log).toEqual(["l:1", "k:1", "k:2", "k:3"]);
});

test("a dead job lets those behind it in its order go on, and a failing one holds them back", async () => {
  behaviours["ordered"] = async (payload, ctx) => {
    log.push(`${payload} #${ctx.attempt}`);
    if (payload === "k:1") throw new Error("broken");
  };
  await schedule("k:1", {}, ordered);
  await schedule("k:2", {}, ordered);
  await runner.idle();
  expect(log).toEqual(["k:1 #1"]);
  await clock.advance(1000);
  await runner.idle();
  expect(log).toEqual(["k:1 #1", "k:1 #2", "k:2 #1"]);
});

test("a job can end in the same commit as its effects", async () => {
  behaviours["deliver"] = async (_payload, ctx) => {
    await ctx.complete(async (tx) => tx.put(done, { at: 1 }));
    throw new Error("after completion");
  };
  await schedule("a");
  await runner.idle();
  await clock.advance(3_600_000);
  await runner.idle();
  expect(await records.scoped(scope).read((snapshot) => Array.fromAsync(snapshot.list(done)))).toEqual([{ at: 1 }]);
  expect(await runner.dead()).toEqual([]);
});

test("a job that was running when the process ended runs again at the next start, as its next attempt", async () => {
  let started = () => {};
  const running = new Promise<void>((resolve) => (started = resolve));
  behaviours["deliver"] = async (payload, ctx) => {
    log.push(`${payload} #${ctx.attempt}`);
    if (ctx.attempt === 1) {
      started();
      // The first process never gets further than this.
      await new Promise(() => {});
    }
  };
  await schedule("a");
  await running;
  await startRunner();
  await runner.idle();
  expect(log).toEqual(["a #1", "a #2"]);
});

test("a job that nothing knows how to run is dead at once, not lost", async () => {
  await schedule("a", {}, job({ name: "forgotten", run: async () => {} }));
  await runner.idle();
  expect(await runner.dead()).toMatchObject([{ name: "forgotten", payload: "a" }]);
});
