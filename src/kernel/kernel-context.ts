import type { AwsApis } from "../api/apis.ts";
import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Blobs, StoreTransaction } from "../storage/store.ts";
import type { RequestContext, ServiceContext } from "./context.ts";
import type { RequestFacts } from "./dispatch.ts";
import type { Headers } from "./http.ts";
import type { JobRow } from "./job-queue.ts";
import type { JobContext } from "./jobs.ts";
import type { Kernel } from "./kernel.ts";
import type { Principal } from "./principal.ts";
import type { ScopedRecords } from "./record-store.ts";
import type { Collection, Key, Snapshot, Transaction } from "./records.ts";

/** One service in one account and region. Made for every request, so it holds little and computes late. */
export class KernelServiceContext implements ServiceContext {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  protected readonly kernel: Kernel;
  /** What makes the signal when it is asked for: most requests end without anybody asking. */
  readonly #source: { readonly signal: AbortSignal };

  constructor(
    kernel: Kernel,
    service: string,
    account: string,
    region: string,
    source: { readonly signal: AbortSignal },
  ) {
    this.kernel = kernel;
    this.service = service;
    this.account = account;
    this.region = region;
    this.#source = source;
  }

  get signal(): AbortSignal {
    return this.#source.signal;
  }

  get clock(): Clock {
    return this.kernel.options.clock;
  }
  get ids(): Ids {
    return this.kernel.options.ids;
  }
  get log(): Log {
    return this.kernel.options.log;
  }
  get blobs(): Blobs {
    return this.kernel.options.blobs;
  }
  get endpoint(): string {
    return this.kernel.options.endpoint();
  }

  protected get records(): ScopedRecords {
    return this.kernel.scopedRecords(this.service, this.account, this.region);
  }

  read<R>(body: (snapshot: Snapshot) => Promise<R>): Promise<R> {
    return this.records.read(body);
  }

  write<R>(body: (tx: Transaction) => Promise<R>): Promise<R> {
    return this.records.write(body);
  }

  watch<Row>(rows: Collection<Row>, prefix: Key, changed: () => void): () => void {
    return this.records.watch(rows, prefix, changed);
  }

  aws(principal: Principal, at?: { readonly account?: string; readonly region?: string }): AwsApis {
    return this.kernel.apis(principal, at?.account ?? this.account, at?.region ?? this.region, this.signal);
  }

  at(account: string, region: string): ServiceContext {
    return new KernelServiceContext(this.kernel, this.service, account, region, this.#source);
  }
}

export class KernelRequestContext extends KernelServiceContext implements RequestContext {
  readonly operation: string;
  readonly #facts: RequestFacts;

  constructor(kernel: Kernel, service: string, operation: string, facts: RequestFacts) {
    super(kernel, service, facts.account, facts.region, facts);
    this.operation = operation;
    this.#facts = facts;
  }

  get principal(): Principal {
    return this.#facts.principal;
  }
  get requestId(): string {
    return this.#facts.requestId;
  }
  get sourceIp(): string {
    return this.#facts.sourceIp;
  }
  get userAgent(): string {
    return this.#facts.userAgent;
  }
  get headers(): Headers {
    return this.#facts.headers;
  }
  get accessKeyId(): string | undefined {
    return this.#facts.accessKeyId;
  }
}

export class KernelJobContext extends KernelServiceContext implements JobContext {
  readonly jobId: string;
  readonly attempt: number;
  readonly dueAt: number;
  readonly #finish: (tx: StoreTransaction) => Promise<void>;

  constructor(kernel: Kernel, row: JobRow, finish: (tx: StoreTransaction) => Promise<void>, signal: AbortSignal) {
    super(kernel, row.service, row.account, row.region, { signal });
    this.jobId = row.id;
    this.attempt = row.attempt;
    this.dueAt = row.dueAt;
    this.#finish = finish;
  }

  complete<R>(body: (tx: Transaction) => Promise<R>): Promise<R> {
    return this.records.write(body, this.#finish);
  }
}
