import { decodeUtf8 } from "../../../base/bytes.ts";
import type { HttpResponse } from "../../../kernel/http.ts";

type Pair = readonly [name: string, value: string];

/**
 * What a client receives for a function's answer. An object with a `statusCode` says all; any other JSON is the body.
 * Undefined where the answer cannot be read.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
 */
export function readAnswer(payload: Uint8Array): HttpResponse | undefined {
  const text = decodeUtf8(payload);
  if (text === undefined) return undefined;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(answer) || answer["statusCode"] === undefined) {
    const body = typeof answer === "string" ? answer : text;
    return { status: 200, headers: [["content-type", "application/json"]], body };
  }
  const head = readHead(answer);
  const body = answer["body"] ?? "";
  if (!head || typeof body !== "string") return undefined;
  return { ...head, body: answer["isBase64Encoded"] === true ? Buffer.from(body, "base64") : body };
}

/** Status, headers and cookies; also what a streamed answer begins with. */
export function readHead(answer: unknown): { readonly status: number; readonly headers: readonly Pair[] } | undefined {
  if (!isObject(answer)) return undefined;
  const status = Number(answer["statusCode"] ?? 200);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const headers: Pair[] = [];
  const given = answer["headers"] ?? {};
  if (!isObject(given)) return undefined;
  for (const [name, value] of Object.entries(given)) {
    if (value === null || typeof value === "object" || !isHeader(name, String(value))) return undefined;
    headers.push([name.toLowerCase(), String(value)]);
  }
  if (!headers.some(([name]) => name === "content-type")) headers.push(["content-type", "application/json"]);
  const cookies = answer["cookies"] ?? [];
  if (!Array.isArray(cookies)) return undefined;
  for (const cookie of cookies) {
    if (!isHeader("set-cookie", String(cookie))) return undefined;
    headers.push(["set-cookie", String(cookie)]);
  }
  // The connection is the platform's.
  return { status, headers: headers.filter(([name]) => !ownHeaders.has(name)) };
}

const ownHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

function isHeader(name: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-zA-Z-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
