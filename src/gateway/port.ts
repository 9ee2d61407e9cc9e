import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  createServer as createHttp2Server,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from "node:tls";
import { realDelay } from "../base/clock.ts";
import { Deadlines } from "./deadlines.ts";
import type { GatewayLimits } from "./limits.ts";
import type { NodeRequest, NodeResponse } from "./wire-request.ts";

export interface TlsMaterial {
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
}

/** What comes in at the port. Neither may throw. */
export interface PortHandlers {
  request(request: NodeRequest, response: NodeResponse, awaitsContinue: boolean): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/**
 * One port that takes HTTP/1.1 and HTTP/2, in the clear and (given a certificate) over TLS: the first bytes tell which.
 * The listener is node:http's own, whose `connection` event is taken over, so that its timeouts and its closing work.
 */
export class Port {
  readonly deadlines = new Deadlines();
  readonly #limits: GatewayLimits;
  readonly #http: Server;
  readonly #http2: Http2Server;
  readonly #tls: TlsServer | undefined;
  readonly #acceptHttp: (socket: Duplex) => void;
  readonly #sockets = new Set<Duplex>();
  /** Connections that have not said yet what they speak. */
  readonly #silent = new Set<Duplex>();
  readonly #upgraded = new Set<Duplex>();
  readonly #sessions = new Map<ServerHttp2Session, number>();
  #stopping = false;

  constructor(handlers: PortHandlers, limits: GatewayLimits, tls: TlsMaterial | undefined) {
    this.#limits = limits;
    const upgrade: PortHandlers["upgrade"] = (request, socket, head) => {
      this.#upgraded.add(socket);
      socket.once("close", () => this.#upgraded.delete(socket));
      handlers.upgrade(request, socket, head);
    };
    this.#http = createHttp({ ...handlers, upgrade }, limits);
    this.#http2 = createHttp2(handlers, limits);
    const accept = this.#http.listeners("connection")[0] as (socket: Duplex) => void;
    this.#acceptHttp = (socket) => accept.call(this.#http, socket);
    this.#http.removeAllListeners("connection");
    this.#http.on("connection", (socket: Socket) => this.#take(socket));
    this.#http2.on("session", (session) => this.#takeSession(session));
    this.#tls = tls === undefined ? undefined : this.#createTls(tls);
  }

  /** Answers the port that it got. Rejects when the address is taken or not this machine's. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen({ host, port }, () => {
        this.#http.removeListener("error", reject);
        this.#http.on("error", () => {});
        resolve((this.#http.address() as AddressInfo).port);
      });
    });
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Takes no more connections, lets what runs finish, and cuts what is left after `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    for (const session of this.#sessions.keys()) session.close();
    for (const socket of this.#silent) socket.destroy();
    // A WebSocket has no last request to wait for.
    for (const socket of this.#upgraded) socket.end();
    const settled = new AbortController();
    const cut = this.#cutAfter(withinMs, settled.signal);
    await closed;
    settled.abort();
    await cut;
    this.deadlines.stop();
  }

  async #cutAfter(ms: number, settled: AbortSignal): Promise<void> {
    try {
      await realDelay(ms, settled);
    } catch {
      return;
    }
    for (const socket of this.#sockets) socket.destroy();
  }

  /** A new connection: watched until its first bytes say what it speaks. */
  #take(socket: Socket): void {
    if (this.#stopping) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    this.#sniff(socket, (first) => first === 0x16 && this.#tls !== undefined);
  }

  #sniff(socket: Duplex, isTls: (firstByte: number) => boolean): void {
    // node's own errors of a connection (resets) matter to whoever reads from it then; until then to nobody.
    const ignore = () => {};
    socket.on("error", ignore);
    this.#silent.add(socket);
    const deadline = this.deadlines.watch(this.#limits.headSeconds, () => socket.destroy());
    const settled = () => {
      this.#silent.delete(socket);
      deadline.done();
    };
    let bytes: Buffer = Buffer.alloc(0);
    const look = () => {
      const more = socket.read() as Buffer | null;
      if (more === null) return;
      bytes = bytes.length === 0 ? more : Buffer.concat([bytes, more]);
      // `PRI ` alone is the preface's and no method's; wait for the rest so that nothing else is taken for HTTP/2.
      if (bytes.length < preface.length && preface.subarray(0, bytes.length).equals(bytes)) return;
      socket.removeListener("readable", look);
      socket.removeListener("close", settled);
      settled();
      socket.unshift(bytes);
      if (isTls(bytes[0]!)) this.#tls!.emit("connection", socket);
      else if (bytes.length >= preface.length && preface.equals(bytes.subarray(0, preface.length))) {
        this.#http2.emit("connection", socket);
      } else {
        socket.removeListener("error", ignore);
        this.#acceptHttp(socket);
      }
    };
    socket.on("readable", look);
    socket.once("close", settled);
  }

  #takeSession(session: ServerHttp2Session): void {
    this.#sessions.set(session, 0);
    session.on("error", () => session.destroy());
    session.on("close", () => this.#sessions.delete(session));
    let deadline = this.deadlines.watch(this.#limits.headSeconds, () => session.close());
    session.on("stream", (stream) => {
      deadline.done();
      this.#sessions.set(session, (this.#sessions.get(session) ?? 0) + 1);
      stream.on("error", () => {});
      stream.on("close", () => {
        const open = (this.#sessions.get(session) ?? 1) - 1;
        if (!this.#sessions.has(session)) return;
        this.#sessions.set(session, open);
        if (open === 0) deadline = this.deadlines.watch(this.#limits.keepAliveSeconds, () => session.close());
      });
    });
    session.on("close", () => deadline.done());
  }

  #createTls(material: TlsMaterial): TlsServer {
    const server = createTlsServer({
      cert: Buffer.from(material.cert),
      key: Buffer.from(material.key),
      ALPNProtocols: ["h2", "http/1.1"],
      handshakeTimeout: this.#limits.headSeconds * 1000,
      minVersion: "TLSv1.2",
    });
    server.on("secureConnection", (socket: TLSSocket) => {
      socket.setNoDelay(true);
      if (socket.alpnProtocol === "h2") {
        socket.on("error", () => {});
        this.#http2.emit("connection", socket);
      } else this.#acceptHttp(socket);
    });
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    return server;
  }
}

function createHttp(handlers: PortHandlers, limits: GatewayLimits): Server {
  const server = createHttpServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headSeconds * 1000,
    requestTimeout: limits.requestSeconds * 1000,
    keepAliveTimeout: limits.keepAliveSeconds * 1000,
    connectionsCheckingInterval: 1000,
    joinDuplicateHeaders: true,
    noDelay: true,
    // WireRequest looks at the host.
    requireHostHeader: false,
    // Java's HTTP client offers h2c with every request; it is content with HTTP/1.1.
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === "websocket",
  });
  server.maxHeadersCount = limits.headerCount;
  server.maxConnections = limits.connections;
  server.on("request", (request, response) => handlers.request(request, response, false));
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) =>
    handlers.request(request, response, true),
  );
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { connection: "close" });
    response.end();
  });
  server.on("upgrade", handlers.upgrade);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // As node's own handler: never a refusal in the middle of an answer that has begun.
    const { _httpMessage: current } = socket as Duplex & { _httpMessage?: ServerResponse | null };
    if (error.code === "ECONNRESET" || !socket.writable || current?.headersSent === true) socket.destroy();
    else socket.end(refusalOf(error.code));
  });
  return server;
}

/** What is answered to bytes that are no HTTP that we speak; the connection ends with it, for nobody knows where the next request begins. */
function refusalOf(code: string | undefined): string {
  const status =
    code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : "400 Bad Request";
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
}

function createHttp2(handlers: PortHandlers, limits: GatewayLimits): Http2Server {
  const server = createHttp2Server({
    maxHeaderListPairs: limits.headerCount,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 100,
    maxSessionMemory: 32,
    maxSettings: 32,
    maxOutstandingPings: 10,
    // Rapid reset (CVE-2023-44487): a client that keeps cancelling is cut off.
    streamResetBurst: 500,
    streamResetRate: 50,
    settings: {
      maxConcurrentStreams: limits.streams,
      maxHeaderListSize: limits.headerBytes,
      initialWindowSize: 1024 * 1024,
      enablePush: false,
    },
  });
  server.on("request", (request: Http2ServerRequest, response: Http2ServerResponse) =>
    handlers.request(request, response, false),
  );
  server.on("checkContinue", (request: Http2ServerRequest, response: Http2ServerResponse) =>
    handlers.request(request, response, true),
  );
  server.on("sessionError", (_error, session) => session.destroy());
  return server;
}
