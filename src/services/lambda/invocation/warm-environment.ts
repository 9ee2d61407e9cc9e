import type { EpochMs } from "../../../base/clock.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type {
  FunctionError,
  FunctionRuntime,
  Invocation,
  Outcome,
  StartedEnvironment,
} from "../../../runtime/runtime.ts";
import { assumeExecutionRole } from "../functions/execution-role.ts";
import { versionOf } from "../functions/function-name.ts";
import type { FunctionRow } from "../state.ts";
import { LogWriter } from "./log-writer.ts";

/** AWS cuts the init phase off after ten seconds. */
const initTimeoutMs = 10_000;

/** The log's last bytes that an invocation with LogType Tail answers. */
const tailBytes = 4096;

/** Where a function's code is unpacked, and its layers. */
export interface FunctionFolders {
  readonly taskRoot: string;
  readonly layersRoot?: string;
}

/** An environment and what belongs to it: role session, log stream, and what it wrote lately. */
export class WarmEnvironment {
  readonly row: FunctionRow;
  readonly #started: Extract<StartedEnvironment, { kind: "ready" }>;
  readonly #log: EnvironmentLog;
  readonly #credentialsExpireAt: EpochMs;
  /** Of the init phase, until the first invocation has reported it. */
  #initMs: number | undefined;
  /** Since when it has nothing to do. */
  idleSince: EpochMs = 0;
  gone = false;

  private constructor(
    row: FunctionRow,
    started: Extract<StartedEnvironment, { kind: "ready" }>,
    log: EnvironmentLog,
    credentialsExpireAt: EpochMs,
  ) {
    this.row = row;
    this.#started = started;
    this.#initMs = started.initMs;
    this.#log = log;
    this.#credentialsExpireAt = credentialsExpireAt;
    void started.environment.exited.then(() => {
      this.gone = true;
    });
  }

  /** Starts an environment for the function; resolves after its init phase. */
  static async start(
    row: FunctionRow,
    ctx: ServiceContext,
    runtime: FunctionRuntime,
    folders: FunctionFolders,
  ): Promise<
    | { readonly kind: "ready"; readonly environment: WarmEnvironment }
    | { readonly kind: "failed"; readonly error: FunctionError; readonly initMs: number; readonly log: EnvironmentLog }
  > {
    const session = await assumeExecutionRole(ctx, row.role, row.name);
    const version = versionOf(row);
    const logStreamName = `${new Date(ctx.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/")}/[${version}]${ctx.ids.hex(32)}`;
    const destination = { logGroupName: row.logGroup, logStreamName };
    const log = new EnvironmentLog(new LogWriter(ctx.aws(session.principal), destination, ctx.clock, ctx.log));
    const started = await runtime.start({
      runtime: row.runtime,
      ...folders,
      handler: row.handler,
      variables: {
        ...row.variables,
        AWS_LAMBDA_FUNCTION_NAME: row.name,
        AWS_LAMBDA_FUNCTION_VERSION: version,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(row.memoryMb),
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        AWS_LAMBDA_LOG_FORMAT: row.logging ? "JSON" : "Text",
        ...(row.logging && { AWS_LAMBDA_LOG_LEVEL: row.logging.applicationLevel }),
        AWS_LAMBDA_LOG_GROUP_NAME: row.logGroup,
        AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
        AWS_REGION: ctx.region,
        AWS_DEFAULT_REGION: ctx.region,
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_SESSION_TOKEN: session.sessionToken,
        // The SDK inside reaches this platform, unless the function itself says where to go.
        AWS_ENDPOINT_URL: row.variables?.["AWS_ENDPOINT_URL"] ?? ctx.endpoint,
      },
      memoryMb: row.memoryMb,
      ephemeralStorageMb: row.ephemeralStorageMb,
      initTimeoutMs,
      onLog: (line) => log.write(`${line}\n`),
    });
    if (started.kind === "failed") return { ...started, log };
    return { kind: "ready", environment: new WarmEnvironment(row, started, log, session.expiresAt) };
  }

  get log(): EnvironmentLog {
    return this.#log;
  }

  /** Whether its credentials outlast an invocation that starts now. */
  outlasts(now: EpochMs): boolean {
    return !this.gone && this.#credentialsExpireAt > now + this.row.timeoutSeconds * 1000 + 60_000;
  }

  /** The init phase's duration, the first time it is asked for. */
  takeInitMs(): number | undefined {
    const initMs = this.#initMs;
    this.#initMs = undefined;
    return initMs;
  }

  invoke(invocation: Invocation): Promise<Outcome> {
    return this.#started.environment.invoke(invocation);
  }

  async stop(): Promise<void> {
    this.gone = true;
    await this.#started.environment.stop();
    await this.#log.flush();
  }
}

/** What an environment writes: to its log stream, and into the tail of the invocation under way. */
export class EnvironmentLog {
  readonly #writer: LogWriter;
  #tail: string[] = [];
  #tailLength = 0;

  constructor(writer: LogWriter) {
    this.#writer = writer;
  }

  write(text: string): void {
    this.#writer.write(text);
    this.#tail.push(text);
    this.#tailLength += text.length;
    // Dropped in blocks: keeping exactly the last bytes at every line would cost more than it saves.
    if (this.#tailLength > tailBytes * 16) {
      this.#tail = [this.tail()];
      this.#tailLength = this.#tail[0]!.length;
    }
  }

  /** The last 4 KB since the last call of `beginInvocation`. */
  tail(): string {
    const bytes = Buffer.from(this.#tail.join(""));
    return bytes.subarray(Math.max(0, bytes.length - tailBytes)).toString();
  }

  beginInvocation(): void {
    this.#tail = [];
    this.#tailLength = 0;
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }
}
