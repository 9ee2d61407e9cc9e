import type { Clock } from "../../../base/clock.ts";
import { InvalidZipFileException, TooManyRequestsException } from "../../../api/lambda/errors.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { FunctionRuntime } from "../../../runtime/runtime.ts";
import { PackageError, PackageFolders } from "../functions/package-folders.ts";
import type { CodePackage, FunctionRow } from "../state.ts";
import { failureOf, initErrorPayload } from "./report.ts";
import { systemLogOf } from "./system-log.ts";
import { WarmEnvironment, type FunctionFolders } from "./warm-environment.ts";

export interface FleetOptions {
  readonly clock: Clock;
  /** Made when the first function runs. */
  readonly runtime: () => Promise<FunctionRuntime>;
  /** An empty folder of this process, made when the first package is unpacked. */
  readonly packagesDirectory: () => Promise<string>;
}

export interface InvocationRequest {
  readonly requestId: string;
  /** UTF-8 JSON. */
  readonly event: Uint8Array;
  readonly functionArn: string;
  readonly traceId: string;
  readonly clientContext?: string;
  /** Asks for the last 4 KB of the log. */
  readonly withLogTail?: boolean;
  /** As of the runtime: given the body of an answer that the function streams. */
  readonly onStream?: (contentType: string, body: AsyncIterable<Uint8Array>) => void;
}

export interface InvocationResult {
  readonly payload: Uint8Array;
  /** Whether the payload describes an error instead of being an answer. */
  readonly failed: boolean;
  readonly logTail: string;
}

/** Invocations running at once in one account and region: AWS's default quota. */
export const concurrencyLimit = 1000;

/** How many invocations may run beside this one: as many as the function has reserved, or what nobody has. */
export type ConcurrencyShare =
  | { readonly reserved: number }
  | { readonly reserved?: undefined; readonly reservedByOthers: number };

/** An environment that had nothing to do for so long is stopped. */
const idleLimitMs = 10 * 60_000;
const sweepMs = 60_000;

/** Every environment of this process, warm or at work. The most recently used is used again first. */
export class Fleet {
  readonly #options: FleetOptions;
  /** Idle environments by function and revision, the latest used last. */
  readonly #idle = new Map<string, WarmEnvironment[]>();
  readonly #working = new Set<WarmEnvironment>();
  readonly #running = new Map<string, number>();
  /** Revision of functions that were changed or deleted: environments of others end when their work does. */
  readonly #revisions = new Map<string, string | undefined>();
  readonly #stop = new AbortController();
  #packages: Promise<PackageFolders> | undefined;
  #runtime: Promise<FunctionRuntime> | undefined;
  #sweeping = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  packages(): Promise<PackageFolders> {
    return (this.#packages ??= this.#options.packagesDirectory().then((directory) => new PackageFolders(directory)));
  }

  /** The folders with the function's code and with its layers. @throws {PackageError} when one of them cannot be unpacked */
  async unpack(row: FunctionRow, blobs: ServiceContext["blobs"]): Promise<FunctionFolders> {
    const packages = await this.packages();
    const files = ({ code: { blobId } }: { code: CodePackage }) => ({ key: blobId, zipFile: () => blobs.path(blobId) });
    const code = files(row);
    const taskRoot = await packages.open(code.key, code.zipFile);
    if (!row.layers) return { taskRoot };
    return { taskRoot, layersRoot: await packages.openMerged(row.layers.map(files)) };
  }

  /** Runs one invocation to its end. @throws {TooManyRequestsException} when as many run as may */
  async invoke(
    row: FunctionRow,
    ctx: ServiceContext,
    request: InvocationRequest,
    share: ConcurrencyShare,
  ): Promise<InvocationResult> {
    const { reserved } = share;
    const pool = reserved === undefined ? `${ctx.account}/${ctx.region}` : `${ctx.account}/${ctx.region}/${row.name}`;
    const running = this.#running.get(pool) ?? 0;
    if (running >= (reserved ?? concurrencyLimit - share.reservedByOthers)) throw throttled(reserved !== undefined);
    this.#running.set(pool, running + 1);
    try {
      return await this.#run(row, ctx, request);
    } finally {
      const left = this.#running.get(pool)! - 1;
      if (left > 0) this.#running.set(pool, left);
      else this.#running.delete(pool);
    }
  }

  /** Stops environments of the function that run other code or another configuration than `keepRevision`; those at work may finish. */
  async retire(functionId: string, keepRevision?: string): Promise<void> {
    this.#revisions.set(functionId, keepRevision);
    const stopping: Promise<void>[] = [];
    for (const [key, environments] of this.#idle) {
      if (!key.startsWith(`${functionId}/`) || key === `${functionId}/${keepRevision}`) continue;
      this.#idle.delete(key);
      for (const environment of environments) stopping.push(environment.stop());
    }
    await Promise.all(stopping);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const all = [...this.#idle.values()].flat();
    this.#idle.clear();
    await Promise.all([...all, ...this.#working].map((environment) => environment.stop()));
    const runtime = await this.#runtime?.catch(() => undefined);
    await runtime?.close();
  }

  async #run(row: FunctionRow, ctx: ServiceContext, request: InvocationRequest): Promise<InvocationResult> {
    for (;;) {
      const result = await this.#tryRun(row, ctx, request);
      if (result !== undefined) return result;
    }
  }

  /** Undefined when a warm environment ended before it took the invocation: another one may have it. */
  async #tryRun(
    row: FunctionRow,
    ctx: ServiceContext,
    request: InvocationRequest,
  ): Promise<InvocationResult | undefined> {
    const { requestId } = request;
    const words = systemLogOf(row);
    const warm = this.#takeIdle(row);
    const started = warm ? ({ kind: "ready", environment: warm } as const) : await this.#start(row, ctx);
    if (started.kind === "failed") {
      const { log, error, initMs } = started;
      const now = this.#options.clock.now();
      const failure = {
        payload: initErrorPayload(error.payload, requestId),
        status: `error\tError Type: ${error.errorType}`,
      };
      log.write(words.initFailed(initMs, error.errorType, now));
      log.write(words.start(requestId, now));
      for (const line of words.end({ requestId, durationMs: 0, maxMemoryMb: 0, initMs, failure }, now)) log.write(line);
      return { payload: failure.payload, failed: true, logTail: request.withLogTail ? log.tail() : "" };
    }
    const { environment } = started;
    const { log } = environment;
    this.#working.add(environment);
    try {
      if (warm) log.beginInvocation();
      const { clock } = this.#options;
      const startedAt = clock.now();
      log.write(words.start(requestId, startedAt));
      const outcome = await environment.invoke({ ...request, deadline: startedAt + row.timeoutSeconds * 1000 });
      if (warm && outcome.kind === "exited" && outcome.notTaken) return undefined;
      const endedAt = clock.now();
      const failure = failureOf(outcome, requestId, row.timeoutSeconds, endedAt);
      const { durationMs, maxMemoryMb } = outcome;
      const initMs = environment.takeInitMs();
      const facts = { requestId, durationMs, maxMemoryMb, initMs, ...(failure && { failure }) };
      for (const line of words.end(facts, endedAt)) log.write(line);
      const logTail = request.withLogTail ? log.tail() : "";
      if (outcome.kind === "response") return { payload: outcome.payload, failed: false, logTail };
      return { payload: failure!.payload, failed: true, logTail };
    } finally {
      this.#working.delete(environment);
      this.#giveBack(environment);
    }
  }

  async #start(row: FunctionRow, ctx: ServiceContext): ReturnType<typeof WarmEnvironment.start> {
    const folders = await this.unpack(row, ctx.blobs).catch((error: unknown) => {
      if (!(error instanceof PackageError)) throw error;
      throw new InvalidZipFileException({ Type: "User", message: error.message });
    });
    this.#runtime ??= this.#options.runtime();
    return WarmEnvironment.start(row, ctx, await this.#runtime, folders);
  }

  #takeIdle(row: FunctionRow): WarmEnvironment | undefined {
    const environments = this.#idle.get(keyOf(row));
    const now = this.#options.clock.now();
    for (let candidate = environments?.pop(); candidate; candidate = environments?.pop()) {
      if (candidate.outlasts(now)) return candidate;
      void candidate.stop();
    }
    return undefined;
  }

  #giveBack(environment: WarmEnvironment): void {
    const { id, revisionId } = environment.row;
    const outdated = this.#revisions.has(id) && this.#revisions.get(id) !== revisionId;
    if (environment.gone || outdated || this.#stop.signal.aborted) {
      void environment.stop();
      return;
    }
    environment.idleSince = this.#options.clock.now();
    const key = keyOf(environment.row);
    const environments = this.#idle.get(key);
    if (environments) environments.push(environment);
    else this.#idle.set(key, [environment]);
    if (!this.#sweeping) void this.#sweep();
  }

  /** Stops what has been idle for long; runs only while something is idle. */
  async #sweep(): Promise<void> {
    this.#sweeping = true;
    const { clock } = this.#options;
    while (this.#idle.size > 0) {
      try {
        await clock.until(clock.now() + sweepMs, this.#stop.signal);
      } catch {
        break;
      }
      const before = clock.now() - idleLimitMs;
      for (const [key, environments] of this.#idle) {
        const kept = environments.filter((environment) => !environment.gone && environment.idleSince > before);
        for (const environment of environments) if (!kept.includes(environment)) void environment.stop();
        if (kept.length > 0) this.#idle.set(key, kept);
        else this.#idle.delete(key);
      }
    }
    this.#sweeping = false;
  }
}

function throttled(byReservation: boolean): TooManyRequestsException {
  return new TooManyRequestsException({
    Reason: byReservation ? "ReservedFunctionConcurrentInvocationLimitExceeded" : "ConcurrentInvocationLimitExceeded",
    Type: "User",
    message: "Rate Exceeded.",
  });
}

function keyOf(row: FunctionRow): string {
  return `${row.id}/${row.revisionId}`;
}
