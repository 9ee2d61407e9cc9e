import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { EndpointCaller, Headers, HttpRequest } from "../kernel/http.ts";
import type { Deadlines } from "./deadlines.ts";
import { parseHost } from "./host.ts";

export type NodeRequest = IncomingMessage | Http2ServerRequest;
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** The client went away, or broke HTTP, before its request was whole. Nobody is left to answer. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

/** The request is no HTTP that we speak; answered with a bare 400. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

const nothing = new Uint8Array(0);

/** A request of node:http or node:http2, as the rooms see it. What few requests need is made when it is asked for. */
export class WireRequest implements HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  /** In lower case, without port. */
  readonly host: string;
  /** As sent, with port; of valid characters only. */
  readonly authority: string;
  readonly remoteAddress: string;
  readonly tls: boolean;
  readonly #request: NodeRequest;
  /** The response; of an upgraded connection the socket. */
  readonly #response: NodeResponse | Duplex;
  readonly #awaitsContinue: boolean;
  readonly #deadlines: Deadlines;
  readonly #pauseSeconds: number;
  /** Set for endpoints, by those who know the authenticator. */
  authenticator: ((signingName: string) => Promise<EndpointCaller>) | undefined;
  #gone: AbortController | undefined;
  #whole: Promise<Uint8Array> | undefined;

  /** @throws {BadRequest} when host or target are malformed. */
  constructor(
    request: NodeRequest,
    response: NodeResponse | Duplex,
    awaitsContinue: boolean,
    deadlines: Deadlines,
    pauseSeconds: number,
  ) {
    this.#request = request;
    this.#response = response;
    this.#awaitsContinue = awaitsContinue;
    this.#deadlines = deadlines;
    this.#pauseSeconds = pauseSeconds;
    this.method = request.method!;
    this.headers = readHeaders(request);
    // Now, because a connection that has closed no longer knows.
    const { remoteAddress = "", encrypted } = request.socket as TLSSocket;
    this.remoteAddress = remoteAddress.startsWith("::ffff:") ? remoteAddress.slice(7) : remoteAddress;
    this.tls = encrypted === true;
    let target = request.url!;
    let authority = this.headers["host"];
    if (!target.startsWith("/")) {
      // Absolute form, as proxies send it: its authority counts, not the header's (RFC 9112, 3.2.2).
      const match = /^https?:\/\/([^/?#]+)(.*)$/i.exec(target);
      if (match !== null) {
        authority = match[1]!;
        target = match[2]!.startsWith("/") ? match[2]! : `/${match[2]!}`;
      } else if (target !== "*" || this.method !== "OPTIONS") throw new BadRequest("The request target is malformed.");
    }
    if (authority === undefined && request.httpVersion === "1.1") throw new BadRequest("The Host header is missing.");
    this.authority = authority ?? "localhost";
    const host = parseHost(this.authority);
    if (host === undefined) throw new BadRequest("The Host header is malformed.");
    this.host = host;
    const mark = target.indexOf("?");
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? "" : target.slice(mark + 1);
    if (this.query.includes("#") || this.path.includes("#")) throw new BadRequest("The request target is malformed.");
  }

  get httpVersion(): string {
    return this.#request.httpVersion;
  }

  get rawHeaders(): readonly (readonly [name: string, value: string])[] {
    const raw = this.#request.rawHeaders;
    const pairs: [string, string][] = [];
    for (let at = 0; at + 1 < raw.length; at += 2) {
      if (!raw[at]!.startsWith(":")) pairs.push([raw[at]!, raw[at + 1]!]);
    }
    if (this.httpVersion.startsWith("2") && !pairs.some(([name]) => name === "host")) {
      pairs.unshift(["host", this.headers["host"] ?? ""]);
    }
    return pairs;
  }

  get signal(): AbortSignal {
    if (this.#gone !== undefined) return this.#gone.signal;
    const gone = new AbortController();
    this.#gone = gone;
    const response = this.#response as ServerResponse | Duplex;
    const closed = () => {
      // Of an answer that was sent whole, the end is no loss; an upgraded connection is over in any case.
      if (!response.writableEnded || response instanceof Duplex)
        gone.abort(new ClientGone("The client closed the connection."));
    };
    if (response.destroyed) closed();
    else response.once("close", closed);
    return gone.signal;
  }

  get body(): AsyncIterable<Uint8Array> {
    return this.chunks();
  }

  authenticate(signingName: string): Promise<EndpointCaller> {
    if (!this.authenticator) throw new Error("Only requests to endpoints are authenticated on demand.");
    return this.authenticator(signingName);
  }

  /** Whether the client announced a body, though it may be empty. */
  get hasBody(): boolean {
    const { headers } = this;
    if (headers["transfer-encoding"] !== undefined) return true;
    const length = headers["content-length"];
    if (length !== undefined) return length !== "0";
    return this.#request.httpVersionMajor === 2 && !(this.#request as Http2ServerRequest).stream.endAfterHeaders;
  }

  /**
   * The whole body. Rejects with `tooLarge()` as soon as it is known to be longer than `limit`, and with `ClientGone`
   * when it ends too early. Asked again, it answers what it read (and keeps to the first limit).
   */
  readBody(limit: number, tooLarge: () => Error): Promise<Uint8Array> | Uint8Array {
    if (!this.hasBody) return nothing;
    if (Number(this.headers["content-length"] ?? 0) > limit) throw tooLarge();
    if (this.#whole !== undefined) return this.#whole;
    this.#continue();
    const request = this.#request;
    this.#whole = new Promise((resolve, reject) => {
      const deadline = this.#deadlines.watch(this.#pauseSeconds, () => request.destroy());
      let first: Uint8Array | undefined;
      let rest: Uint8Array[] | undefined;
      let size = 0;
      const onData = (chunk: Uint8Array) => {
        deadline.touch();
        size += chunk.byteLength;
        if (size > limit) {
          request.removeListener("data", onData);
          request.pause();
          deadline.done();
          reject(tooLarge());
        } else if (first === undefined) first = chunk;
        else if (rest === undefined) rest = [first, chunk];
        else rest.push(chunk);
      };
      request.on("data", onData);
      let ended = false;
      request.on("end", () => {
        ended = true;
        deadline.done();
        resolve(rest === undefined ? (first ?? nothing) : Buffer.concat(rest, size));
      });
      const onGone = () => {
        // Every request closes in the end, and an error costs its stack.
        if (ended) return;
        deadline.done();
        reject(new ClientGone("The connection closed before the body was complete."));
      };
      request.on("error", onGone);
      request.on("close", onGone);
    });
    return this.#whole;
  }

  /** The body as it comes; reading slowly slows the client down. Stopping early leaves the connection usable. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    if (!this.hasBody) return;
    this.#continue();
    const request = this.#request as IncomingMessage;
    // Only the client's pauses count, not those of the reader.
    let deadline = this.#deadlines.watch(this.#pauseSeconds, () => request.destroy());
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        deadline.done();
        yield chunk as Uint8Array;
        deadline = this.#deadlines.watch(this.#pauseSeconds, () => request.destroy());
      }
    } catch {
      throw new ClientGone("The connection closed before the body was complete.");
    } finally {
      deadline.done();
    }
  }

  /** The client waits for leave to send its body; it gets it when somebody wants to read. */
  #continue(): void {
    if (!this.#awaitsContinue) return;
    const response = this.#response as NodeResponse;
    if (!response.headersSent) response.writeContinue();
  }
}

function readHeaders(request: NodeRequest): Headers {
  const headers = request.headers as Record<string, string | string[]>;
  if (headers["set-cookie"] !== undefined) headers["set-cookie"] = String(headers["set-cookie"]);
  if (request.httpVersionMajor === 2) {
    const plain: Record<string, string> = {};
    for (const name of Object.keys(headers)) if (!name.startsWith(":")) plain[name] = headers[name] as string;
    plain["host"] = (headers[":authority"] as string | undefined) ?? plain["host"] ?? "localhost";
    return plain;
  }
  return headers as Record<string, string>;
}
