import { AwsError } from "../api/aws-error.ts";
import type { OperationModel, ServiceModel } from "../api/model.ts";
import type { Log } from "../base/log.ts";
import type { Dispatcher, RequestFacts } from "../kernel/dispatch.ts";
import type { Headers, HttpResponse } from "../kernel/http.ts";
import type { Principal } from "../kernel/principal.ts";
import type { Authenticator, Caller } from "./authenticate.ts";
import { type ServiceFinder, type Target, unknownService } from "./identify.ts";
import { bodyBytesOf, type GatewayLimits } from "./limits.ts";
import { receiveStream, receiveWhole } from "./payload.ts";
import { gunzipBody, isGzipped } from "./protocols/content-coding/gunzip.ts";
import type { RequestHead, ServiceProtocols, WireProtocol } from "./protocols/protocol.ts";
import { refuseWithoutService, serviceProtocols } from "./protocols/service-protocols.ts";
import { refusalStyle } from "./sigv4/refusals.ts";
import { findSignature, type Signature } from "./sigv4/signature.ts";
import { ClientGone, type WireRequest } from "./wire-request.ts";

/** What the way of a request through the front door needs. */
export interface AnswerContext {
  readonly services: ServiceFinder;
  readonly dispatcher: Dispatcher;
  readonly authenticator: Authenticator;
  readonly limits: GatewayLimits;
  readonly region: string;
  /** Who gets unsigned requests that name nothing. */
  readonly anonymousService?: string | undefined;
  readonly log: Log;
}

/** What the log says of a request, filled in as it becomes known. */
export interface Trace {
  readonly requestId: string;
  service?: string;
  operation?: string;
  account?: string;
  region?: string;
  /** AWS's code of a refusal. */
  error?: string;
}

/**
 * The life of an AWS API request: identify → authenticate → decode → validate → authorize → handle → encode.
 * Each stage takes what the one before returned; every refusal is answered in the form of the client's protocol.
 * Most stages have their answer at once once a service is warm, and are waited for only where they have not: ten awaits
 * would cost more than the stages.
 */
export async function answer(request: WireRequest, context: AnswerContext, trace: Trace): Promise<HttpResponse> {
  const { requestId } = trace;
  let protocol: WireProtocol | undefined;
  try {
    const signature = findSignature(request.headers, request.query);
    const found = identify(request, signature, context);
    const target = found instanceof Promise ? await found : found;
    const service = target.service.name;
    trace.service = service;
    trace.region = regionOf(target, context);

    const head = target.path === request.path ? request : headAt(request, target.path);
    const spoken = protocolsOf(service, context.dispatcher);
    protocol = (spoken instanceof Promise ? await spoken : spoken).protocolOf(head);
    const rawForm = protocol.namesOperationInBody(head) ? await readForm(request, service, context) : undefined;
    const form = rawForm && isGzipped(request.headers) ? await gunzipBody(rawForm, context.limits.bodyBytes) : rawForm;
    const match = protocol.findOperation(head, form);
    const codec = match.operation;
    const operation = (trace.operation = codec.name);
    // The signature covers the body as it was sent, codings and all.
    const sent = rawForm ?? (codec.streamsInput ? undefined : await readWhole(request, service, operation, context));

    const authenticated = context.authenticator.authenticate({
      request,
      signature,
      signingName: protocol.model.metadata.signingName,
      style: refusalStyle(service, protocol.name),
      anonymous: takesAnonymous(protocol.model, codec.model),
      body: sent,
    });
    const caller = authenticated instanceof Promise ? await authenticated : authenticated;
    trace.account = caller.account;
    const facts = new Facts(request, caller, trace.region, requestId);

    const received =
      sent === undefined
        ? receiveStream(request, caller.promise, context.limits.streamBytes)
        : (form ??
          receiveWhole(
            service,
            request.headers,
            sent,
            caller.promise,
            bodyBytesOf(service, operation, context.limits),
          ));
    const body = received instanceof Promise ? await received : received;
    const decoded = codec.decode(match, head, body);
    const input = decoded instanceof Promise ? await decoded : decoded;

    const prepared = context.dispatcher.prepare(service, operation);
    const stages = prepared instanceof Promise ? await prepared : prepared;
    stages.validate(input);
    const allowed = stages.authorize(input, facts);
    if (allowed) await allowed;
    const output = await stages.handle(input, facts);

    return codec.encode(output, requestId, (error) => report(error, trace, context.log));
  } catch (error) {
    if (error instanceof ClientGone) throw error;
    const refusal = error instanceof AwsError ? error : internalFailure(error, trace, context.log);
    trace.error = refusal.code;
    return protocol === undefined
      ? refuseWithoutService(refusal, request, requestId)
      : protocol.refuse(refusal, trace.operation, requestId);
  }
}

/** @throws {AwsError} that says what was understood of the request. */
function identify(
  request: WireRequest,
  signature: Signature | undefined,
  context: AnswerContext,
): Target | Promise<Target> {
  const target = context.services.find(request, request.host, signature, context.anonymousService);
  if (target !== undefined) return target;
  if (signature !== undefined) throw unknownService(request, request.host, signature);
  return identifyForm(request, context).then((found) => {
    if (found === undefined) throw unknownService(request, request.host, signature);
    return found;
  });
}

/** Calls that nobody signs (`AssumeRoleWithWebIdentity`) name service and operation in their form. */
async function identifyForm(request: WireRequest, context: AnswerContext): Promise<Target | undefined> {
  if (request.query.includes("Action=")) return context.services.findByForm(request, request.query);
  const type = request.headers["content-type"];
  if (request.method !== "POST" || type === undefined || !type.startsWith("application/x-www-form-urlencoded")) {
    return undefined;
  }
  const form = await request.readBody(context.limits.bodyBytes, () => tooLarge("", "", context.limits.bodyBytes));
  return context.services.findByForm(request, Buffer.from(form).toString("utf8"));
}

const known = new WeakMap<Dispatcher, Map<string, ServiceProtocols>>();

/** Without a promise once the service's model is loaded. */
function protocolsOf(service: string, dispatcher: Dispatcher): ServiceProtocols | Promise<ServiceProtocols> {
  let byName = known.get(dispatcher);
  if (byName === undefined) known.set(dispatcher, (byName = new Map()));
  const loaded = byName.get(service);
  if (loaded !== undefined) return loaded;
  const into = byName;
  return dispatcher.model(service).then((model) => {
    const protocols = serviceProtocols(model);
    into.set(service, protocols);
    return protocols;
  });
}

/** A header written by a client becomes part of stored keys and ARNs, so it must look like a region. */
function regionOf(target: Target, context: AnswerContext): string {
  const { region } = target;
  if (region === undefined || region === "") return context.region;
  if (!/^[a-z0-9-]{1,32}$/.test(region)) {
    throw new AwsError({
      code: "InvalidSignatureException",
      status: 403,
      message: `Credential should be scoped to a valid region, not '${region.slice(0, 64)}'. `,
    });
  }
  return region;
}

function headAt(request: WireRequest, path: string): RequestHead {
  return { method: request.method, path, query: request.query, headers: request.headers };
}

function readForm(request: WireRequest, service: string, context: AnswerContext): Promise<Uint8Array> | Uint8Array {
  const limit = context.limits.bodyBytes;
  return request.readBody(limit, () => tooLarge(service, "", limit));
}

function readWhole(
  request: WireRequest,
  service: string,
  operation: string,
  context: AnswerContext,
): Promise<Uint8Array> | Uint8Array {
  const limit = bodyBytesOf(service, operation, context.limits);
  return request.readBody(limit, () => tooLarge(service, operation, limit));
}

function tooLarge(service: string, operation: string, limit: number): AwsError {
  if (service === "s3") {
    return new AwsError({
      code: "EntityTooLarge",
      status: 400,
      message: "Your proposed upload exceeds the maximum allowed size",
    });
  }
  return new AwsError({
    code: "RequestEntityTooLargeException",
    status: 413,
    message: `Request must be smaller than ${limit} bytes for the ${operation || "called"} operation`,
  });
}

/** Operations that AWS takes unsigned, and S3, whose bucket policies decide about strangers. */
function takesAnonymous(model: ServiceModel, operation: OperationModel): boolean {
  return operation.authtype === "none" || model.name === "s3";
}

function internalFailure(error: unknown, trace: Trace, log: Log): AwsError {
  report(error, trace, log);
  return new AwsError({
    code: "InternalFailure",
    status: 500,
    message: "The request processing has failed because of an unknown error, exception or failure.",
  });
}

/** What is no AwsError is a bug of ours, and whoever mends it needs to know where it happened. */
export function report(error: unknown, trace: Trace, log: Log): void {
  // The disk's failure, not ours; the storage room names it so.
  if (error instanceof Error && error.name === "StoreUnavailableError") {
    log.error(`A request failed because nothing can be stored: ${error.message}`, { ...trace });
    return;
  }
  log.error("A request failed because of a bug in Virga.", {
    ...trace,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}

/** What the middle stages know of a request; what few of them ask for is made when they do. */
class Facts implements RequestFacts {
  readonly principal: Principal;
  readonly account: string;
  readonly region: string;
  readonly requestId: string;
  readonly accessKeyId?: string;
  readonly #request: WireRequest;

  constructor(request: WireRequest, caller: Caller, region: string, requestId: string) {
    this.#request = request;
    this.principal = caller.principal;
    this.account = caller.account;
    this.region = region;
    this.requestId = requestId;
    if (caller.accessKeyId !== undefined) this.accessKeyId = caller.accessKeyId;
  }

  get sourceIp(): string {
    return this.#request.remoteAddress;
  }

  get userAgent(): string {
    return this.#request.headers["user-agent"] ?? "";
  }

  get headers(): Headers {
    return this.#request.headers;
  }

  get tls(): boolean {
    return this.#request.tls;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }
}
