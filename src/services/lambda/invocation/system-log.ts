import type { EpochMs } from "../../../base/clock.ts";
import { versionOf } from "../functions/function-name.ts";
import type { FunctionRow, LoggingRow } from "../state.ts";
import { billedMs, endLine, initReportLine, reportLine, startLine, type Failure, type ReportFacts } from "./report.ts";

/** How one invocation went, for the lines that Lambda itself writes. */
export type SystemFacts = Omit<ReportFacts, "memoryMb" | "status"> & { readonly failure?: Failure };

/** What Lambda itself writes into a function's log: text, or JSON above a level. A string of no characters is no line. */
export interface SystemLog {
  start(requestId: string, at: EpochMs): string;
  /** All lines after the function's own. */
  end(facts: SystemFacts, at: EpochMs): readonly string[];
  initFailed(initMs: number, errorType: string, at: EpochMs): string;
}

export function systemLogOf(row: FunctionRow): SystemLog {
  return row.logging ? jsonLog(row, row.logging) : textLog(row);
}

function textLog(row: FunctionRow): SystemLog {
  const version = versionOf(row);
  return {
    start: (requestId) => startLine(requestId, version),
    end: ({ failure, ...facts }) => [
      failure?.line ?? "",
      endLine(facts.requestId),
      reportLine({ ...facts, memoryMb: row.memoryMb, ...(failure && { status: failure.status }) }),
    ],
    initFailed: initReportLine,
  };
}

const ranks = { DEBUG: 0, INFO: 1, WARN: 2 } as const;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html */
function jsonLog(row: FunctionRow, { systemLevel }: LoggingRow): SystemLog {
  const version = versionOf(row);
  const write = (level: keyof typeof ranks, type: string, record: object, at: EpochMs) =>
    ranks[level] < ranks[systemLevel] ? "" : `${JSON.stringify({ time: new Date(at).toISOString(), type, record })}\n`;
  return {
    start: (requestId, at) => write("INFO", "platform.start", { requestId, version }, at),
    end: ({ requestId, durationMs, maxMemoryMb, initMs, failure }, at) => {
      const ended = endedAs(failure);
      const done = { requestId, ...ended, metrics: { durationMs: round(durationMs) } };
      const metrics = {
        durationMs: round(durationMs),
        billedDurationMs: billedMs(durationMs, initMs),
        memorySizeMB: row.memoryMb,
        maxMemoryUsedMB: maxMemoryMb,
        ...(initMs !== undefined && { initDurationMs: round(initMs) }),
      };
      return [
        write(failure ? "WARN" : "DEBUG", "platform.runtimeDone", done, at),
        write(failure ? "WARN" : "INFO", "platform.report", { requestId, metrics, ...ended }, at),
      ];
    },
    initFailed: (initMs, errorType, at) => {
      const metrics = { durationMs: round(initMs) };
      const record = { initializationType: "on-demand", phase: "init", status: "error", errorType, metrics };
      return write("WARN", "platform.initReport", record, at);
    },
  };
}

function endedAs(failure: Failure | undefined): { readonly status: string; readonly errorType?: string } {
  if (!failure) return { status: "success" };
  const [status = "error", type] = failure.status.split("\tError Type: ");
  return { status, ...(type !== undefined && { errorType: type }) };
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
