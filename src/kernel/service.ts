import type { ServiceContext, RequestContext } from "./context.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import type { Job } from "./jobs.ts";
import type { Principal } from "./principal.ts";
import type { Duplex } from "node:stream";

export type Method = (input: never) => Promise<unknown>;

/**
 * The code behind one operation. Input has passed the model's constraints and the caller is allowed.
 * Throw an AwsError to refuse; any other error is our bug and answers 500.
 */
export type Handler<Op extends Method> = (input: Parameters<Op>[0], ctx: RequestContext) => ReturnType<Op>;

/** What a call touches, for access control. */
export interface Access {
  /** The ARN, or `*` where AWS has no resource for the action. */
  readonly resource: string;
  /** Where the action is not `<prefix>:<Operation>`: `lambda:InvokeFunction`. */
  readonly action?: string;
  /** Condition keys of the service: `dynamodb:LeadingKeys`. */
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
}

export interface ServiceDefinition<Api> {
  /** The folder's name and that of the model. */
  readonly name: string;
  /** Prefix of its IAM actions: `dynamodb`, `states`. */
  readonly iamPrefix: string;
  /** `global` services (IAM) keep one state for all regions. */
  readonly scope: "regional" | "global";
  /** Operations left out answer a clear "not implemented" error (501), and show as such in docs/coverage.md. */
  readonly operations: { readonly [N in keyof Api]?: Api[N] extends Method ? Handler<Api[N]> : never };
  readonly jobs?: readonly Job<never>[];
  /** What each operation touches. An operation left out is checked against resource `*` with its own name as action. */
  readonly access?: {
    readonly [N in keyof Api]?: Api[N] extends Method
      ? (input: Parameters<Api[N]>[0], at: { readonly account: string; readonly region: string }) => readonly Access[]
      : never;
  };
  /** Operations that need no permission (sts:GetCallerIdentity). */
  readonly open?: readonly (keyof Api & string)[];
  /**
   * What the input alone does not tell of an access: the resource's full ARN, its tags (`aws:ResourceTag/…`), the caller
   * where it is meant. Not asked for root.
   */
  readonly resolveAccess?: (access: Access, ctx: ServiceContext, principal: Principal) => Promise<Access>;
  /** The policy attached to a resource of this service, as JSON text; undefined when it has none. */
  readonly resourcePolicy?: (arn: string, ctx: ServiceContext) => Promise<string | undefined>;
  /** Hosts and paths that are no AWS API, by the name given in the registration. */
  readonly endpoints?: Readonly<Record<string, Endpoint>>;
  /** Frees processes and sockets that the service holds. */
  readonly close?: () => Promise<void>;
}

/** Answers requests that are no AWS API calls: stages, function URLs. */
export interface Endpoint {
  /**
   * `match` holds the named groups of the registration's pattern. The context is that of the platform's default account
   * and the region of the match; use `ctx.at(…)` once the owner is known.
   */
  readonly handle: (
    request: HttpRequest,
    match: Readonly<Record<string, string>>,
    ctx: ServiceContext,
  ) => Promise<HttpResponse>;
  /** Takes over an upgraded connection (WebSocket). */
  readonly upgrade?: (
    request: HttpRequest,
    match: Readonly<Record<string, string>>,
    ctx: ServiceContext,
    socket: Duplex,
    head: Uint8Array,
  ) => Promise<void>;
}

/** What is known of a service before its code is loaded; `platform.ts` lists them. */
export interface ServiceRegistration {
  readonly name: string;
  readonly load: () => Promise<ServiceDefinition<never>>;
  /** The service whose records and jobs these are, where two services are doors to one room. Both have one scope. */
  readonly room?: string;
  /** Patterns over the host (without port) or the path, with named groups; `region` among them where there is one. */
  readonly endpoints?: readonly { readonly name: string; readonly host?: RegExp; readonly path?: RegExp }[];
}
