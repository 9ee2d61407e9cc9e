import type { OperationModel, ServiceModel, ShapeRef, StructureShape } from "../../../api/model.ts";
import { toBase64, utf8 } from "../../../base/bytes.ts";
import type { HttpResponse } from "../../../kernel/http.ts";
import { shapeOf, structureOf } from "../shapes.ts";
import { textWriter } from "../text-values.ts";
import { quoteHeaderElement, safeHeaderValue } from "./header-values.ts";

/** A body with its content type; absent parts mean that there is none. */
export interface EncodedBody {
  readonly contentType?: string;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** How REST protocols write what goes into the body: as JSON or as XML. */
export interface BodyWriter {
  members(operation: OperationModel, shape: StructureShape, names: readonly string[]): (output: Output) => EncodedBody;
  payload(ref: ShapeRef): (value: unknown) => EncodedBody;
  /** The body when the output has none of its members there. */
  readonly empty: EncodedBody;
}

type Output = Readonly<Record<string, unknown>>;
export type HeaderPairs = [name: string, value: string][];

/** Compiles the encoder of an operation with HTTP bindings, without the headers that every answer has. */
export function compileOutput(
  model: ServiceModel,
  operation: OperationModel,
  bodies: BodyWriter,
): (output: Output) => HttpResponse {
  const status = operation.http.responseCode ?? 200;
  if (operation.output === undefined) return () => ({ status, headers: [] });
  const shape = structureOf(model, operation.output);
  const writeHeaders = headerWriter(model, shape);
  const statusMember = Object.keys(shape.members).find((name) => shape.members[name]!.location === "statusCode");
  const writeBody = bodyWriter(model, operation, shape, bodies);
  return (output) => {
    const headers: HeaderPairs = [];
    writeHeaders(output, headers);
    const { body, contentType } = writeBody(output);
    if (contentType !== undefined && !headers.some(([name]) => name === "content-type")) {
      headers.push(["content-type", contentType]);
    }
    const own = statusMember === undefined ? undefined : output[statusMember];
    const finalStatus = typeof own === "number" && own >= 200 && own <= 599 ? own : status;
    return body === undefined || finalStatus === 204 || finalStatus === 304
      ? {
          status: finalStatus,
          headers: body === undefined ? headers : headers.filter(([name]) => name !== "content-type"),
        }
      : { status: finalStatus, headers, body };
  };
}

function bodyWriter(
  model: ServiceModel,
  operation: OperationModel,
  shape: StructureShape,
  bodies: BodyWriter,
): (output: Output) => EncodedBody {
  const { payload } = shape;
  if (payload !== undefined) {
    const ref = shape.members[payload]!;
    const write = payloadWriter(model, operation, ref, bodies);
    return (output) => {
      const value = output[payload];
      return value === undefined || value === null ? {} : write(value);
    };
  }
  const names = Object.keys(shape.members).filter((name) => isInBody(shape.members[name]!));
  if (names.length === 0) return () => bodies.empty;
  return bodies.members(operation, shape, names);
}

/** Bindings to the path and the query mean nothing in an answer. */
function isInBody({ location }: ShapeRef): boolean {
  return location === undefined || location === "uri" || location === "querystring";
}

function payloadWriter(
  model: ServiceModel,
  operation: OperationModel,
  ref: ShapeRef,
  bodies: BodyWriter,
): (value: unknown) => EncodedBody {
  const target = shapeOf(model, ref);
  if (target.type === "blob") {
    // Lambda's answers are JSON most of the time, and always say so.
    const contentType =
      model.name === "lambda" && operation.name.startsWith("Invoke") ? "application/json" : "application/octet-stream";
    return (value) => ({ contentType, body: typeof value === "string" ? utf8(value) : (value as Uint8Array) });
  }
  if (target.type === "string") return (value) => ({ contentType: "text/plain", body: value as string });
  return bodies.payload(ref);
}

/** Compiles the writer of all members that are headers. */
export function headerWriter(
  model: ServiceModel,
  shape: StructureShape,
): (output: Output, headers: HeaderPairs) => void {
  const writers: ((output: Output, headers: HeaderPairs) => void)[] = [];
  for (const [name, ref] of Object.entries(shape.members)) {
    if (ref.location === "header") {
      const wire = (ref.locationName ?? name).toLowerCase();
      const write = headerText(model, ref);
      writers.push((output, headers) => {
        const value = output[name];
        const text = value === undefined || value === null ? undefined : write(value);
        if (text !== undefined) headers.push([wire, safeHeaderValue(text)]);
      });
    } else if (ref.location === "headers") {
      const prefix = (ref.locationName ?? "").toLowerCase();
      writers.push((output, headers) => {
        for (const [key, value] of Object.entries((output[name] ?? {}) as Record<string, string>)) {
          const header = prefix + key.toLowerCase();
          // A name from outside that HTTP cannot carry would end the connection.
          if (/^[\w!#$%&'*+.^`|~-]+$/.test(header)) headers.push([header, safeHeaderValue(value)]);
        }
      });
    }
  }
  return (output, headers) => {
    for (const write of writers) write(output, headers);
  };
}

function headerText(model: ServiceModel, ref: ShapeRef): (value: unknown) => string | undefined {
  const shape = shapeOf(model, ref);
  if (shape.type === "list") {
    const write = textWriter(model, shape.member, "rfc822");
    const quote = shapeOf(model, shape.member).type === "string" ? quoteHeaderElement : (text: string) => text;
    return (value) => {
      const list = value as readonly unknown[];
      return list.length === 0 ? undefined : list.map((element) => quote(write(element))).join(", ");
    };
  }
  if (ref.jsonvalue === true || (shape.type === "string" && shape.jsonvalue === true)) {
    return (value) => toBase64(utf8(typeof value === "string" ? value : JSON.stringify(value)));
  }
  return textWriter(model, ref, "rfc822");
}
