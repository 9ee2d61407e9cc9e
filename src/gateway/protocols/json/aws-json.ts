import { crc32 } from "node:zlib";
import type { AwsError } from "../../../api/aws-error.ts";
import type { OperationModel, ServiceModel } from "../../../api/model.ts";
import type { HttpResponse } from "../../../kernel/http.ts";
import { wireError } from "../errors-on-wire.ts";
import { eventStreamCodec } from "../event-stream/event-stream-codec.ts";
import { lazily, onceByName, operationOf } from "../operations.ts";
import type { OperationCodec, RequestBody, RequestHead, WireProtocol } from "../protocol.ts";
import { unknownOperation } from "../refusals.ts";
import { eventStreamMember, maxDepth, structureOf } from "../shapes.ts";
import { jsonDialect, TreeReaders } from "../tree/tree-reader.ts";
import { jsonWriterDialect, TreeWriters } from "../tree/tree-writer.ts";
import { wordingOf } from "../tree/wording.ts";
import { jsonEvents } from "./json-events.ts";
import { parseJsonBody } from "./parse-json.ts";

/** Where services of JSON 1.0 say more than the name of an error. The others, and all of 1.1, send the bare name. */
const namespaces: Readonly<Record<string, string>> = {
  dynamodb: "com.amazonaws.dynamodb.v20120810",
  dynamodbstreams: "com.amazonaws.dynamodb.v20120810",
  sqs: "com.amazonaws.sqs",
};

/** AWS JSON 1.0 and 1.1: `x-amz-target` names the operation, the body is the input. */
export function awsJson(model: ServiceModel): WireProtocol {
  const contentType = `application/x-amz-json-${model.metadata.jsonVersion ?? "1.0"}`;
  const readers = new TreeReaders(model, jsonDialect(wordingOf(model.name)));
  const writers = new TreeWriters(model, jsonWriterDialect);
  const hasChecksum = model.name === "dynamodb" || model.name === "dynamodbstreams";

  function answer(status: number, requestId: string, body: string): HttpResponse {
    const headers: [string, string][] = [
      ["content-type", contentType],
      ["x-amzn-requestid", requestId],
    ];
    if (hasChecksum) headers.push(["x-amz-crc32", String(crc32(body))]);
    return { status, headers, body };
  }

  function codec(operation: OperationModel): OperationCodec {
    const input = operation.input === undefined ? undefined : structureOf(model, operation.input);
    const output = operation.output === undefined ? undefined : structureOf(model, operation.output);
    const inputEvents = input === undefined ? undefined : eventStreamMember(model, input);
    const outputEvents = output === undefined ? undefined : eventStreamMember(model, output);
    const events = jsonEvents(model, readers, writers);
    const read = input === undefined ? () => ({}) : lazily(() => readers.structure(operation.input!.shape, input));
    const write = output === undefined ? () => ({}) : lazily(() => writers.structure(output));
    const readEvents =
      inputEvents === undefined ? undefined : lazily(() => eventStreamCodec(events, input!, inputEvents).readInput);
    const writeEvents =
      outputEvents === undefined
        ? undefined
        : lazily(() => eventStreamCodec(events, output!, outputEvents).writeOutput);

    return {
      name: operation.name,
      model: operation,
      streamsInput: inputEvents !== undefined,
      streamsOutput: outputEvents !== undefined,
      decode(_match, _head, body: RequestBody) {
        if (readEvents !== undefined) return readEvents(body);
        return read(parseJsonBody(body as Uint8Array), maxDepth);
      },
      encode(value, requestId, failed) {
        if (writeEvents !== undefined) {
          return {
            status: 200,
            headers: [
              ["content-type", "application/vnd.amazon.eventstream"],
              ["x-amzn-requestid", requestId],
            ],
            body: writeEvents(value, true, failed),
          };
        }
        // Operations without output answer an empty body in JSON 1.1, an empty object in 1.0 would be as good.
        return answer(200, requestId, output === undefined ? "" : JSON.stringify(write(value ?? {})));
      },
    };
  }

  const operation = onceByName((name) => {
    const found = operationOf(model, name);
    return found === undefined ? undefined : codec(found);
  });

  return {
    name: "json",
    model,
    namesOperationInBody: () => false,
    operation,
    findOperation(head: RequestHead) {
      const target = head.headers["x-amz-target"];
      // Services do not insist on their own prefix: the same room answers for several generations of an API.
      const found = target === undefined ? undefined : operation(target.slice(target.lastIndexOf(".") + 1));
      if (found === undefined) throw unknownTarget(model, target);
      return { operation: found };
    },
    refuse(error, _operation, requestId) {
      const response = answer(error.status, requestId, JSON.stringify(jsonErrorBody(model, writers, error)));
      return {
        ...response,
        headers: [...response.headers, ...queryErrorHeader(model, error), ...Object.entries(error.headers)],
      };
    },
  };
}

export function unknownTarget(model: ServiceModel, target: string | undefined): AwsError {
  return target === undefined
    ? unknownOperation("The request names no operation: it lacks the x-amz-target header.", 400)
    : unknownOperation(`${model.metadata.serviceId} has no operation ${printable(target)}.`, 400);
}

/** A name from a request, as it may stand in a message. */
export function printable(name: string): string {
  return name.slice(0, 128).replaceAll(/[^\x21-\x7e]/g, "?");
}

/** What clients of services that once spoke the query protocol know errors by. */
export function queryErrorHeader(model: ServiceModel, error: AwsError): [string, string][] {
  if (model.metadata.queryCompatible !== true) return [];
  const { code, sender } = wireError(model, error);
  return [["x-amzn-query-error", `${code};${sender ? "Sender" : "Receiver"}`]];
}

/** `__type`, the message under its modelled name, and the modelled members. */
export function jsonErrorBody(model: ServiceModel, writers: TreeWriters, error: AwsError): Record<string, unknown> {
  const wire = wireError(model, error);
  const members =
    wire.shape === undefined ? wire.members : (writers.structure(wire.shape)(wire.members) as Record<string, unknown>);
  const body: Record<string, unknown> = { __type: errorType(model, wire.shape !== undefined, wire.shapeName) };
  for (const [name, value] of Object.entries(members)) {
    // Coral's own errors spell it with a capital.
    const capital = name === "message" && wire.shapeName === "SerializationException";
    body[capital ? "Message" : name] = value;
  }
  if (wire.shape !== undefined && !(wire.messageMember in body) && error.message !== "") {
    body[wire.messageMember] = error.message;
  }
  return body;
}

function errorType(model: ServiceModel, modelled: boolean, name: string): string {
  const namespace = Object.hasOwn(namespaces, model.name) ? namespaces[model.name] : undefined;
  if (namespace === undefined) return name;
  if (modelled) return `${namespace}#${name}`;
  return name === "ValidationException" ? `com.amazon.coral.validate#${name}` : `com.amazon.coral.service#${name}`;
}
