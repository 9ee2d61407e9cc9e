import type { StoreSnapshot, StoreTransaction } from "../storage/store.ts";
import type { EpochMs } from "../base/clock.ts";
import { decodeKey, encodeKey } from "./keys.ts";
import type { JobRequest, RecordScope } from "./record-store.ts";
import { keySpace } from "./record-store.ts";

/**
 * How jobs lie in the store. Four kinds of keys under the job key space:
 *
 * - `job, service, account, region, name, id` → the job itself
 * - `due, time, job key…` → nothing; the jobs that may run, by when. A running job stands there with the end of its lease.
 * - `running | dead, job key…` → nothing; so that neither has to be looked for among all that wait
 * - `order, service, account, region, name, order key, sequence` → job id; the first of an order key is the one that may run.
 */
export interface JobRow extends RecordScope {
  readonly name: string;
  readonly id: string;
  readonly payload: unknown;
  readonly state: "waiting" | "running" | "dead";
  /** When it was asked to run. */
  readonly dueAt: EpochMs;
  /** Where it stands in the due index; absent while it waits behind another of its order key, or is dead. */
  readonly indexedAt?: EpochMs;
  /** How often it was started. */
  readonly attempt: number;
  readonly orderKey?: string;
  readonly sequence?: number;
  readonly scheduledAt: EpochMs;
  /** Why the last attempt failed. */
  readonly lastError?: string;
}

export type JobKey = readonly [service: string, account: string, region: string, name: string, id: string];

const space = (kind: string) => encodeKey(Uint8Array.of(keySpace.jobs), [kind]);
const jobSpace = space("job");
const dueSpace = space("due");
const orderSpace = space("order");
const stateSpaces = { running: space("running"), dead: space("dead") } as const;

/** Everything under this prefix changes when jobs become due, move or end. */
export const duePrefix: Uint8Array = dueSpace;

export function jobKeyOf(row: JobRow): JobKey {
  return [row.service, row.account, row.region, row.name, row.id];
}

/** Schedules or takes back a job inside a transaction. */
export async function applyJobRequest(
  tx: StoreTransaction,
  request: JobRequest,
  now: EpochMs,
  newId: () => string,
): Promise<void> {
  const { service, account, region } = request.scope;
  const { job } = request;
  if (request.id !== undefined) {
    const existing = await getJob(tx, [service, account, region, job.name, request.id]);
    if (existing) await removeJob(tx, existing);
  }
  if (request.kind === "unschedule") return;

  const dueAt = request.at ?? now;
  const base: JobRow = {
    service,
    account,
    region,
    name: job.name,
    id: request.id ?? newId(),
    payload: request.payload,
    state: "waiting",
    dueAt,
    attempt: 0,
    scheduledAt: now,
  };
  if (!job.orderBy) return putJob(tx, { ...base, indexedAt: dueAt });

  const orderKey = job.orderBy(request.payload as never);
  const last = await lastOfOrder(tx, base, orderKey);
  const sequence = last === undefined ? 0 : last + 1;
  const row: JobRow = { ...base, orderKey, sequence };
  tx.put(orderKeyOf(row), Buffer.from(row.id));
  putJob(tx, last === undefined ? { ...row, indexedAt: dueAt } : row);
}

/** Marks a due job as running until `leaseUntil`; undefined when somebody else was faster. */
export async function claimJob(
  tx: StoreTransaction,
  key: JobKey,
  indexedAt: EpochMs,
  leaseUntil: EpochMs,
): Promise<JobRow | undefined> {
  const row = await getJob(tx, key);
  if (!row || row.indexedAt !== indexedAt) return undefined;
  const claimed: JobRow = { ...row, state: "running", attempt: row.attempt + 1, indexedAt: leaseUntil };
  moveJob(tx, row, claimed);
  return claimed;
}

/** Ends a job that `claimed` describes. False when the lease was lost meanwhile. */
export async function finishJob(tx: StoreTransaction, claimed: JobRow): Promise<boolean> {
  const row = await stillOurs(tx, claimed);
  if (!row) return false;
  await removeJob(tx, row);
  return true;
}

export async function retryJob(tx: StoreTransaction, claimed: JobRow, at: EpochMs, error: string): Promise<void> {
  const row = await stillOurs(tx, claimed);
  if (row) moveJob(tx, row, { ...row, state: "waiting", indexedAt: at, lastError: error });
}

/** Keeps the job, visible and not run again; those behind it in its order go on. */
export async function buryJob(tx: StoreTransaction, claimed: JobRow, error: string): Promise<void> {
  const row = await stillOurs(tx, claimed);
  if (!row) return;
  await removeJob(tx, row);
  const { indexedAt: _, ...rest } = row;
  putJob(tx, { ...rest, state: "dead", lastError: error });
}

/** Gives back a job whose runner died with the process. */
export async function releaseJob(tx: StoreTransaction, key: JobKey, now: EpochMs): Promise<void> {
  const row = await getJob(tx, key);
  if (row?.state === "running") moveJob(tx, row, { ...row, state: "waiting", indexedAt: now });
}

export interface DueEntry {
  readonly at: EpochMs;
  readonly key: JobKey;
}

/** The due index in order of time. */
export async function* listDue(snapshot: StoreSnapshot): AsyncGenerator<DueEntry, void, undefined> {
  const range = { from: dueSpace, to: encodeKey(dueSpace, [], "past") };
  for await (const [key] of snapshot.scan(range)) {
    const [at, ...jobKey] = decodeKey(key, dueSpace.length);
    yield { at: at as number, key: jobKey as unknown as JobKey };
  }
}

/** Jobs that run now, or that failed for good. */
export async function* listJobs(
  snapshot: StoreSnapshot,
  state: "running" | "dead",
): AsyncGenerator<JobRow, void, undefined> {
  const prefix = stateSpaces[state];
  for await (const [key] of snapshot.scan({ from: prefix, to: encodeKey(prefix, [], "past") })) {
    const row = await getJob(snapshot, decodeKey(key, prefix.length) as unknown as JobKey);
    if (row) yield row;
  }
}

async function getJob(snapshot: StoreSnapshot, key: JobKey): Promise<JobRow | undefined> {
  const value = await snapshot.get(encodeKey(jobSpace, key));
  return value && decodeJob(value);
}

function decodeJob(value: Uint8Array): JobRow {
  return JSON.parse(Buffer.from(value).toString()) as JobRow;
}

async function stillOurs(tx: StoreTransaction, claimed: JobRow): Promise<JobRow | undefined> {
  const row = await getJob(tx, jobKeyOf(claimed));
  // A job that was replaced under its id, or that another runner took over, has another lease or attempt.
  return row?.state === "running" && row.attempt === claimed.attempt && row.indexedAt === claimed.indexedAt
    ? row
    : undefined;
}

function putJob(tx: StoreTransaction, row: JobRow): void {
  tx.put(encodeKey(jobSpace, jobKeyOf(row)), Buffer.from(JSON.stringify(row)));
  if (row.indexedAt !== undefined) tx.put(dueKeyOf(row, row.indexedAt), emptyValue);
  if (row.state !== "waiting") tx.put(encodeKey(stateSpaces[row.state], jobKeyOf(row)), emptyValue);
}

function moveJob(tx: StoreTransaction, before: JobRow, after: JobRow): void {
  deleteIndexes(tx, before);
  putJob(tx, after);
}

function deleteIndexes(tx: StoreTransaction, row: JobRow): void {
  if (row.indexedAt !== undefined) tx.delete(dueKeyOf(row, row.indexedAt));
  if (row.state !== "waiting") tx.delete(encodeKey(stateSpaces[row.state], jobKeyOf(row)));
}

async function removeJob(tx: StoreTransaction, row: JobRow): Promise<void> {
  tx.delete(encodeKey(jobSpace, jobKeyOf(row)));
  deleteIndexes(tx, row);
  if (row.orderKey === undefined || row.state === "dead") return;
  tx.delete(orderKeyOf(row));
  await promoteNext(tx, row);
}

/** Lets the first job of the order run, unless it may already. */
async function promoteNext(tx: StoreTransaction, row: JobRow): Promise<void> {
  const prefix = orderPrefixOf(row, row.orderKey!);
  for await (const [, value] of tx.scan({ from: prefix, to: encodeKey(prefix, [], "past") })) {
    const next = await getJob(tx, [row.service, row.account, row.region, row.name, Buffer.from(value).toString()]);
    if (next && next.indexedAt === undefined) moveJob(tx, next, { ...next, indexedAt: next.dueAt });
    return;
  }
}

async function lastOfOrder(tx: StoreTransaction, row: JobRow, orderKey: string): Promise<number | undefined> {
  const prefix = orderPrefixOf(row, orderKey);
  for await (const [key] of tx.scan({ from: prefix, to: encodeKey(prefix, [], "past"), reverse: true })) {
    return decodeKey(key, prefix.length)[0] as number;
  }
  return undefined;
}

const emptyValue = new Uint8Array(0);

function dueKeyOf(row: JobRow, at: EpochMs): Buffer {
  return encodeKey(dueSpace, [at, ...jobKeyOf(row)]);
}

function orderPrefixOf(row: JobRow, orderKey: string): Buffer {
  return encodeKey(orderSpace, [row.service, row.account, row.region, row.name, orderKey]);
}

function orderKeyOf(row: JobRow): Buffer {
  return encodeKey(orderPrefixOf(row, row.orderKey!), [row.sequence!]);
}
