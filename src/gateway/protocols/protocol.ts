import type { AwsError } from "../../api/aws-error.ts";
import type { OperationModel, Protocol, ServiceModel } from "../../api/model.ts";
import type { Headers, HttpResponse } from "../../kernel/http.ts";

/**
 * What protocols read of a request besides its body. `HttpRequest` is one.
 *
 * The front door passes the path as the service's model knows it: without the stage of an API, and with the bucket as
 * first segment where the host named it.
 */
export interface RequestHead {
  readonly method: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: Headers;
}

/** The whole body, or its chunks where `OperationCodec.streamsInput`. Content codings are already undone. */
export type RequestBody = Uint8Array | AsyncIterable<Uint8Array>;

/** One wire protocol of one service. Use: `findOperation` → `operation.decode` → … → `operation.encode` or `refuse`. */
export interface WireProtocol {
  /** AWS's name; `json` also for the CBOR form of JSON services (`application/x-amz-cbor-1.1`). */
  readonly name: Protocol;
  readonly model: ServiceModel;

  /**
   * Whether this request's body (a form) names the operation. Then the front door reads the whole body before
   * `findOperation`; no such operation streams its input.
   */
  namesOperationInBody(head: RequestHead): boolean;

  /**
   * The operation that a request means.
   * @throws {AwsError} as the protocol's services answer: `UnknownOperationException`, `InvalidAction`, …
   */
  findOperation(head: RequestHead, body?: Uint8Array): OperationMatch;

  /** The codec of an operation by name, compiled at first use; undefined when the model has no such operation. */
  operation(name: string): OperationCodec | undefined;

  /**
   * An answer that refuses. `operation` is its name, where it is known already. Headers of the error come along.
   */
  refuse(error: AwsError, operation: string | undefined, requestId: string): HttpResponse;
}

/** What the request said of the operation. */
export interface OperationMatch {
  readonly operation: OperationCodec;
  /** Values of the path's labels, percent-decoded, in the order of the URI pattern. Absent in RPC protocols. */
  readonly labels?: readonly string[];
  /** All pairs of the query string and the form, where finding the operation had to parse them. */
  readonly pairs?: readonly (readonly [name: string, value: string])[];
}

/** An operation in one protocol. Its shapes are compiled at first use. */
export interface OperationCodec {
  readonly name: string;
  readonly model: OperationModel;
  /**
   * The input has a streaming body or an event stream: `decode` takes chunks and reads them as the handler does (the
   * front door bounds their sum). Otherwise `decode` takes the whole body.
   */
  readonly streamsInput: boolean;
  /** The answer may be an `AsyncIterable`. */
  readonly streamsOutput: boolean;

  /**
   * The input, in the shapes of AWS SDK v3. A promise only for event streams that begin with an `initial-request`.
   * @throws {AwsError} `SerializationException` and its like, status 400, for what is not of the model's types.
   */
  decode(match: OperationMatch, head: RequestHead, body: RequestBody): unknown;

  /**
   * The answer. Event-stream outputs are iterated as the client reads; an `AwsError` thrown by the iterator ends the
   * stream with an exception event, anything else goes to `failed` and ends it with an `InternalFailure` event.
   */
  encode(output: unknown, requestId: string, failed?: (error: unknown) => void): HttpResponse;
}

/** The protocols of one service. `serviceProtocols(model)` makes (and keeps) them. */
export interface ServiceProtocols {
  readonly model: ServiceModel;
  /**
   * The protocol that a request speaks: by `smithy-protocol`, `content-type`, `x-amz-target` or a form's `Action`; the
   * service's preferred one where the request does not say.
   */
  protocolOf(head: RequestHead): WireProtocol;
  /** The service's preferred protocol. */
  readonly preferred: WireProtocol;
}
