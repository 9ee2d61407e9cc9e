import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { realDelay } from "../../src/base/clock.ts";
import { randomIds, seededIds } from "../../src/base/ids.ts";
import { LevelStore } from "../../src/storage/level-store.ts";
import type { Acknowledgement } from "./storage-load.ts";

const rounds = 15;
const program = new URL("storage-load.ts", import.meta.url).pathname;

/** What has been acknowledged in all rounds so far. */
class Acknowledged {
  readonly counters = new Map<number, number>();
  readonly blind = new Map<string, number>();
  readonly queued = new Set<string>();
  readonly taken = new Set<string>();
  readonly blobs = new Map<string, string>();
  writes = 0;

  note(what: Acknowledgement): void {
    this.writes++;
    if (what[0] === "count") this.counters.set(what[1], Math.max(what[2], this.counters.get(what[1]) ?? 0));
    else if (what[0] === "blind") this.blind.set(what[1], Math.max(what[2], this.blind.get(what[1]) ?? 0));
    else if (what[0] === "enqueue") this.queued.add(what[1]);
    else if (what[0] === "take") this.taken.add(what[1]);
    else if (what[0] === "blob") this.blobs.set(what[1], what[2]);
  }
}

/** Runs the load, kills it after `ms` of work, and notes what it had acknowledged until then. */
async function loadAndKill(directory: string, seed: string, ms: number, acknowledged: Acknowledged): Promise<void> {
  const child = spawn(process.execPath, [program, directory, seed], { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const exited = once(child, "exit");
  const drained = once(child.stdout, "close");
  const ready = Promise.withResolvers<void>();
  const working = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    // The last line may be cut off by the kill.
    if (!line.endsWith("]")) return;
    const what = JSON.parse(line) as Acknowledgement;
    if (what[0] === "ready") ready.resolve();
    else {
      acknowledged.note(what);
      working.resolve();
    }
  });
  await Promise.race([ready.promise, exited]);
  // On a busy machine the first write may take longer than the time until the kill.
  await Promise.race([working.promise, exited]);
  await Promise.race([realDelay(ms), exited]);
  child.kill("SIGKILL");
  const [, signal] = (await exited) as [number | null, string | null];
  await drained;
  expect(signal, `the load said: ${complaint}`).toBe("SIGKILL");
  expect(complaint).toBe("");
}

async function everything(directory: string): Promise<Map<string, Uint8Array>> {
  const store = await LevelStore.open({ directory });
  try {
    return await store.read(async (snapshot) => {
      const found = new Map<string, Uint8Array>();
      for await (const [key, value] of snapshot.scan({ from: Buffer.from("\0"), to: Buffer.from("~") })) {
        found.set(Buffer.from(key).toString(), value);
      }
      return found;
    });
  } finally {
    await store.close();
  }
}

function verifyRecords(found: Map<string, Uint8Array>, acknowledged: Acknowledged): void {
  const numberAt = (key: string, otherwise: number) => {
    const value = found.get(key);
    return value ? Number(Buffer.from(value).toString()) : otherwise;
  };
  const keysUnder = (prefix: string) => [...found.keys()].filter((key) => key.startsWith(prefix));

  for (let counter = 0; counter < 5; counter++) {
    const value = numberAt(`counter/${counter}`, 0);
    expect(value, `counter ${counter}`).toBeGreaterThanOrEqual(acknowledged.counters.get(counter) ?? 0);
    // The counter and the record of each count are written together: no gap, none missing, none too many.
    const counted = keysUnder(`counted/${counter}/`).map((key) => Number(key.split("/")[2]));
    expect(counted).toEqual(Array.from({ length: value }, (_, at) => at + 1));
  }
  let money = 0;
  for (let account = 0; account < 20; account++) money += numberAt(`account/${account}`, 1000);
  expect(money).toBe(20 * 1000);
  for (const [key, value] of acknowledged.blind) expect(numberAt(key, 0), `blind ${key}`).toBeGreaterThanOrEqual(value);
  for (const id of acknowledged.taken) {
    expect(found.has(`done/${id}`), `taken ${id}`).toBe(true);
    expect(found.has(`queue/${id}`), `taken ${id}`).toBe(false);
  }
  for (const id of acknowledged.queued) {
    // Once, and only once: waiting or done.
    expect(Number(found.has(`done/${id}`)) + Number(found.has(`queue/${id}`)), `queued ${id}`).toBe(1);
  }
  for (const [name, id] of acknowledged.blobs) {
    expect(Buffer.from(found.get(`blob/${name}`)!).toString(), `blob ${name}`).toBe(id);
  }
}

/** Every visible blob is whole, named or not, and every named blob is there. */
async function verifyBlobs(found: Map<string, Uint8Array>, directory: string): Promise<void> {
  const visible = new Set<string>();
  for (const shard of await readdir(join(directory, "blobs"))) {
    if (shard === "new") continue;
    for (const id of await readdir(join(directory, "blobs", shard))) {
      const bytes = await readFile(join(directory, "blobs", shard, id));
      expect(Number.parseInt(bytes.subarray(0, 20).toString(), 10), `blob ${id}`).toBe(bytes.byteLength);
      visible.add(id);
    }
  }
  for (const [key, id] of found) {
    if (key.startsWith("blob/")) expect(visible.has(Buffer.from(id).toString()), `named ${key}`).toBe(true);
  }
}

test(`nothing acknowledged is lost and nothing is half done, through ${rounds} kills at random moments`, async () => {
  // To look into a failure, put its seed here. The moments of the kills are then the same; what they hit is the machine's.
  const seed = randomIds().hex(8);
  console.info(`storage crash test, seed ${seed}`);
  const chance = seededIds(seed);
  const directory = await mkdtemp(join(tmpdir(), "virga-crash-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const acknowledged = new Acknowledged();
  for (let round = 0; round < rounds; round++) {
    const before = acknowledged.writes;
    await loadAndKill(directory, `${seed}-${round}`, 20 + chance.fraction() * 400, acknowledged);
    const found = await everything(directory);
    verifyRecords(found, acknowledged);
    await verifyBlobs(found, directory);
    expect(acknowledged.writes, `round ${round}`).toBeGreaterThan(before);
  }
  console.info(`${acknowledged.writes} writes acknowledged, ${acknowledged.blobs.size} of them with a blob`);
  expect(acknowledged.blobs.size).toBeGreaterThan(0);
  expect(acknowledged.taken.size).toBeGreaterThan(0);
}, 60_000);
