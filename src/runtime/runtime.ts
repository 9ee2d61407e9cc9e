import type { EpochMs } from "../base/clock.ts";

/**
 * Runs functions in execution environments. Knows nothing of Lambda's API: it is given a folder of code, a command and
 * limits, and speaks the Runtime API to what it starts. Each environment is one separate operating-system process.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export interface FunctionRuntime {
  /** Starts an environment and resolves when its init phase has ended, well or badly. */
  start(spec: EnvironmentSpec): Promise<StartedEnvironment>;
  /** Stops every environment and frees what they held. */
  close(): Promise<void>;
}

export interface EnvironmentSpec {
  /** AWS's runtime identifier: `nodejs22.x`, `python3.13`, `provided.al2023`. */
  readonly runtime: string;
  /** Folder that holds the unpacked package; seen as the task root. */
  readonly taskRoot: string;
  /** Folder that holds the function's layers, merged; `/opt` on AWS. */
  readonly layersRoot?: string;
  /** As in the function's configuration: `index.handler`. */
  readonly handler: string;
  /** All variables that the function sees, besides those that the runtime itself sets (`AWS_LAMBDA_RUNTIME_API`, `PATH`, `LAMBDA_TASK_ROOT`, …). */
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** Size limit of `/tmp` in MB. */
  readonly ephemeralStorageMb: number;
  /** The init phase is cut off after this; AWS gives 10 s. */
  readonly initTimeoutMs: number;
  /**
   * Receives what the function writes to stdout and stderr, in whole lines without the line end, as it comes. A record
   * that a runtime framed (`console.log`, `logging`) is one line even when it holds line ends: one log event, as on AWS.
   */
  readonly onLog: (line: string) => void;
}

/** Either an environment that waits for its first invocation, or how init failed. */
export type StartedEnvironment =
  | { readonly kind: "ready"; readonly environment: ExecutionEnvironment; readonly initMs: number }
  | { readonly kind: "failed"; readonly error: FunctionError; readonly initMs: number };

export interface ExecutionEnvironment {
  /** Never rejects because of the function: what a function does is an outcome, not an exception. One at a time. */
  invoke(invocation: Invocation): Promise<Outcome>;
  /** Asks the process to end, then ends it. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Resolves when the process has ended for whatever reason. */
  readonly exited: Promise<void>;
}

export interface Invocation {
  readonly requestId: string;
  /** UTF-8 JSON. */
  readonly event: Uint8Array;
  readonly deadline: EpochMs;
  readonly functionArn: string;
  readonly traceId?: string;
  /** JSON, as clients send it. */
  readonly clientContext?: string;
  readonly cognitoIdentity?: string;
  /**
   * Called once when the function answers with a streamed response, before `invoke` resolves. The body ends early without
   * an error when the function fails in the middle (the outcome tells), and throws when the process ends. Without this, a
   * streamed response is gathered into the outcome's payload.
   */
  readonly onStream?: (contentType: string, body: AsyncIterable<Uint8Array>) => void;
}

export type Outcome =
  | {
      readonly kind: "response";
      readonly payload: Uint8Array;
      readonly durationMs: number;
      readonly maxMemoryMb: number;
    }
  | { readonly kind: "error"; readonly error: FunctionError; readonly durationMs: number; readonly maxMemoryMb: number }
  /** The environment is stopped. */
  | { readonly kind: "timeout"; readonly durationMs: number; readonly maxMemoryMb: number }
  /** The process ended in the middle. The environment is gone. `outOfMemory` when the memory limit ended it. */
  | {
      readonly kind: "exited";
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly outOfMemory: boolean;
      /** Set when the process ended before it took the invocation: another environment may be given it. */
      readonly notTaken?: true;
      readonly durationMs: number;
      readonly maxMemoryMb: number;
    };

export interface FunctionError {
  /** `Runtime.ImportModuleError`, `TypeError`, … */
  readonly errorType: string;
  /** The JSON payload that the invoker receives: `{"errorType", "errorMessage", "trace" | "stackTrace"}`. */
  readonly payload: Uint8Array;
}
