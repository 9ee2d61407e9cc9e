import type { OperationModel, Protocol, ServiceModel } from "../../../api/model.ts";
import { jsonTextOf } from "../../../kernel/json-text.ts";
import { eventStreamCodec } from "../event-stream/event-stream-codec.ts";
import type { EventFormat } from "../event-stream/event-stream-codec.ts";
import { lazily, onceByName, operationOf } from "../operations.ts";
import type { OperationCodec, RequestHead, WireProtocol } from "../protocol.ts";
import { unknownOperation } from "../refusals.ts";
import { eventStreamMember, maxDepth, structureOf } from "../shapes.ts";
import type { TreeReaders } from "../tree/tree-reader.ts";
import type { TreeWriters } from "../tree/tree-writer.ts";
import { errorTree, queryErrorHeader } from "./error-tree.ts";

export type HeaderPairs = [name: string, value: string][];

/** What differs between the protocols whose body is one tree: JSON and CBOR. */
export interface RpcVariant {
  readonly name: Protocol;
  readonly model: ServiceModel;
  readonly readers: TreeReaders;
  readonly writers: TreeWriters;
  readonly events: EventFormat;
  /** Operations without output answer this; undefined is no body at all. */
  readonly noOutput: "" | undefined;
  readonly unknownStatus: 400 | 404;
  /** The name of the operation, as the request gives it. */
  operationName(head: RequestHead): string | undefined;
  parse(body: Uint8Array): unknown;
  serialize(tree: unknown): string | Uint8Array;
  /** Headers of an answer with this body. */
  headers(requestId: string, body: string | Uint8Array | undefined): HeaderPairs;
}

export function rpcProtocol(variant: RpcVariant): WireProtocol {
  const { model } = variant;
  const operation = onceByName((name) => {
    const found = operationOf(model, name);
    return found === undefined ? undefined : rpcOperation(variant, found);
  });
  return {
    name: variant.name,
    model,
    namesOperationInBody: () => false,
    operation,
    findOperation(head) {
      const name = variant.operationName(head);
      const found = name === undefined ? undefined : operation(name);
      if (found !== undefined) return { operation: found };
      throw unknownOperation(
        name === undefined
          ? "The request names no operation."
          : `${model.metadata.serviceId} has no operation ${printable(name)}.`,
        variant.unknownStatus,
      );
    },
    refuse(error, _operation, requestId) {
      const body = variant.serialize(errorTree(model, variant.writers, error));
      const headers = variant.headers(requestId, body);
      headers.push(...queryErrorHeader(model, error), ...Object.entries(error.headers));
      return { status: error.status, headers, body };
    },
  };
}

function rpcOperation(variant: RpcVariant, operation: OperationModel): OperationCodec {
  const { model, readers, writers, events } = variant;
  const input = operation.input === undefined ? undefined : structureOf(model, operation.input);
  const output = operation.output === undefined ? undefined : structureOf(model, operation.output);
  const inputEvents = input === undefined ? undefined : eventStreamMember(model, input);
  const outputEvents = output === undefined ? undefined : eventStreamMember(model, output);
  const read = lazily(() => readers.structure(operation.input!.shape, input!));
  const write = lazily(() => writers.structure(output!));
  const readEvents = lazily(() => eventStreamCodec(events, input!, inputEvents!).readInput);
  const readyText = variant.name === "json" ? jsonTextOf : () => undefined;
  const writeEvents = lazily(() => eventStreamCodec(events, output!, outputEvents!).writeOutput);
  return {
    name: operation.name,
    model: operation,
    streamsInput: inputEvents !== undefined,
    streamsOutput: outputEvents !== undefined,
    decode(_match, _head, body) {
      if (inputEvents !== undefined) return readEvents(body);
      // What comes for an operation without input is no concern of anyone, malformed or not.
      return input === undefined ? {} : read(variant.parse(body as Uint8Array), maxDepth);
    },
    encode(value, requestId, failed) {
      if (outputEvents !== undefined) {
        const headers = variant.headers(requestId, undefined).filter(([name]) => name !== "content-type");
        headers.push(["content-type", "application/vnd.amazon.eventstream"]);
        return { status: 200, headers, body: writeEvents(value, true, failed) };
      }
      const body =
        output === undefined ? variant.noOutput : (readyText(value) ?? variant.serialize(write(value ?? {})));
      const headers = variant.headers(requestId, body);
      return body === undefined ? { status: 200, headers } : { status: 200, headers, body };
    },
  };
}

/** A name from a request, as it may stand in a message. */
export function printable(name: string): string {
  return name.slice(0, 128).replaceAll(/[^\x21-\x7e]/g, "?");
}
