export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

const ranks: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log. Messages are sentences; what varies goes into fields. Never log secrets or request bodies. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Whether a line of this level would be written; ask before building costly fields. */
  enabled(level: LogLevel): boolean;
}

/** Where log lines go. */
export type LogSink = (level: LogLevel, message: string, fields: LogFields) => void;

export function createLog(level: LogLevel, sink: LogSink): Log {
  const at = (line: LogLevel) => (message: string, fields?: LogFields) => {
    if (ranks[line] >= ranks[level]) sink(line, message, fields ?? {});
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    enabled: (line) => ranks[line] >= ranks[level],
  };
}

export const silentLog: Log = createLog("silent", () => {});
