import { createServer } from "node:http";
import { createServer as createNetServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { asBuffer, concatBytes, utf8 } from "../base/bytes.ts";
import { functionError, parseFunctionError } from "./function-error.ts";
import { RuntimeConnection } from "./runtime-connection.ts";
import type { ApiRequest, ApiResponse } from "./runtime-connection.ts";
import type { FunctionError, Invocation } from "./runtime.ts";

/** The largest buffered response, as AWS counts it: 6 MiB and 100 bytes. */
export const maxResponseBytes = 6_291_556;
/** The largest streamed response: 200 MiB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
const maxStreamedBytes = 200 * 1024 * 1024;

/** How one invocation was answered over the Runtime API. */
export type Answer =
  | { readonly kind: "response"; readonly payload: Uint8Array }
  | { readonly kind: "error"; readonly error: FunctionError };

interface Exchange {
  readonly invocation: Invocation;
  readonly deadlineHeader: string;
  readonly settle: (answer: Answer) => void;
}

/** Named as in AWS's own messages. */
type State =
  | "Started"
  | "InitError"
  | "Ready"
  | "Running"
  | "InvocationResponse"
  | "InvocationErrorResponse"
  | "ResponseSent";

/**
 * The Lambda Runtime API of one execution environment, on a loopback port of its own.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #state: State = "Started";
  #poller: ApiResponse | undefined;
  #exchange: Exchange | undefined;
  #onIdle: (() => void) | undefined;
  #address = "";

  /** Called when the runtime asks for its first invocation: init has ended well. */
  onReady: () => void = () => {};
  /** Called when the runtime reports that init failed. */
  onInitError: (error: FunctionError) => void = () => {};

  private constructor() {
    // Long polls and streamed responses take as long as the function's timeout allows, which is watched elsewhere.
    // Trailers carry errors with whole stack traces, hence the room for headers.
    const http = createServer({ requestTimeout: 0, maxHeaderSize: 1024 * 1024 }, (req, res) => this.#route(req, res));
    http.keepAliveTimeout = 0;
    const leave = (socket: Socket) => http.emit("connection", socket);
    const route = (req: ApiRequest, res: ApiResponse) => this.#route(req, res);
    this.#server = createNetServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        if (this.#sockets.size === 0) this.#onIdle?.();
      });
      new RuntimeConnection(socket, route, leave).start();
    });
  }

  static async listen(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((resolve, reject) => {
      api.#server.once("error", reject);
      api.#server.listen(0, "127.0.0.1", resolve);
    });
    api.#address = `127.0.0.1:${(api.#server.address() as AddressInfo).port}`;
    return api;
  }

  /** The value of `AWS_LAMBDA_RUNTIME_API`. */
  get address(): string {
    return this.#address;
  }

  /** Whether the runtime waits for an invocation. */
  get isPolled(): boolean {
    return this.#state === "Ready" && this.#poller !== undefined && !this.#poller.destroyed;
  }

  /** Whether an invocation is here that the runtime has not taken yet. */
  get holdsInvocation(): boolean {
    return this.#exchange !== undefined && (this.#state === "Ready" || this.#state === "ResponseSent");
  }

  /**
   * Hands an invocation to the runtime, at once or when it asks. `settle` is called when it is answered, if ever.
   * `machineDeadline` is the deadline on the machine's clock, which is the one that the function can read.
   */
  invoke(invocation: Invocation, machineDeadline: number, settle: (answer: Answer) => void): void {
    this.#exchange = { invocation, deadlineHeader: String(Math.round(machineDeadline)), settle };
    this.#deliver();
  }

  /** Resolves when every connection has been closed by the other side: nothing more will come from a dead process. */
  drained(): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#onIdle = resolve));
  }

  close(): void {
    this.#exchange = undefined;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #route(req: ApiRequest, res: ApiResponse): void {
    res.sendDate = false;
    req.on("error", ignore);
    // Neither a page in a browser nor a name that was rebound to this address may speak for the function.
    if (req.headers.origin !== undefined || req.headers.host !== this.#address) {
      return refuse(
        req,
        res,
        403,
        "AccessDenied",
        `The Runtime API answers only its own runtime, at ${this.#address}.`,
      );
    }
    const path = req.url ?? "";
    if (path === "/2018-06-01/runtime/invocation/next" && req.method === "GET") return this.#next(req, res);
    const post = /^\/2018-06-01\/runtime\/(?:init\/error|invocation\/([^/]+)\/(response|error))$/.exec(path);
    if (!post) return refuse(req, res, 404, "NotFound", `There is no ${req.method} ${path} in the Runtime API.`);
    if (req.method !== "POST") return refuse(req, res, 405, "MethodNotAllowed", `Use POST for ${path}.`);
    if (post[1] === undefined) return this.#initError(req, res);
    this.#answer(req, res, post[1], post[2] === "error");
  }

  #next(req: ApiRequest, res: ApiResponse): void {
    if (this.#state === "Running" || this.#state === "InitError") return this.#refuseState(req, res, "Ready");
    // A client that gave its connection up may come back on another one; only the newest is answered.
    const older = this.#poller;
    if (older && !older.destroyed)
      refuse(undefined, older, 403, "InvalidStateTransition", "Another poll took this one's place.");
    this.#poller = res;
    // With the body of the last response still on its way (pipelining), this poll waits for its end.
    if (this.#state === "InvocationResponse" || this.#state === "InvocationErrorResponse") return;
    this.#becomeReady();
  }

  #becomeReady(): void {
    const first = this.#state === "Started";
    this.#state = "Ready";
    if (first) this.onReady();
    this.#deliver();
  }

  #deliver(): void {
    const exchange = this.#exchange;
    const res = this.#poller;
    if (!exchange || !res || this.#state !== "Ready") return;
    this.#poller = undefined;
    if (res.destroyed) return;
    this.#state = "Running";
    const { invocation } = exchange;
    const headers: Record<string, string | number> = {
      "Content-Type": "application/json",
      "Content-Length": invocation.event.byteLength,
      "Lambda-Runtime-Aws-Request-Id": invocation.requestId,
      "Lambda-Runtime-Deadline-Ms": exchange.deadlineHeader,
      "Lambda-Runtime-Invoked-Function-Arn": invocation.functionArn,
    };
    if (invocation.traceId) headers["Lambda-Runtime-Trace-Id"] = invocation.traceId.replace(/[^\x20-\x7e]/g, "?");
    if (invocation.clientContext) headers["Lambda-Runtime-Client-Context"] = asciiJson(invocation.clientContext);
    if (invocation.cognitoIdentity) headers["Lambda-Runtime-Cognito-Identity"] = asciiJson(invocation.cognitoIdentity);
    res.writeHead(200, headers);
    res.end(invocation.event);
  }

  #initError(req: ApiRequest, res: ApiResponse): void {
    if (this.#state !== "Started") return this.#refuseState(req, res, "InitError");
    this.#state = "InitError";
    read(req, (body) => {
      accept(res);
      this.onInitError(body ? errorOf(req, body) : tooLarge());
    });
  }

  #answer(req: ApiRequest, res: ApiResponse, id: string, isError: boolean): void {
    if (this.#state !== "Running") {
      return this.#refuseState(req, res, isError ? "InvocationErrorResponse" : "InvocationResponse");
    }
    const exchange = this.#exchange;
    if (!exchange || id !== exchange.invocation.requestId) {
      return refuse(req, res, 400, "InvalidRequestID", "Invalid request ID");
    }
    const mode = req.headers["lambda-runtime-function-response-mode"];
    if (mode !== undefined && mode !== "streaming") {
      return refuse(req, res, 400, "InvalidFunctionResponseMode", "Invalid function response mode");
    }
    this.#state = isError ? "InvocationErrorResponse" : "InvocationResponse";
    const settle = (answer: Answer) => {
      this.#state = "ResponseSent";
      this.#exchange = undefined;
      exchange.settle(answer);
      if (this.#poller) this.#becomeReady();
    };
    const trailingError = () => errorOf(req, asBuffer(Buffer.from(trailer(req, "body") ?? "", "base64")));

    const { onStream } = exchange.invocation;
    if (mode === "streaming" && !isError && onStream) {
      stream(req, onStream, (complete) => {
        if (complete) accept(res);
        else
          refuse(
            req,
            res,
            413,
            "RequestEntityTooLarge",
            `Exceeded maximum allowed payload size (${maxStreamedBytes} bytes).`,
          );
        if (trailer(req, "type") !== undefined) settle({ kind: "error", error: trailingError() });
        else
          settle(
            complete
              ? { kind: "response", payload: new Uint8Array() }
              : { kind: "error", error: tooLarge(maxStreamedBytes) },
          );
      });
      return;
    }
    read(req, (body) => {
      if (!body) {
        refuse(
          req,
          res,
          413,
          "RequestEntityTooLarge",
          `Exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
        );
        return settle({ kind: "error", error: tooLarge() });
      }
      accept(res);
      if (isError) settle({ kind: "error", error: errorOf(req, body) });
      else if (trailer(req, "type") !== undefined) settle({ kind: "error", error: trailingError() });
      else settle({ kind: "response", payload: body });
    });
  }

  #refuseState(req: ApiRequest, res: ApiResponse, to: State): void {
    refuse(
      req,
      res,
      403,
      "InvalidStateTransition",
      `State transition from ${this.#state} to ${to} failed for runtime. Error: State transition is not allowed`,
    );
  }
}

function ignore(): void {}

const accepted = utf8('{"status":"OK"}\n');

function accept(res: ApiResponse): void {
  res.writeHead(202, { "Content-Type": "application/json", "Content-Length": accepted.byteLength });
  res.end(accepted);
}

function refuse(
  req: ApiRequest | undefined,
  res: ApiResponse,
  status: number,
  errorType: string,
  errorMessage: string,
): void {
  // What is left of the body is read and forgotten, so that the connection stays in step.
  req?.resume();
  const body = utf8(JSON.stringify({ errorMessage, errorType }));
  res.writeHead(status, { "Content-Type": "application/json", "Content-Length": body.byteLength });
  res.end(body);
}

/** Calls back with the whole body, or with undefined when it is too large; never when the connection breaks. */
function read(req: ApiRequest, done: (body: Uint8Array | undefined) => void): void {
  const chunks: Uint8Array[] = [];
  let size = 0;
  req.on("data", (chunk: Uint8Array) => {
    size += chunk.byteLength;
    if (size <= maxResponseBytes) chunks.push(chunk);
    else chunks.length = 0;
  });
  req.on("end", () => done(size <= maxResponseBytes ? concatBytes(chunks) : undefined));
}

/** Passes a body on as it comes. `done` tells whether it kept within the limit; it is not called when the connection breaks. */
function stream(
  req: ApiRequest,
  onStream: NonNullable<Invocation["onStream"]>,
  done: (complete: boolean) => void,
): void {
  let size = 0;
  req.on("end", () => done(size <= maxStreamedBytes));
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of req.iterator!({ destroyOnReturn: false })) {
        size += (chunk as Uint8Array).byteLength;
        if (size > maxStreamedBytes) return;
        yield chunk as Uint8Array;
      }
    } finally {
      // A reader that leaves early must not hold the function up.
      req.resume();
    }
  }
  onStream(String(req.headers["content-type"] ?? "application/octet-stream"), body());
}

function trailer(req: ApiRequest, part: "type" | "body"): string | undefined {
  return req.trailers[`lambda-runtime-function-error-${part}`];
}

function errorOf(req: ApiRequest, body: Uint8Array): FunctionError {
  const header = req.headers["lambda-runtime-function-error-type"] ?? trailer(req, "type");
  return parseFunctionError(typeof header === "string" ? header : undefined, body);
}

function tooLarge(limit: number = maxResponseBytes): FunctionError {
  return functionError(
    "Function.ResponseSizeTooLarge",
    `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
  );
}

/** JSON on one line with everything beyond ASCII escaped, because header values are bytes. */
function asciiJson(json: string): string {
  return json
    .replace(/[\t\r\n]/g, " ")
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
