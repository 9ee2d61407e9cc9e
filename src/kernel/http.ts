import type { Principal } from "./principal.ts";

/** Names in lower case. A header that came several times has its values joined by ", " (cookies by "; "). */
export type Headers = Readonly<Record<string, string>>;

/** Who makes a request that is no AWS API call. */
export interface EndpointCaller {
  readonly principal: Principal;
  /** Absent when nobody signed. */
  readonly accessKeyId?: string;
}

/** A request as it reached the front door. */
export interface HttpRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query. */
  readonly path: string;
  /** Query as sent, without the question mark. */
  readonly query: string;
  readonly headers: Headers;
  /** Every header line in the order sent, names as sent: what multi-value events and signatures need. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly body: AsyncIterable<Uint8Array>;
  readonly remoteAddress: string;
  /** `1.1` or `2.0` */
  readonly httpVersion: string;
  readonly tls: boolean;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /**
   * Who signed the request for this service (`execute-api`, `lambda`); anonymous when nobody did. Reads the whole body, so
   * the endpoint takes it with `readBody` afterwards. @throws {AwsError} when the signature is wrong
   */
  authenticate(signingName: string): Promise<EndpointCaller>;
  /** The whole body; also after `authenticate`. Throws `tooLarge()` beyond `limit` bytes. */
  readBody(limit: number, tooLarge: () => Error): Promise<Uint8Array> | Uint8Array;
}

/** An answer. A `string` body is sent as UTF-8. */
export interface HttpResponse {
  readonly status: number;
  /** Pairs, because a header (`set-cookie`) may come several times. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}
