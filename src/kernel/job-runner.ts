import type { Clock, EpochMs } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Store, StoreTransaction } from "../storage/store.ts";
import { AwsError } from "../api/aws-error.ts";
import type { Job, JobContext } from "./jobs.ts";
import {
  applyJobRequest,
  buryJob,
  claimJob,
  duePrefix,
  finishJob,
  jobKeyOf,
  listDue,
  listJobs,
  releaseJob,
  retryJob,
  type DueEntry,
  type JobRow,
} from "./job-queue.ts";
import type { JobRequest } from "./record-store.ts";

/** A job ready to run: its definition and the context it runs in. */
export interface BoundJob {
  readonly job: Job<never>;
  /** `finish` ends the job in the transaction it is given. */
  context(row: JobRow, finish: (tx: StoreTransaction) => Promise<void>, signal: AbortSignal): JobContext;
}

export interface JobRunnerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Finds the job by service and name, loading the service; undefined when no such job is known (any more). */
  readonly bind: (service: string, name: string) => Promise<BoundJob | undefined>;
  /** How many jobs run at once. */
  readonly concurrency?: number;
}

const defaultLeaseMs = 930_000;
const defaultAttempts = 5;
const defaultBackoffMs = (failed: number) => Math.min(1000 * 2 ** (failed - 1), 300_000);

/** Runs jobs as they become due. One loop and one timer, however many jobs wait. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #concurrency: number;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();
  #unwatch: () => void = () => {};
  #loop: Promise<void> | undefined;
  /** Replaced whenever something may have become due; the loop sleeps on it. */
  #wake = new AbortController();
  #idle: (() => void)[] = [];
  #settled = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#concurrency = options.concurrency ?? 1000;
  }

  /** For the record store: carries out what a transaction asks of the queue. */
  readonly applyRequest = (tx: StoreTransaction, request: JobRequest): Promise<void> =>
    applyJobRequest(tx, request, this.#options.clock.now(), () => this.#options.ids.uuid());

  /** Gives back what ran when the last process ended, then starts the loop. The store is this process's alone. */
  async start(): Promise<void> {
    const { store, clock } = this.#options;
    const lost = await store.read(async (snapshot) => {
      const rows: JobRow[] = [];
      for await (const row of listJobs(snapshot, "running")) rows.push(row);
      return rows;
    });
    for (const row of lost) await store.write((tx) => releaseJob(tx, jobKeyOf(row), clock.now()));
    this.#unwatch = store.watch(duePrefix, () => this.#poke());
    this.#loop = this.#run();
  }

  /** Stops taking jobs, tells those that run, and waits for them. What does not end in time is run again at the next start. */
  async stop(): Promise<void> {
    this.#unwatch();
    this.#stop.abort(new Error("The platform is stopping."));
    this.#poke();
    await this.#loop;
    await Promise.allSettled(this.#running.values());
  }

  /** Resolves when nothing runs and nothing is due. For tests. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#poke();
    });
  }

  /** Jobs that failed for good. */
  dead(): Promise<readonly JobRow[]> {
    return this.#options.store.read(async (snapshot) => {
      const rows: JobRow[] = [];
      for await (const row of listJobs(snapshot, "dead")) rows.push(row);
      return rows;
    });
  }

  #poke(): void {
    this.#settled = false;
    this.#wake.abort();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      this.#settled = true;
      let next: EpochMs | undefined;
      try {
        next = await this.#startDue();
      } catch (error) {
        // The store refuses reads or writes; it says so itself to everybody. Try again when it may have recovered.
        this.#options.log.error("Due jobs cannot be read; trying again in a second.", { error });
        next = this.#options.clock.now() + 1000;
        this.#settled = false;
      }
      if (this.#running.size === 0 && this.#settled) for (const resolve of this.#idle.splice(0)) resolve();
      await this.#sleep(next);
    }
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #sleep(until: EpochMs | undefined): Promise<void> {
    const signal = this.#wake.signal;
    if (signal.aborted) return;
    const poked = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    if (until === undefined) return poked;
    await Promise.race([poked, this.#options.clock.until(until, signal).catch(() => {})]);
  }

  /** Starts what is due and has room. Answers when the next job is due. */
  async #startDue(): Promise<EpochMs | undefined> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const { due, next } = await store.read(async (snapshot) => {
      const entries: DueEntry[] = [];
      for await (const entry of listDue(snapshot)) {
        if (entry.at > now) return { due: entries, next: entry.at };
        if (this.#running.size + entries.length >= this.#concurrency) break;
        if (!this.#running.has(runName(entry))) entries.push(entry);
      }
      return { due: entries, next: undefined };
    });
    for (const entry of due) this.#startOne(entry);
    return next;
  }

  #startOne(entry: DueEntry): void {
    const name = runName(entry);
    const run = this.#runOne(entry)
      .catch((error: unknown) => this.#options.log.error("A job could not be run; it stays due.", { job: name, error }))
      .finally(() => {
        this.#running.delete(name);
        this.#poke();
      });
    this.#running.set(name, run);
  }

  async #runOne(entry: DueEntry): Promise<void> {
    const { store, clock, log } = this.#options;
    const [service, , , name] = entry.key;
    const bound = await this.#options.bind(service, name);
    const leaseMs = bound?.job.leaseMs ?? defaultLeaseMs;
    const row = await store.write((tx) => claimJob(tx, entry.key, entry.at, clock.now() + leaseMs));
    if (!row) return;
    if (!bound) {
      const message = `No job "${service}.${name}" is known to this version of Virga.`;
      log.error("A job is dead: nothing knows how to run it.", { job: `${service}.${name}`, id: row.id });
      return store.write((tx) => buryJob(tx, row, message));
    }
    let finished = false;
    const finish = async (tx: StoreTransaction) => {
      // Somebody else has the job by now and will do its work: what this run wanted to write must not be written twice.
      if (!(await finishJob(tx, row))) throw new Error("The job's lease ended before the job did.");
      finished = true;
    };
    try {
      await bound.job.run(row.payload as never, bound.context(row, finish, this.#stop.signal));
      if (!finished) await store.write((tx) => finishJob(tx, row));
    } catch (error) {
      if (this.#stop.signal.aborted) return store.write((tx) => releaseJob(tx, entry.key, clock.now()));
      await this.#fail(bound.job, row, error);
    }
  }

  async #fail(job: Job<never>, row: JobRow, error: unknown): Promise<void> {
    const { store, clock, log } = this.#options;
    const attempts = job.retry?.attempts ?? defaultAttempts;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const fields = { job: `${row.service}.${row.name}`, id: row.id, attempt: row.attempt, error };
    if (row.attempt >= attempts) {
      log.error("A job is dead: it failed for the last time.", fields);
      return store.write((tx) => buryJob(tx, row, message));
    }
    // A refusal by AWS's rules is expected (a deleted target); anything else is worth a look.
    if (error instanceof AwsError) log.info("A job was refused and will be tried again.", fields);
    else log.warn("A job failed and will be tried again.", fields);
    const backoff = (job.retry?.backoffMs ?? defaultBackoffMs)(row.attempt);
    await store.write((tx) => retryJob(tx, row, clock.now() + backoff, message));
  }
}

function runName(entry: DueEntry): string {
  return entry.key.join("\0");
}
