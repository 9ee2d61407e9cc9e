import { AwsError } from "../../../api/aws-error.ts";
import type { ServiceModel, ShapeRef, StructureShape } from "../../../api/model.ts";
import { decodeUtf8, utf8 } from "../../../base/bytes.ts";
import type { RequestBody } from "../protocol.ts";
import { serializationException } from "../refusals.ts";
import { shapeOf, structureOf } from "../shapes.ts";
import { decodeMessage, decodeMessages, encodeMessage, malformed } from "./message.ts";
import type { EventMessage, HeaderValue } from "./message.ts";

/** How a protocol writes structures into event payloads. */
export interface EventFormat {
  readonly model: ServiceModel;
  readonly contentType: string;
  write(name: string, shape: StructureShape, members: readonly string[]): (value: unknown) => Uint8Array;
  read(name: string, shape: StructureShape, members: readonly string[]): (body: Uint8Array) => Record<string, unknown>;
}

type Tree = Record<string, unknown>;
type EventWriter = (value: unknown) => Uint8Array;
type EventReader = (message: EventMessage) => unknown;

export interface EventStreamCodec {
  /**
   * The bytes of an output's event stream; with `initial-response` first where the protocol has no other place for the
   * output's other members.
   */
  writeOutput(
    output: unknown,
    initial: boolean,
    failed: ((error: unknown) => void) | undefined,
  ): AsyncIterable<Uint8Array>;
  /** The events of a request. */
  readEvents(body: RequestBody): AsyncIterable<unknown>;
  /** The input of an RPC request: its first message may be `initial-request` with the other members. */
  readInput(body: RequestBody): Promise<Tree>;
}

/** Compiles the codec of a structure whose member `stream` is an event stream. */
export function eventStreamCodec(format: EventFormat, shape: StructureShape, stream: string): EventStreamCodec {
  const { model } = format;
  const union = structureOf(model, shape.members[stream]!);
  const others = Object.keys(shape.members).filter((name) => name !== stream);
  const writers = new Map<string, EventWriter>();
  const readers = new Map<string, EventReader>();
  for (const [name, ref] of Object.entries(union.members)) {
    writers.set(name, eventWriter(format, name, ref));
    readers.set(name, eventReader(format, ref));
  }
  const writeInitial = format.write("initial-response", shape, others);
  const readInitial = format.read("initial-request", shape, others);

  async function* writeOutput(
    output: unknown,
    initial: boolean,
    failed: ((error: unknown) => void) | undefined,
  ): AsyncGenerator<Uint8Array> {
    if (initial) {
      const headers = messageHeaders("event", ":event-type", "initial-response", format.contentType);
      yield encodeMessage(headers, writeInitial(output));
    }
    try {
      for await (const event of (output as Record<string, AsyncIterable<Tree>>)[stream] ?? []) {
        for (const name in event) {
          const write = writers.get(name);
          const value = event[name];
          if (write !== undefined && value !== undefined && value !== null) yield write(value);
        }
      }
    } catch (error) {
      if (!(error instanceof AwsError)) failed?.(error);
      yield errorMessage(error, union, writers);
    }
  }

  function decode(message: EventMessage): Tree | undefined {
    const name = textHeader(message, ":event-type");
    const read = name === undefined ? undefined : readers.get(name);
    return read === undefined ? undefined : { [name!]: read(message) };
  }

  async function* events(first: EventMessage | undefined, rest: AsyncIterator<EventMessage>): AsyncGenerator<unknown> {
    try {
      for (let message = first; ;) {
        if (message !== undefined) {
          const event = decode(message);
          if (event !== undefined) yield event;
        }
        const next = await rest.next();
        if (next.done === true) return;
        message = next.value;
      }
    } finally {
      await rest.return?.();
    }
  }

  return {
    writeOutput,
    readEvents: (body) => events(undefined, requestMessages(body)),
    async readInput(body) {
      const messages = requestMessages(body);
      const first = await messages.next();
      const isInitial = first.done !== true && textHeader(first.value, ":event-type") === "initial-request";
      const input = isInitial ? readInitial(first.value.payload) : {};
      return { ...input, [stream]: events(first.done === true || isInitial ? undefined : first.value, messages) };
    },
  };
}

/** The messages of a request; those of signed streams are unwrapped, and an empty one ends the stream. */
async function* requestMessages(body: RequestBody): AsyncGenerator<EventMessage> {
  for await (const message of decodeMessages(body instanceof Uint8Array ? one(body) : body)) {
    if (!message.headers.has(":chunk-signature")) yield message;
    else if (message.payload.byteLength === 0) return;
    else yield decodeMessage(message.payload);
  }
}

async function* one(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

function textHeader(message: EventMessage, name: string): string | undefined {
  const header = message.headers.get(name);
  return header?.type === "string" ? header.value : undefined;
}

function messageHeaders(type: string, kind: string, name: string, contentType: string): [string, HeaderValue][] {
  return [
    [kind, { type: "string", value: name }],
    [":content-type", { type: "string", value: contentType }],
    [":message-type", { type: "string", value: type }],
  ];
}

/** A modelled error is an exception event, any other an error message. */
function errorMessage(error: unknown, union: StructureShape, writers: ReadonlyMap<string, EventWriter>): Uint8Array {
  const known = error instanceof AwsError ? error : undefined;
  const member = Object.keys(union.members).find((name) => union.members[name]!.shape === known?.shape);
  if (known !== undefined && member !== undefined) {
    return writers.get(member)!({ message: known.message, Message: known.message, ...known.fields });
  }
  const code = known?.code ?? "InternalFailure";
  const message = known?.message ?? "The request processing has failed because of an unknown error.";
  return encodeMessage(
    [
      [":error-code", { type: "string", value: code }],
      [":error-message", { type: "string", value: message.slice(0, 4096) }],
      [":message-type", { type: "string", value: "error" }],
    ],
    new Uint8Array(),
  );
}

function eventWriter(format: EventFormat, name: string, ref: ShapeRef): EventWriter {
  const shape = structureOf(format.model, ref);
  const isException = shape.exception === true;
  const headerNames = Object.keys(shape.members).filter((member) => shape.members[member]!.eventheader === true);
  const payloadName = Object.keys(shape.members).find((member) => shape.members[member]!.eventpayload === true);
  const bodyNames = Object.keys(shape.members).filter((member) => !headerNames.includes(member));
  const kinds = new Map(headerNames.map((member) => [member, shapeOf(format.model, shape.members[member]!).type]));
  const { contentType, write } = payloadWriter(format, ref, shape, payloadName, bodyNames);
  const fixed = messageHeaders(
    isException ? "exception" : "event",
    isException ? ":exception-type" : ":event-type",
    name,
    contentType,
  );
  return (value) => {
    const tree = value as Tree;
    const headers = [...fixed];
    for (const member of headerNames) {
      const inner = tree[member];
      if (inner !== undefined && inner !== null) headers.push([member, headerOf(kinds.get(member)!, inner)]);
    }
    return encodeMessage(headers, write(tree));
  };
}

function payloadWriter(
  format: EventFormat,
  ref: ShapeRef,
  shape: StructureShape,
  payloadName: string | undefined,
  bodyNames: readonly string[],
): { contentType: string; write: (value: Tree) => Uint8Array } {
  if (payloadName === undefined)
    return { contentType: format.contentType, write: format.write(ref.shape, shape, bodyNames) };
  const payloadRef = shape.members[payloadName]!;
  const payload = shapeOf(format.model, payloadRef);
  if (payload.type === "blob") {
    return {
      contentType: "application/octet-stream",
      write: (value) => (value[payloadName] as Uint8Array | undefined) ?? new Uint8Array(),
    };
  }
  if (payload.type === "structure") {
    const write = format.write(payloadRef.shape, payload, Object.keys(payload.members));
    return { contentType: format.contentType, write: (value) => write(value[payloadName] ?? {}) };
  }
  return { contentType: "text/plain", write: (value) => utf8(String(value[payloadName] ?? "")) };
}

function headerOf(type: string, value: unknown): HeaderValue {
  switch (type) {
    case "boolean":
      return { type: "boolean", value: value === true };
    case "integer":
      return { type: "integer", value: Number(value) };
    case "long":
      return { type: "long", value: BigInt(value as number) };
    case "blob":
      return { type: "bytes", value: value as Uint8Array };
    case "timestamp":
      return { type: "timestamp", value: value as Date };
    default:
      return { type: "string", value: String(value) };
  }
}

function eventReader(format: EventFormat, ref: ShapeRef): EventReader {
  const shape = structureOf(format.model, ref);
  const headerNames = Object.keys(shape.members).filter((member) => shape.members[member]!.eventheader === true);
  const payloadName = Object.keys(shape.members).find((member) => shape.members[member]!.eventpayload === true);
  const bodyNames = Object.keys(shape.members).filter((member) => !headerNames.includes(member));
  const readPayload = payloadReader(format, ref, shape, payloadName, bodyNames);
  return (message) => {
    const event = readPayload(message.payload);
    for (const member of headerNames) {
      const header = message.headers.get(member);
      if (header !== undefined) event[member] = headerIn(shapeOf(format.model, shape.members[member]!).type, header);
    }
    return event;
  };
}

function payloadReader(
  format: EventFormat,
  ref: ShapeRef,
  shape: StructureShape,
  payloadName: string | undefined,
  bodyNames: readonly string[],
): (payload: Uint8Array) => Tree {
  if (payloadName === undefined) {
    if (bodyNames.length === 0) return () => ({});
    const read = format.read(ref.shape, shape, bodyNames);
    return (payload) => (payload.byteLength === 0 ? {} : read(payload));
  }
  const payloadRef = shape.members[payloadName]!;
  const payload = shapeOf(format.model, payloadRef);
  if (payload.type === "blob") return (bytes) => ({ [payloadName]: bytes });
  if (payload.type === "structure") {
    const read = format.read(payloadRef.shape, payload, Object.keys(payload.members));
    return (bytes) => ({ [payloadName]: read(bytes) });
  }
  return (bytes) => {
    const text = decodeUtf8(bytes);
    if (text === undefined) throw malformed("a payload is not valid UTF-8");
    return { [payloadName]: text };
  };
}

/** The value of an event's header, as the model's type. */
function headerIn(type: string, header: HeaderValue): unknown {
  const fits =
    (type === "boolean" && header.type === "boolean") ||
    (type === "integer" && (header.type === "byte" || header.type === "short" || header.type === "integer")) ||
    (type === "long" && (header.type === "long" || header.type === "integer")) ||
    (type === "blob" && header.type === "bytes") ||
    (type === "timestamp" && header.type === "timestamp") ||
    (type === "string" && (header.type === "string" || header.type === "uuid"));
  if (!fits) throw serializationException(`An event's header is a ${header.type}, not a ${type}`);
  return typeof header.value === "bigint" ? Number(header.value) : header.value;
}
