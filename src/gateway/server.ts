import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { catalogue } from "../api/catalogue.ts";
import type { CatalogueEntry } from "../api/model.ts";
import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Dispatcher } from "../kernel/dispatch.ts";
import type { HttpResponse } from "../kernel/http.ts";
import type { IdentityProvider } from "../kernel/identity.ts";
import { report, type Trace } from "./answer.ts";
import { type AuthMode, Authenticator, type RootCredentials } from "./authenticate.ts";
import { ServiceFinder } from "./identify.ts";
import { defaultLimits, type GatewayLimits } from "./limits.ts";
import type { PlatformControls } from "./platform-endpoints.ts";
import { Port, type TlsMaterial } from "./port.ts";
import { receive, type ReceiveContext } from "./receive.ts";
import { Turn } from "./turn.ts";
import { takeUpgrade } from "./upgrade.ts";
import { BadRequest, ClientGone, type NodeRequest, type NodeResponse, WireRequest } from "./wire-request.ts";
import { writeResponse } from "./write-response.ts";

export interface GatewayOptions {
  /** Where to listen. Ask `isLoopback` first: lenient authentication is for this machine only. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** With it the port takes both http and https. */
  readonly tls?: TlsMaterial;
  readonly dispatcher: Dispatcher;
  readonly identities: IdentityProvider;
  readonly controls: PlatformControls;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly auth: AuthMode;
  readonly rootCredentials?: RootCredentials;
  /** Account and region of requests that name none. */
  readonly account: string;
  readonly region: string;
  readonly limits?: Partial<GatewayLimits>;
  /** Origins besides loopback whose pages may call the AWS APIs. */
  readonly corsOrigins?: readonly string[];
  /** Names under which browsers may call besides local ones. */
  readonly hosts?: readonly string[];
  /** Who gets unsigned requests that name no service: `s3` once it is there, for its public objects. */
  readonly anonymousService?: string;
  /** For tests; the generated one otherwise. */
  readonly catalogue?: readonly CatalogueEntry[];
}

export interface Gateway {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:4566`; https where there is a certificate. */
  readonly url: string;
  /** Finishes what is in flight, at most so long, and ends. */
  stop(withinMs: number): Promise<void>;
}

/** Opens the front door. Rejects when the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const limits: GatewayLimits = { ...defaultLimits, ...options.limits };
  const { log } = options;
  const context: ReceiveContext = {
    services: new ServiceFinder(options.catalogue ?? catalogue),
    dispatcher: options.dispatcher,
    authenticator: new Authenticator({
      mode: options.auth,
      identities: options.identities,
      account: options.account,
      clock: options.clock,
      ...(options.rootCredentials === undefined ? {} : { rootCredentials: options.rootCredentials }),
    }),
    limits,
    region: options.region,
    auth: options.auth,
    anonymousService: options.anonymousService,
    log,
    crossOrigin: { origins: options.corsOrigins ?? [], hosts: options.hosts ?? [] },
    controls: options.controls,
  };

  const turn = new Turn();
  /** Connections that end with a 400: nothing that came after it on them is believed. */
  const condemned = new WeakSet<Duplex>();

  const serve = async (nodeRequest: NodeRequest, nodeResponse: NodeResponse, awaitsContinue: boolean) => {
    if (condemned.has(nodeRequest.socket)) return;
    const startedAt = options.clock.monotonic();
    const trace: Trace = { requestId: options.ids.uuid() };
    let answered: HttpResponse;
    try {
      const request = new WireRequest(nodeRequest, nodeResponse, awaitsContinue, port.deadlines, limits.pauseSeconds);
      answered = await receive(request, context, trace);
      await turn.end();
      const written = writeResponse(
        nodeResponse,
        answered,
        request.method === "HEAD",
        closing(nodeRequest, awaitsContinue),
      );
      if (written !== undefined) await written;
    } catch (error) {
      if (error instanceof ClientGone) {
        nodeResponse.destroy();
        return;
      }
      answered = error instanceof BadRequest ? { status: 400, headers: [], body: `${error.message}\n` } : broken;
      if (error instanceof BadRequest) condemned.add(nodeRequest.socket);
      else report(error, trace, log);
      cut(nodeResponse, answered);
    }
    if (!log.enabled("info")) return;
    log.info(nameOf(nodeRequest, trace), {
      status: answered.status,
      ms: Math.round((options.clock.monotonic() - startedAt) * 100) / 100,
      ...trace,
    });
  };

  /** The connection ends with this answer where its body was not read, or the platform stops. */
  const closing = (request: NodeRequest, awaitsContinue: boolean): [string, string][] | undefined => {
    if (request.httpVersionMajor === 2) return undefined;
    const unread = !(request as IncomingMessage).complete && !request.readableEnded && hasBody(request);
    if (unread && !awaitsContinue) drain(request as IncomingMessage, limits.bodyBytes);
    return port.stopping || (unread && awaitsContinue) ? [["Connection", "close"]] : undefined;
  };

  const port: Port = new Port(
    {
      request: (request, response, awaitsContinue) => void serve(request, response, awaitsContinue),
      upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        void takeUpgrade(request, socket, head, { ...context, deadlines: port.deadlines }, options.ids.uuid()),
    },
    limits,
    options.tls,
  );
  const number = await port.listen(options.host, options.port);
  const name = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    host: options.host,
    port: number,
    url: `${options.tls === undefined ? "http" : "https"}://${name}:${number}`,
    stop: (withinMs) => port.stop(withinMs),
  };
}

const broken: HttpResponse = { status: 500, headers: [], body: "Internal server error\n" };

/** Last resort: says what went wrong if nothing has been said yet, and ends the connection in any case. */
function cut(response: NodeResponse, answered: HttpResponse): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const headers: Record<string, string> = { "content-type": "text/plain; charset=utf-8" };
  if (response.req.httpVersionMajor === 1) headers["connection"] = "close";
  (response as ServerResponse).writeHead(answered.status, headers);
  (response as ServerResponse).end(answered.body as string);
}

function hasBody(request: NodeRequest): boolean {
  const { headers } = request;
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/**
 * Lets the rest of a refused body pass, so that the client gets to read the answer and may use the connection again; but
 * not without end.
 */
function drain(request: IncomingMessage, limit: number): void {
  let left = limit;
  request.on("data", (chunk: Uint8Array) => {
    left -= chunk.byteLength;
    if (left < 0) request.socket.destroy();
  });
  request.resume();
}

/** What the log calls a request: AWS's operation, or method and path where it is none. Queries may hold secrets. */
function nameOf({ method, url = "" }: NodeRequest, { service, operation }: Trace): string {
  if (service !== undefined && operation !== undefined) return `${service}.${operation}`;
  const path = url.split("?", 1)[0]!.slice(0, 200);
  return `${service === undefined ? "" : `${service} `}${method} ${path}`;
}
