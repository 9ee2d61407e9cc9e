import type { Clock } from "../base/clock.ts";
import type { LogFields, LogLevel, LogSink } from "../base/log.ts";

export interface LogOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Log lines for people on a terminal (coloured unless `NO_COLOR` is set), for programs (JSON) otherwise. */
export function logSink(
  output: LogOutput,
  clock: Clock,
  environment: Readonly<Record<string, string | undefined>>,
): LogSink {
  if (output.isTTY) return terminalSink(output, clock, !environment["NO_COLOR"]);
  return jsonSink(output, clock);
}

function jsonSink(output: LogOutput, clock: Clock): LogSink {
  return (level, message, fields) => {
    const line = { time: new Date(clock.now()).toISOString(), level, message, ...plain(fields) };
    output.write(`${JSON.stringify(line)}\n`);
  };
}

const colours = { red: 31, green: 32, yellow: 33, cyan: 36, grey: 90 };
type Colour = keyof typeof colours;

const levelColours: Partial<Record<LogLevel, Colour>> = { debug: "grey", warn: "yellow", error: "red" };

function terminalSink(output: LogOutput, clock: Clock, coloured: boolean): LogSink {
  const paint = (colour: Colour | undefined, text: string) =>
    coloured && colour ? `\u001B[${colours[colour]}m${text}\u001B[0m` : text;
  return (level, message, given) => {
    const { stack, ...fields } = plain(given);
    const { status } = fields;
    const time = paint("grey", timeOfDay(clock.now()));
    const about = typeof status === "number" ? `${paint(statusColour(status), String(status))} ` : "";
    const mark = level === "info" ? "" : `${paint(levelColours[level], level)} `;
    const shown = typeof status === "number" ? requestFields(fields, status) : fields;
    const rest = Object.entries(shown).map(([name, value]) => paint("grey", `${name}=${inline(value)}`));
    output.write(`${[`${time} ${about}${mark}${printable(message)}`, ...rest].join(" ")}\n`);
    if (typeof stack === "string") output.write(`${paint("grey", printable(stack, true))}\n`);
  };
}

/** What a person wants to see of a request: its message names service and operation, and the id matters for refusals. */
function requestFields(fields: Record<string, unknown>, status: number): Record<string, unknown> {
  const { status: _status, service: _service, operation: _operation, requestId, ...rest } = fields;
  return status < 400 ? rest : { ...rest, requestId };
}

/** Fields with errors as plain values. */
function plain(fields: LogFields): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (value instanceof Error) {
      out[name] = `${value.name}: ${value.message}`;
      // A refusal has no frames, and its first line stands in the field already.
      if (value.stack?.includes("\n")) out["stack"] ??= value.stack;
    } else out[name] = typeof value === "bigint" ? value.toString() : value;
  }
  return out;
}

function inline(value: unknown): string {
  return typeof value === "string" && /^[\w./:@*+-]+$/.test(value) ? value : (JSON.stringify(value) ?? "undefined");
}

/** Text from requests must not steer the terminal. */
function printable(text: string, keepLines = false): string {
  return text.replace(/\p{Cc}/gu, (char) =>
    keepLines && char === "\n" ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

function statusColour(status: number): Colour {
  if (status >= 500) return "red";
  return status >= 400 ? "yellow" : "green";
}

function timeOfDay(now: number): string {
  const date = new Date(now);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
