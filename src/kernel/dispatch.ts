import type { Protocol, ServiceModel } from "../api/model.ts";
import type { Headers, HttpRequest, HttpResponse } from "./http.ts";
import type { Principal } from "./principal.ts";
import type { Access } from "./service.ts";
import type { Duplex } from "node:stream";

/** What is known of a call besides its input. */
export interface RequestFacts {
  readonly principal: Principal;
  /** Account and region whose resources are meant. */
  readonly account: string;
  readonly region: string;
  readonly requestId: string;
  /** Address of the client; `AWS Internal` for calls between rooms. */
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly accessKeyId?: string;
  readonly headers: Headers;
  readonly tls: boolean;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** The middle of a request's life: validate → authorize → handle. Each throws an AwsError to refuse. */
export interface PreparedOperation {
  /** Model constraints. */
  validate(input: unknown): void;
  /** Synchronous where no policy has to be read. */
  authorize(input: unknown, facts: RequestFacts): void | Promise<void>;
  handle(input: unknown, facts: RequestFacts): Promise<unknown>;
}

/** An endpoint that is no AWS API, bound to its match. */
export interface BoundEndpoint {
  /** `apigateway.stage`: for the request log. */
  readonly name: string;
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** Absent where the endpoint takes no upgraded connections. */
  readonly upgrade?: (request: HttpRequest, socket: Duplex, head: Uint8Array) => Promise<void>;
}

/** The way to every operation, for the front door and for calls between rooms. */
export interface Dispatcher {
  /** The model of any service of the catalogue, built or not. Loaded at first use. */
  model(service: string): Promise<ServiceModel>;
  /**
   * The operation's stages; synchronous once the service is loaded.
   * @throws {AwsError} 501 naming service and operation where Virga has not built it yet.
   */
  prepare(service: string, operation: string): PreparedOperation | Promise<PreparedOperation>;
  /** All stages in a row, for calls between rooms. */
  call(service: string, operation: string, input: unknown, facts: RequestFacts): Promise<unknown>;
  /** The endpoint that answers for this host (without port) or path, if any. */
  endpoint(host: string, path: string): BoundEndpoint | undefined;
}

/** A call that must be allowed, as the authorize stage sees it. */
export interface AuthorizationCall {
  readonly principal: Principal;
  readonly service: string;
  /** Decides how "access denied" is worded and with which code and status. */
  readonly protocol: Protocol;
  /** `dynamodb:PutItem`; an access may name another. */
  readonly action: string;
  readonly accesses: readonly Access[];
  readonly account: string;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly secure: boolean;
  /** Epoch ms. */
  readonly now: number;
  /** Reads the policy attached to a resource of the service; absent where the service has none. */
  readonly resourcePolicyOf: ((arn: string) => Promise<string | undefined>) | undefined;
  /** Completes an access from the resource's record; absent where the input tells all. */
  readonly resolveAccess?: ((access: Access) => Promise<Access>) | undefined;
}

/** Returns when the call is allowed and throws AWS's access-denied error when not; synchronous where nothing has to be read. */
export type Authorize = (call: AuthorizationCall) => void | Promise<void>;
