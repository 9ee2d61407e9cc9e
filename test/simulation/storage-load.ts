/**
 * The process that the crash test kills: mixed load on a data directory, one line on standard output per acknowledged
 * write. Arguments: directory, seed.
 */
import { join } from "node:path";
import { SystemClock } from "../../src/base/clock.ts";
import { randomIds, seededIds } from "../../src/base/ids.ts";
import { FileBlobs } from "../../src/storage/file-blobs.ts";
import { LevelStore } from "../../src/storage/level-store.ts";
import type { StoreSnapshot, StoreTransaction } from "../../src/storage/store.ts";

const [directory = "", seed = ""] = process.argv.slice(2);
const chance = seededIds(seed);
const ids = randomIds();
const store = await LevelStore.open({ directory });
const blobs = await FileBlobs.open({ directory: join(directory, "blobs"), ids, clock: new SystemClock() });

export type Acknowledgement =
  | readonly ["ready"]
  | readonly ["count", counter: number, value: number]
  | readonly ["transfer"]
  | readonly ["blind", key: string, value: number]
  | readonly ["enqueue", id: string]
  | readonly ["take", id: string]
  | readonly ["blob", name: string, blobId: string];

const key = (text: string): Buffer => Buffer.from(text);
const below = (limit: number) => Math.floor(chance.fraction() * limit);
const acknowledge = (what: Acknowledgement) => process.stdout.write(`${JSON.stringify(what)}\n`);
const padded = (value: number) => String(value).padStart(9, "0");

async function numberAt(view: StoreSnapshot, name: string, otherwise: number): Promise<number> {
  const value = await view.get(key(name));
  return value === undefined ? otherwise : Number(Buffer.from(value).toString());
}

const putNumber = (tx: StoreTransaction, name: string, value: number) => tx.put(key(name), key(String(value)));

async function count(): Promise<void> {
  const counter = below(5);
  const value = await store.write(async (tx) => {
    const next = (await numberAt(tx, `counter/${counter}`, 0)) + 1;
    putNumber(tx, `counter/${counter}`, next);
    // Together with its record, which is sometimes large, so that logs are full and tables are written.
    tx.put(key(`counted/${counter}/${padded(next)}`), Buffer.alloc(next % 25 === 0 ? 300_000 : 100, next % 256));
    return next;
  });
  acknowledge(["count", counter, value]);
}

async function transfer(): Promise<void> {
  const amount = below(50);
  const [from, to] = [below(20), below(20)];
  await store.write(async (tx) => {
    const left = await numberAt(tx, `account/${from}`, 1000);
    putNumber(tx, `account/${from}`, left - amount);
    const right = await numberAt(tx, `account/${to}`, 1000);
    putNumber(tx, `account/${to}`, right + amount);
  });
  acknowledge(["transfer"]);
}

let blindValue = 0;
async function blind(worker: number): Promise<void> {
  const value = ++blindValue;
  const name = `blind/${seed}/${worker}`;
  await store.write(async (tx) => putNumber(tx, name, value));
  acknowledge(["blind", name, value]);
}

async function enqueue(): Promise<void> {
  const id = ids.hex(16);
  await store.write(async (tx) => tx.put(key(`queue/${id}`), key(id)));
  acknowledge(["enqueue", id]);
}

async function take(): Promise<void> {
  const taken = await store.write(async (tx) => {
    for await (const [name, value] of tx.scan({ from: key("queue/"), to: key("queue0") })) {
      const id = Buffer.from(value).toString();
      tx.delete(name);
      tx.put(key(`done/${id}`), value);
      return id;
    }
    return undefined;
  });
  if (taken) acknowledge(["take", taken]);
}

/** A blob says how long it is, so that a reader can tell whether it is whole. */
async function nameBlob(): Promise<void> {
  const size = 20 + below(200_000);
  const { id } = await blobs.put(Buffer.from(String(size).padEnd(size, ".")));
  const name = ids.hex(16);
  await store.write(async (tx) => tx.put(key(`blob/${name}`), key(id)));
  acknowledge(["blob", name, id]);
}

acknowledge(["ready"]);
const steps = [count, transfer, blind, enqueue, take, count, transfer, blind, enqueue, take];
await Promise.all(
  Array.from({ length: 24 }, async (_, worker) => {
    for (;;) await (worker === 0 ? nameBlob() : steps[below(steps.length)]!(worker));
  }),
);
