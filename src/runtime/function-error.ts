import { asBuffer, decodeUtf8, utf8 } from "../base/bytes.ts";
import type { FunctionError } from "./runtime.ts";

/** An error of the runtime's own making. */
export function functionError(errorType: string, errorMessage: string): FunctionError {
  return { errorType, payload: utf8(JSON.stringify({ errorType, errorMessage })) };
}

/** The error that a runtime reported. Its body passes through as it came, when it is JSON. */
export function parseFunctionError(errorType: string | undefined, body: Uint8Array): FunctionError {
  const text = decodeUtf8(body);
  let parsed: unknown;
  try {
    parsed = text === undefined ? undefined : JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (parsed === undefined)
    return functionError(errorType || "Runtime.Unknown", text ?? asBuffer(body).toString("latin1"));
  const own = typeof parsed === "object" && parsed !== null && "errorType" in parsed ? parsed.errorType : undefined;
  return { errorType: errorType || (typeof own === "string" && own) || "Runtime.Unknown", payload: body };
}
