import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { HttpResponse } from "../kernel/http.ts";
import type { NodeResponse } from "./wire-request.ts";

type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** Headers that belong to one connection: HTTP/2 has none of them, and for HTTP/1.1 they are node:http's business. */
const connectionHeaders = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

/**
 * Sends an answer. Resolves when all of it has been handed over; rejects when a streaming body fails, after cutting the
 * connection, so that no client takes half an answer for a whole one.
 */
export function writeResponse(
  response: NodeResponse,
  answer: HttpResponse,
  headOnly: boolean,
  more?: HeaderPairs,
): Promise<void> | undefined {
  const { body } = answer;
  if (typeof body === "string" || body instanceof Uint8Array || body === undefined) {
    const sized = answer.status >= 200 && answer.status !== 204 && answer.status !== 304;
    const length = typeof body === "string" ? Buffer.byteLength(body) : (body?.byteLength ?? 0);
    // What the answer itself says of its length counts only where no body follows (HEAD of an object).
    const own = headOnly || !sized;
    writeHead(response, answer, more, own ? undefined : length);
    // TypeScript cannot pick between the two `end`s.
    if (headOnly || !sized || length === 0) response.end();
    // As many bytes as characters: all ASCII, which need not be encoded.
    else if (typeof body === "string")
      (response as ServerResponse).end(body, length === body.length ? "latin1" : "utf8");
    else (response as ServerResponse).end(body);
    return undefined;
  }
  writeHead(response, answer, more, undefined);
  if (headOnly) {
    response.end();
    // Nobody reads it, but what it holds open must close.
    void body[Symbol.asyncIterator]().return?.();
    return undefined;
  }
  return pump(response as ServerResponse, body);
}

function writeHead(
  response: NodeResponse,
  answer: HttpResponse,
  more: HeaderPairs | undefined,
  length: number | undefined,
): void {
  if (response.req.httpVersionMajor === 2) {
    writeHead2(response as Http2ServerResponse, answer, more, length);
    return;
  }
  const flat: string[] = [];
  for (const [name, value] of answer.headers) {
    const lower = name.toLowerCase();
    if (connectionHeaders.has(lower) || (length !== undefined && lower === "content-length")) continue;
    flat.push(name, value);
  }
  if (more !== undefined) for (const [name, value] of more) flat.push(name, value);
  if (length !== undefined) flat.push("Content-Length", String(length));
  (response as ServerResponse).writeHead(answer.status, flat);
}

function writeHead2(
  response: Http2ServerResponse,
  answer: HttpResponse,
  more: HeaderPairs | undefined,
  length: number | undefined,
): void {
  const headers: OutgoingHttpHeaders = Object.create(null) as OutgoingHttpHeaders;
  for (const [name, value] of more === undefined ? answer.headers : [...answer.headers, ...more]) {
    const lower = name.toLowerCase();
    if (connectionHeaders.has(lower)) continue;
    const before = headers[lower];
    if (before === undefined) headers[lower] = value;
    else headers[lower] = Array.isArray(before) ? [...before, value] : [String(before), value];
  }
  if (length !== undefined) headers["content-length"] = String(length);
  response.writeHead(answer.status, headers);
}

async function pump(response: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  // The head goes out before the first chunk: a client of a long poll or an event stream waits for it.
  response.flushHeaders();
  try {
    for await (const chunk of body) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } catch (error) {
    response.destroy();
    throw error;
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.removeListener("drain", done);
      response.removeListener("close", done);
      resolve();
    };
    response.once("drain", done);
    response.once("close", done);
    if (response.destroyed) done();
  });
}
