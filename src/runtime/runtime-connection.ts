import type { Socket } from "node:net";

/** What the Runtime API needs of a request: node:http's, or one of a `RuntimeConnection`. */
export interface ApiRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly trailers: Readonly<Record<string, string | undefined>>;
  on(event: "data" | "end" | "error", listener: (...args: never[]) => void): unknown;
  /** Reads what is left of the body and forgets it. */
  resume(): unknown;
  /** Only of node:http's requests, which streamed responses always are. */
  iterator?(options: { readonly destroyOnReturn: boolean }): AsyncIterable<unknown>;
}

/** What it needs of an answer. */
export interface ApiResponse {
  sendDate: boolean;
  /** Whether the connection is gone. */
  readonly destroyed: boolean;
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  end(body: Uint8Array): unknown;
}

/** Requests with larger heads or bodies are left to node:http, which does not gather them by copying. */
const maxHeadBytes = 16_384;
const maxBodyBytes = 65_536;
/** Answers up to this size are copied into one piece, so that one write sends them. */
const maxCopiedBytes = 65_536;

/**
 * One connection of a runtime, read by hand as long as it speaks as runtimes do: calls for the next invocation and whole,
 * small responses. node:http costs more than all else of a warm invocation here. Whatever else comes is handed over to
 * it, with the bytes that are not answered yet.
 */
export class RuntimeConnection {
  readonly #socket: Socket;
  readonly #route: (request: ApiRequest, response: ApiResponse) => void;
  readonly #leave: (socket: Socket) => void;
  #bytes: Buffer = Buffer.alloc(0);
  /** A request was routed and is not answered yet. */
  #answering = false;
  #parsing = false;
  /** An answer that waits for the next one, which travels with it. */
  #held: Buffer | undefined;

  constructor(
    socket: Socket,
    route: (request: ApiRequest, response: ApiResponse) => void,
    leave: (socket: Socket) => void,
  ) {
    this.#socket = socket;
    this.#route = route;
    this.#leave = leave;
  }

  /** Begins to read. */
  start(): void {
    this.#socket.on("error", ignore);
    this.#socket.on("data", this.#read);
    this.#socket.once("end", this.#end);
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  /** Called once for each routed request. */
  answer(head: string, body: Uint8Array): void {
    const held = this.#held;
    this.#held = undefined;
    this.#answering = false;
    if (body.byteLength > maxCopiedBytes) {
      this.#socket.cork();
      if (held) this.#socket.write(held);
      this.#socket.write(head, "latin1");
      this.#socket.write(body);
      this.#socket.uncork();
    } else {
      const heldBytes = held?.length ?? 0;
      const bytes = Buffer.allocUnsafe(heldBytes + head.length + body.byteLength);
      held?.copy(bytes);
      bytes.write(head, heldBytes, "latin1");
      bytes.set(body, heldBytes + head.length);
      // A request that came with this one is routed next, and its answer sent with this one's: a write is what costs.
      if (this.#parsing && this.#bytes.length > 0) this.#held = bytes;
      else this.#socket.write(bytes);
    }
    if (!this.#parsing) this.#parse();
  }

  readonly #read = (chunk: Buffer): void => {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    // Nobody who waits for an answer has so much to say.
    if (this.#answering && this.#bytes.length > maxBodyBytes) this.#socket.destroy();
    else if (!this.#answering) this.#parse();
  };

  readonly #end = (): void => {
    this.#socket.end();
  };

  #parse(): void {
    this.#parsing = true;
    let known = true;
    while (known && !this.#answering && this.#bytes.length > 0) known = this.#parseOne();
    this.#parsing = false;
    if (this.#answering || !this.#held) return;
    this.#socket.write(this.#held);
    this.#held = undefined;
  }

  /** Routes the first request there is; false when there is no whole one, or none for us. */
  #parseOne(): boolean {
    const bytes = this.#bytes;
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) {
      if (bytes.length > maxHeadBytes) this.#handOver();
      return false;
    }
    const head = parseHead(bytes.toString("latin1", 0, end));
    if (!head) {
      this.#handOver();
      return false;
    }
    const from = end + 4;
    const to = from + head.bodyBytes;
    if (bytes.length < to) return false;
    this.#bytes = bytes.subarray(to);
    this.#answering = true;
    this.#route(new WholeRequest(head, bytes.subarray(from, to)), new WholeResponse(this));
    return true;
  }

  #handOver(): void {
    const socket = this.#socket;
    if (this.#held) socket.write(this.#held);
    this.#held = undefined;
    socket.removeListener("data", this.#read);
    socket.removeListener("end", this.#end);
    socket.removeListener("error", ignore);
    socket.pause();
    socket.unshift(this.#bytes);
    this.#bytes = Buffer.alloc(0);
    this.#leave(socket);
    socket.resume();
  }
}

interface Head {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
}

const requestLine = /^(GET|POST) (\/[!-~]*) HTTP\/1\.1$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;
/** Headers that ask for more than reading one request after another. */
const leftToHttp: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "lambda-runtime-function-response-mode",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Undefined for everything that is not as plain as runtimes' requests are. */
function parseHead(text: string): Head | undefined {
  const [first = "", ...lines] = text.split("\r\n");
  const [, method, url] = requestLine.exec(first) ?? [];
  if (method === undefined || url === undefined) return undefined;
  const headers = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const [, given, value] = headerLine.exec(line) ?? [];
    if (given === undefined || value === undefined) return undefined;
    const name = given.toLowerCase();
    if (leftToHttp.has(name) || headers[name] !== undefined) return undefined;
    headers[name] = value;
  }
  const length = headers["content-length"];
  if (length === undefined) return method === "GET" ? { method, url, headers, bodyBytes: 0 } : undefined;
  if (!/^\d{1,6}$/.test(length) || Number(length) > maxBodyBytes) return undefined;
  return { method, url, headers, bodyBytes: Number(length) };
}

class WholeRequest implements ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly trailers = {};
  readonly #body: Buffer;

  constructor({ method, url, headers }: Head, body: Buffer) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.#body = body;
  }

  on(event: "data" | "end" | "error", listener: (...args: never[]) => void): void {
    if (event === "data" && this.#body.length > 0) (listener as (chunk: Uint8Array) => void)(this.#body);
    if (event === "end") listener();
  }

  resume(): void {}
}

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  202: "Accepted",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Payload Too Large",
};

class WholeResponse implements ApiResponse {
  sendDate = false;
  readonly #connection: RuntimeConnection;
  #head = "";

  constructor(connection: RuntimeConnection) {
    this.#connection = connection;
  }

  get destroyed(): boolean {
    return this.#connection.destroyed;
  }

  writeHead(status: number, headers: Readonly<Record<string, string | number>>): void {
    let head = `HTTP/1.1 ${status} ${reasons[status] ?? ""}\r\n`;
    for (const name of Object.keys(headers)) head += `${name}: ${headers[name]}\r\n`;
    this.#head = `${head}\r\n`;
  }

  end(body: Uint8Array): void {
    this.#connection.answer(this.#head, body);
  }
}

function ignore(): void {}
