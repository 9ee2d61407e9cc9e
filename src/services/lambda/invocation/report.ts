import type { Outcome } from "../../../runtime/runtime.ts";

/**
 * The lines that Lambda itself writes into a function's log.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
 */
export function startLine(requestId: string, version: string): string {
  return `START RequestId: ${requestId} Version: ${version}\n`;
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}\n`;
}

export interface ReportFacts {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly maxMemoryMb: number;
  /** Of the init phase, when this invocation was the environment's first. */
  readonly initMs: number | undefined;
  readonly status?: string;
}

export function reportLine({ requestId, durationMs, memoryMb, maxMemoryMb, initMs, status }: ReportFacts): string {
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs(durationMs, initMs)} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${maxMemoryMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(status === undefined ? [] : [`Status: ${status}`]),
  ];
  return `${fields.join("\t")}\t\n`;
}

/** Rounded up to 1 ms; since August 2025 AWS bills the init phase too. */
export function billedMs(durationMs: number, initMs: number | undefined): number {
  return Math.max(1, Math.ceil(durationMs + (initMs ?? 0)));
}

export function initReportLine(initMs: number, errorType: string): string {
  return `INIT_REPORT Init Duration: ${initMs.toFixed(2)} ms\tPhase: init\tStatus: error\tError Type: ${errorType}\n`;
}

/** What the invoker receives when the function did not answer itself. */
export interface Failure {
  readonly payload: Uint8Array;
  /** A line for the log besides what the function wrote. */
  readonly line?: string;
  /** For the REPORT line. */
  readonly status: string;
}

/** Words the outcomes that are no answer of the function, as AWS words them. Undefined for answers. */
export function failureOf(
  outcome: Outcome,
  requestId: string,
  timeoutSeconds: number,
  at: number,
): Failure | undefined {
  switch (outcome.kind) {
    case "response":
      return undefined;
    case "error":
      return { payload: outcome.error.payload, status: `error\tError Type: ${outcome.error.errorType}` };
    case "timeout": {
      const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      return {
        payload: errorPayload("Sandbox.Timedout", errorMessage),
        line: `${new Date(at).toISOString()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds\n\n`,
        status: "timeout",
      };
    }
    case "exited": {
      const errorType = outcome.outOfMemory ? "Runtime.OutOfMemory" : "Runtime.ExitError";
      const errorMessage = `RequestId: ${requestId} Error: ${exitReason(outcome)}`;
      return {
        payload: errorPayload(errorType, errorMessage),
        line: `${errorMessage}\n${errorType}\n`,
        status: `error\tError Type: ${errorType}`,
      };
    }
  }
}

/** The payload of a failed init phase; a process that ended or took too long is named with the invocation that met it. */
export function initErrorPayload(payload: Uint8Array, requestId: string): Uint8Array {
  const error = JSON.parse(Buffer.from(payload).toString()) as { errorType?: string; errorMessage?: string };
  if (!error.errorMessage?.startsWith("Error: ")) return payload;
  if (error.errorType !== "Runtime.ExitError" && error.errorType !== "Sandbox.Timedout") return payload;
  return Buffer.from(JSON.stringify({ ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` }));
}

function exitReason({ exitCode, signal, outOfMemory }: Extract<Outcome, { kind: "exited" }>): string {
  if (outOfMemory) return "Runtime exited with error: signal: killed";
  if (signal !== null) return `Runtime exited with error: signal: ${signalWords[signal] ?? signal}`;
  return exitCode === 0
    ? "Runtime exited without providing a reason"
    : `Runtime exited with error: exit status ${exitCode}`;
}

/** Go's words for signals, which AWS's own supervisor prints. */
const signalWords: Readonly<Record<string, string>> = {
  SIGKILL: "killed",
  SIGABRT: "aborted",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
  SIGBUS: "bus error",
  SIGILL: "illegal instruction",
  SIGFPE: "floating point exception",
};

function errorPayload(errorType: string, errorMessage: string): Uint8Array {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}
