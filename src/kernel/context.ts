import type { AwsApis } from "../api/apis.ts";
import type { Clock } from "../base/clock.ts";
import type { Ids } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Blobs } from "../storage/store.ts";
import type { Headers } from "./http.ts";
import type { Principal } from "./principal.ts";
import type { Collection, Key, Snapshot, Transaction } from "./records.ts";

/** All that a service may touch; already narrowed to one account, region and service. */
export interface ServiceContext {
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly blobs: Blobs;
  /** Aborted when the platform stops; for requests also when the client has gone. */
  readonly signal: AbortSignal;
  /** Where clients reach the platform, without a slash at the end: `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  read<R>(body: (snapshot: Snapshot) => Promise<R>): Promise<R>;
  /** Serializable; may run twice, so it holds no side effects. Resolves when the commit is durable. */
  write<R>(body: (tx: Transaction) => Promise<R>): Promise<R>;
  /** Calls `changed` after each commit that touched a row under this key prefix. Returns how to stop. */
  watch<Row>(rows: Collection<Row>, prefix: Key, changed: () => void): () => void;
  /** The only door between rooms: other services' AWS APIs, on behalf of a principal, validated and authorized like any request. */
  aws(principal: Principal, at?: { readonly account?: string; readonly region?: string }): AwsApis;
  /** The same service in another account or region (an endpoint that found out whose it is; a cross-account ARN). */
  at(account: string, region: string): ServiceContext;
}

/** What a handler also knows: the request. */
export interface RequestContext extends ServiceContext {
  /** The principal that makes the call. */
  readonly principal: Principal;
  /** The answer's `x-amzn-RequestId`. */
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  /** Address of the client; `AWS Internal` for calls between rooms. */
  readonly sourceIp: string;
  readonly userAgent: string;
  /** Access key the request was signed with, where there was one. */
  readonly accessKeyId?: string | undefined;
  /** Headers as sent (empty for calls between rooms). */
  readonly headers: Headers;
}
