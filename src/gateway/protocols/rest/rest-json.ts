import type { OperationModel, ServiceModel } from "../../../api/model.ts";
import type { HttpResponse } from "../../../kernel/http.ts";
import { wireError } from "../errors-on-wire.ts";
import { eventStreamCodec } from "../event-stream/event-stream-codec.ts";
import { jsonEvents } from "../json/json-events.ts";
import { parseJsonBody } from "../json/parse-json.ts";
import { lazily } from "../operations.ts";
import type { OperationCodec, WireProtocol } from "../protocol.ts";
import { unknownOperation } from "../refusals.ts";
import { eventStreamMember, maxDepth, streamingMember, structureOf } from "../shapes.ts";
import { jsonDialect, TreeReaders } from "../tree/tree-reader.ts";
import { jsonWriterDialect, TreeWriters } from "../tree/tree-writer.ts";
import { wordingOf } from "../tree/wording.ts";
import { compileInput } from "./input-bindings.ts";
import type { BodyReader } from "./input-bindings.ts";
import { compileOutput, headerWriter } from "./output-bindings.ts";
import type { BodyWriter, HeaderPairs } from "./output-bindings.ts";
import { restProtocol } from "./rest-protocol.ts";

const contentType = "application/json";

/** REST with JSON bodies. */
export function restJson(model: ServiceModel): WireProtocol {
  const readers = new TreeReaders(model, jsonDialect(wordingOf(model.name)));
  const writers = new TreeWriters(model, jsonWriterDialect);
  const bodyReader: BodyReader = {
    members(shapeName, shape, names) {
      const read = readers.structure(shapeName, shape, names);
      return (body) => {
        if (body.byteLength === 0) return {};
        return read(parseJsonBody(body), maxDepth) as Record<string, unknown>;
      };
    },
    payload(ref) {
      const read = readers.reader(ref);
      return (body) => {
        if (body.byteLength === 0) return undefined;
        const value = parseJsonBody(body);
        return value === null ? undefined : read(value, maxDepth);
      };
    },
  };
  const bodyWriter: BodyWriter = {
    members(_operation, shape, names) {
      const write = writers.structure(shape, names);
      return (output) => ({ contentType, body: JSON.stringify(write(output)) });
    },
    payload(ref) {
      const write = writers.writer(ref);
      return (value) => ({ contentType, body: JSON.stringify(write(value)) });
    },
    empty: { contentType, body: "{}" },
  };

  function codec(operation: OperationModel): OperationCodec {
    const input = operation.input === undefined ? undefined : structureOf(model, operation.input);
    const output = operation.output === undefined ? undefined : structureOf(model, operation.output);
    const inputEvents = input === undefined ? undefined : eventStreamMember(model, input);
    const outputEvents = output === undefined ? undefined : eventStreamMember(model, output);
    const events = jsonEvents(model, readers, writers);
    const read = lazily(() => compileInput(model, operation, bodyReader));
    const write = lazily(() => compileOutput(model, operation, bodyWriter));
    const writeHeaders = lazily(() => headerWriter(model, output!));
    const readEvents =
      inputEvents === undefined ? undefined : lazily(() => eventStreamCodec(events, input!, inputEvents).readEvents);
    const writeEvents =
      outputEvents === undefined
        ? undefined
        : lazily(() => eventStreamCodec(events, output!, outputEvents).writeOutput);
    return {
      name: operation.name,
      model: operation,
      streamsInput: inputEvents !== undefined || (input !== undefined && streamingMember(model, input) !== undefined),
      streamsOutput:
        outputEvents !== undefined || (output !== undefined && streamingMember(model, output) !== undefined),
      decode(match, head, body) {
        if (readEvents === undefined) return read(match, head, body);
        const bound = read(match, head, new Uint8Array());
        return { ...bound, [inputEvents!]: readEvents(body) };
      },
      encode(value, requestId, failed) {
        if (writeEvents !== undefined) {
          const headers: HeaderPairs = [
            ["content-type", "application/vnd.amazon.eventstream"],
            ["x-amzn-requestid", requestId],
          ];
          writeHeaders(value as Record<string, unknown>, headers);
          return { status: operation.http.responseCode ?? 200, headers, body: writeEvents(value, false, failed) };
        }
        const response = write((value ?? {}) as Record<string, unknown>);
        return { ...response, headers: [["x-amzn-requestid", requestId], ...response.headers] };
      },
    };
  }

  return restProtocol(model, {
    name: "rest-json",
    codec,
    unknown: (head) =>
      unknownOperation(
        `${model.metadata.serviceId} has no operation at ${head.method} ${head.path.slice(0, 256)}.`,
        404,
      ),
    refuse(error, requestId): HttpResponse {
      const wire = wireError(model, error);
      const headers: HeaderPairs = [
        ["content-type", contentType],
        ["x-amzn-requestid", requestId],
        ["x-amzn-errortype", wire.shapeName],
      ];
      let members: Record<string, unknown> = { ...wire.members };
      if (wire.shape !== undefined) {
        headerWriter(model, wire.shape)(members, headers);
        // Lambda's errors say whose fault they are.
        if (model.name === "lambda" && "Type" in wire.shape.members)
          members["Type"] ??= wire.sender ? "User" : "Service";
        const { shape } = wire;
        const names = Object.keys(shape.members).filter((name) => shape.members[name]!.location === undefined);
        members = writers.structure(shape, names)(members) as Record<string, unknown>;
        if (!(wire.messageMember in shape.members) && error.message !== "")
          members = { ...members, message: error.message };
      }
      headers.push(...Object.entries(error.headers));
      return { status: error.status, headers, body: JSON.stringify(members) };
    },
  });
}
