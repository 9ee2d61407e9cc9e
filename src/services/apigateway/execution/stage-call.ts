import { unescape } from "node:querystring";
import { readAll } from "../../../base/bytes.ts";
import type { ServiceContext } from "../../../kernel/context.ts";
import type { HttpRequest } from "../../../kernel/http.ts";
import type { ValueMap } from "../../../languages/vtl/value.ts";
import type { StageRow } from "../state.ts";
import { GatewayRefusal } from "./gateway-refusal.ts";
import type { Route } from "./router.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const maxBodyBytes = 10 * 1024 * 1024;

type Lists = Record<string, string[]>;

/** A call of a deployed method: what integrations and mappings ask of it. */
export class StageCall {
  readonly request: HttpRequest;
  readonly stage: StageRow;
  readonly route: Route;
  /** Of the API's account and region. */
  readonly ctx: ServiceContext;
  readonly ids: CallIds;
  /** Without the stage. */
  readonly path: string;
  /** Of the deployment. */
  readonly binaryMediaTypes: readonly string[];
  readonly receivedAt: number;
  #headers: Lists | undefined;
  #context: ReturnType<typeof contextOf> | undefined;
  #body: Promise<Uint8Array> | undefined;

  constructor(facts: Pick<StageCall, "request" | "stage" | "route" | "ctx" | "ids" | "path" | "binaryMediaTypes">) {
    this.request = facts.request;
    this.stage = facts.stage;
    this.route = facts.route;
    this.ctx = facts.ctx;
    this.ids = facts.ids;
    this.path = facts.path;
    this.binaryMediaTypes = facts.binaryMediaTypes;
    this.receivedAt = this.ctx.clock.now();
  }

  get apiId(): string {
    return this.stage.apiId;
  }

  get variables(): Readonly<Record<string, string>> {
    return this.stage.variables ?? {};
  }

  /** `arn:aws:execute-api:us-east-1:000000000000:abcdef1234/dev/GET/users`: what permissions name. */
  get arn(): string {
    const { account, region } = this.ctx;
    const { resource } = this.route;
    return `arn:aws:execute-api:${region}:${account}:${this.apiId}/${this.stage.name}/${this.request.method}${resource.path}`;
  }

  /** The name under which the client reached the API, without port. */
  get domainName(): string {
    return (this.request.headers["host"] ?? "localhost").replace(/:\d+$/, "").toLowerCase();
  }

  body(): Promise<Uint8Array> {
    return (this.#body ??= readAll(
      this.request.body,
      maxBodyBytes,
      () => new GatewayRefusal(413, "Request Too Long", "RequestTooLargeException"),
    ));
  }

  /** All values by name as it was first sent. Headers of the connection are gone, those of the way here have come. */
  get headers(): Lists {
    return (this.#headers ??= this.#collectHeaders());
  }

  #collectHeaders(): Lists {
    const { request } = this;
    const headers: Lists = Object.create(null) as Lists;
    const names = new Map<string, string>();
    const add = (name: string, value: string) => {
      const lower = name.toLowerCase();
      const known = names.get(lower);
      if (known === undefined) {
        names.set(lower, name);
        headers[name] = [value];
      } else headers[known]!.push(value);
    };
    for (const [name, value] of request.rawHeaders) {
      if (!droppedHeaders.has(name.toLowerCase())) add(name, value);
    }
    const forwarded = request.headers["x-forwarded-for"];
    const from = request.remoteAddress;
    add("X-Forwarded-For", forwarded === undefined ? from : `${forwarded}, ${from}`);
    add("X-Forwarded-Port", /:(\d+)$/.exec(request.headers["host"] ?? "")?.[1] ?? (request.tls ? "443" : "80"));
    add("X-Forwarded-Proto", request.tls ? "https" : "http");
    add("X-Amzn-Trace-Id", this.ids.traceId);
    return headers;
  }

  /** All values by name, decoded; undefined without a query. */
  get query(): Lists | undefined {
    const { query } = this.request;
    if (query === "") return undefined;
    const lists: Lists = Object.create(null) as Lists;
    for (const pair of query.split("&")) {
      if (pair === "") continue;
      const equals = pair.indexOf("=");
      const name = decode(equals < 0 ? pair : pair.slice(0, equals));
      const value = equals < 0 ? "" : decode(pair.slice(equals + 1));
      (lists[name] ??= []).push(value);
    }
    return lists;
  }

  /** `$context`, and what functions get as `requestContext`. */
  get context(): ReturnType<typeof contextOf> {
    return (this.#context ??= contextOf(this));
  }
}

/** Names of one call in logs and answers. */
export interface CallIds {
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly traceId: string;
}

export function callIds(request: HttpRequest, ctx: ServiceContext): CallIds {
  const sent = request.headers["x-amzn-trace-id"];
  const seconds = Math.floor(ctx.clock.now() / 1000).toString(16);
  return {
    requestId: ctx.ids.uuid(),
    extendedRequestId: Buffer.from(ctx.ids.bytes(11)).toString("base64"),
    traceId: sent !== undefined && traceForm.test(sent) ? sent : `Root=1-${seconds}-${ctx.ids.hex(24)}`,
  };
}

/** @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
const traceForm = /^(?=.*Root=)[\w=;:.-]{1,256}$/;

function contextOf(call: StageCall) {
  const { route, request, stage, ids } = call;
  return {
    resourceId: route.resource.id,
    resourcePath: route.resource.path,
    httpMethod: request.method,
    extendedRequestId: ids.extendedRequestId,
    requestTime: requestTime(call.receivedAt),
    path: `/${stage.name}${call.path}`,
    accountId: call.ctx.account,
    protocol: `HTTP/${request.httpVersion}`,
    stage: stage.name,
    // Of a host that is no API's own too: what stands before `.execute-api` on AWS.
    domainPrefix: call.apiId,
    requestTimeEpoch: call.receivedAt,
    requestId: ids.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: request.remoteAddress,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: request.headers["user-agent"] ?? null,
      user: null,
    },
    domainName: call.domainName,
    deploymentId: stage.deploymentId,
    apiId: call.apiId,
  } satisfies ValueMap;
}

/** What concerns one connection, or is said anew on the way. */
const droppedHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "keep-alive",
  "max-forwards",
  "proxy-authenticate",
  "proxy-connection",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
]);

/** Never fails: what is no valid encoding stays as it is. */
function decode(text: string): string {
  return unescape(text.replaceAll("+", " "));
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `09/Apr/2015:12:34:56 +0000` */
function requestTime(epochMs: number): string {
  const time = new Date(epochMs);
  const two = (value: number) => (value < 10 ? `0${value}` : String(value));
  const date = `${two(time.getUTCDate())}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${date}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}
