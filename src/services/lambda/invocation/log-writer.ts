import { AwsError } from "../../../api/aws-error.ts";
import type { AwsApis } from "../../../api/apis.ts";
import type { InputLogEvent } from "../../../api/logs/types.ts";
import { realDelay, type Clock, type EpochMs } from "../../../base/clock.ts";
import type { Log } from "../../../base/log.ts";

/** Events sent in one PutLogEvents; well under AWS's limits with lines of at most 256 KB. */
const batchEvents = 1000;
const batchBytes = 900_000;
/** Lines kept while CloudWatch Logs cannot take them; beyond, all that wait are dropped and the drop is logged. */
const maxWaiting = 50_000;
/** Lines of so long a time go together: storing each invocation's by itself would cost more than the invocation. */
const gatherMs = 100;
/** A role that was refused is tried again after this: somebody may have given it the rights meanwhile. */
const deniedMs = 5_000;

export interface LogDestination {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** Writes one environment's log stream as its execution role, in the background and in order. */
export class LogWriter {
  readonly #logs: AwsApis["logs"];
  readonly #destination: LogDestination;
  readonly #clock: Clock;
  readonly #log: Log;
  #waiting: InputLogEvent[] = [];
  #writing: Promise<void> | undefined;
  #gathering: AbortController | undefined;
  #deniedUntil: EpochMs | undefined;
  /** Whether the role has ever been allowed to write here. */
  #wasAllowed = false;

  constructor(apis: AwsApis, destination: LogDestination, clock: Clock, log: Log) {
    this.#logs = apis.logs;
    this.#destination = destination;
    this.#clock = clock;
    this.#log = log;
  }

  write(message: string): void {
    if (message === "" || this.#clock.now() < (this.#deniedUntil ?? 0)) return;
    if (this.#waiting.length >= maxWaiting) {
      this.#waiting = [];
      this.#log.warn("A function writes its log faster than it can be stored; lines were dropped.", {
        ...this.#destination,
      });
    }
    this.#waiting.push({ timestamp: this.#clock.now(), message });
    this.#writing ??= this.#run();
  }

  /** Resolves when everything written so far is stored, or cannot be. */
  async flush(): Promise<void> {
    this.#gathering?.abort();
    await this.#writing;
  }

  async #run(): Promise<void> {
    this.#gathering = new AbortController();
    await realDelay(gatherMs, this.#gathering.signal).catch(() => {});
    this.#gathering = undefined;
    while (this.#waiting.length > 0) await this.#put(this.#takeBatch());
    this.#writing = undefined;
  }

  #takeBatch(): InputLogEvent[] {
    let bytes = 0;
    let count = 0;
    for (const { message } of this.#waiting) {
      bytes += Buffer.byteLength(message) + 26;
      if (count === batchEvents || (count > 0 && bytes > batchBytes)) break;
      count++;
    }
    if (count < this.#waiting.length) return this.#waiting.splice(0, count);
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }

  async #put(logEvents: InputLogEvent[]): Promise<void> {
    const logs = this.#logs;
    try {
      try {
        await logs.PutLogEvents({ ...this.#destination, logEvents });
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== "ResourceNotFoundException") throw error;
        await unlessItExists(() => logs.CreateLogGroup({ logGroupName: this.#destination.logGroupName }));
        await unlessItExists(() => logs.CreateLogStream(this.#destination));
        await logs.PutLogEvents({ ...this.#destination, logEvents });
      }
      this.#wasAllowed = true;
    } catch (error) {
      this.#report(error);
    }
  }

  /** As on AWS, a function without rights on logs runs all the same, without a log; here somebody is told, once. */
  #report(error: unknown): void {
    const isRefused = error instanceof AwsError && error.status < 500;
    const isKnown = isRefused && this.#deniedUntil !== undefined;
    if (isRefused) this.#deniedUntil = this.#clock.now() + deniedMs;
    if (isKnown) return;
    // Its role was deleted while last lines were under way. The next invocation says so itself, if there is one.
    if (error instanceof AwsError && error.code === "UnrecognizedClientException") return;
    const isForbidden = error instanceof AwsError && error.code === "AccessDeniedException";
    const advice = isForbidden ? ": give its role the policy AWSLambdaBasicExecutionRole" : "";
    // Rights that were there and are gone were taken away, mostly by somebody who is removing the function.
    const level = isForbidden && this.#wasAllowed ? "info" : "warn";
    this.#log[level](`A function's log cannot be written${advice}.`, { ...this.#destination, error });
  }
}

async function unlessItExists(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ResourceAlreadyExistsException") throw error;
  }
}
