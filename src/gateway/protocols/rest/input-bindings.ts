import type { OperationModel, ServiceModel, ShapeRef, StructureShape } from "../../../api/model.ts";
import { decodeUtf8, fromBase64 } from "../../../base/bytes.ts";
import { Dictionary } from "../dictionary.ts";
import type { OperationMatch, RequestBody, RequestHead } from "../protocol.ts";
import { parsePairs } from "../query/parse-form.ts";
import { serializationException } from "../refusals.ts";
import { isDocument, shapeOf } from "../shapes.ts";
import { textReader } from "../text-values.ts";
import { splitHeaderList, splitHttpDates } from "./header-values.ts";
import { labelNames } from "./router.ts";

/** How REST protocols read what is in the body: as JSON or as XML. */
export interface BodyReader {
  /** Members of the body, set on the input. */
  members(
    shapeName: string,
    shape: StructureShape,
    names: readonly string[],
  ): (body: Uint8Array) => Record<string, unknown>;
  /** The member that is the whole body; undefined for an empty one. */
  payload(ref: ShapeRef): (body: Uint8Array) => unknown;
}

type Input = Record<string, unknown>;
type Step = (input: Input, match: OperationMatch, head: RequestHead, query: QueryMap) => void;
export type QueryMap = ReadonlyMap<string, readonly string[]>;

/**
 * The parameters of a query string.
 * @throws {AwsError} SerializationException for malformed escapes
 */
export function parseQuery(text: string): QueryMap {
  const map = new Map<string, string[]>();
  if (text === "") return map;
  const pairs = parsePairs(text);
  if (pairs === undefined) throw serializationException("The query string is not valid percent-encoded UTF-8");
  for (const [name, value] of pairs) {
    const values = map.get(name);
    if (values === undefined) map.set(name, [value]);
    else values.push(value);
  }
  return map;
}

/** Compiles the decoder of an operation with HTTP bindings. */
export function compileInput(
  model: ServiceModel,
  operation: OperationModel,
  bodies: BodyReader,
): (match: OperationMatch, head: RequestHead, body: RequestBody) => Input {
  if (operation.input === undefined) return () => ({});
  const shape = structureOfInput(model, operation);
  const steps = bindingSteps(model, operation, shape);
  const readBody = bodyStep(model, operation, shape, bodies);
  return (match, head, body) => {
    const input = readBody(body);
    if (steps.length === 0) return input;
    const query = parseQuery(head.query);
    for (const step of steps) step(input, match, head, query);
    return input;
  };
}

function structureOfInput(model: ServiceModel, operation: OperationModel): StructureShape {
  const shape = shapeOf(model, operation.input!);
  if (shape.type !== "structure") throw new Error(`${operation.name}: the input is no structure`);
  return shape;
}

function bodyStep(
  model: ServiceModel,
  operation: OperationModel,
  shape: StructureShape,
  bodies: BodyReader,
): (body: RequestBody) => Input {
  const { payload } = shape;
  if (payload !== undefined) {
    const ref = shape.members[payload]!;
    const target = shapeOf(model, ref);
    if (target.type === "blob" && (target.streaming === true || ref.streaming === true)) {
      return (body) => ({ [payload]: body instanceof Uint8Array ? oneChunk(body) : body });
    }
    const read = payloadReader(model, ref, bodies);
    return (body) => {
      const value = read(body as Uint8Array);
      return value === undefined ? {} : { [payload]: value };
    };
  }
  const names = Object.keys(shape.members).filter((name) => shape.members[name]!.location === undefined);
  if (names.length === 0) return () => ({});
  const read = bodies.members(operation.input!.shape, shape, names);
  return (body) => read(body as Uint8Array);
}

function payloadReader(model: ServiceModel, ref: ShapeRef, bodies: BodyReader): (body: Uint8Array) => unknown {
  const target = shapeOf(model, ref);
  if (target.type === "blob") return (body) => (body.byteLength === 0 ? undefined : body);
  if (target.type === "string") {
    return (body) => {
      if (body.byteLength === 0) return undefined;
      const text = decodeUtf8(body);
      if (text === undefined) throw serializationException("The request body is not valid UTF-8");
      return text;
    };
  }
  if (target.type === "structure" && !isDocument(target) && Object.keys(target.members).length === 0) {
    return (body) => (body.byteLength === 0 ? undefined : {});
  }
  return bodies.payload(ref);
}

async function* oneChunk(body: Uint8Array): AsyncGenerator<Uint8Array> {
  if (body.byteLength > 0) yield body;
}

function bindingSteps(model: ServiceModel, operation: OperationModel, shape: StructureShape): Step[] {
  const steps: Step[] = [];
  const labels = labelNames(operation.http.requestUri);
  const bound = new Set(parseQuery(operation.http.requestUri.split("?", 2)[1] ?? "").keys());
  for (const [name, ref] of Object.entries(shape.members)) {
    if (ref.location === "querystring" && shapeOf(model, ref).type !== "map") bound.add(ref.locationName ?? name);
  }
  for (const [name, ref] of Object.entries(shape.members)) {
    const wire = ref.locationName ?? name;
    if (ref.location === "uri") steps.push(labelStep(model, name, ref, labels.indexOf(wire)));
    else if (ref.location === "querystring") steps.push(queryStep(model, name, wire, ref, bound));
    else if (ref.location === "header") steps.push(headerStep(model, name, wire.toLowerCase(), ref));
    else if (ref.location === "headers") steps.push(prefixStep(name, ref.locationName?.toLowerCase() ?? ""));
  }
  return steps;
}

function labelStep(model: ServiceModel, name: string, ref: ShapeRef, index: number): Step {
  const read = textReader(model, ref, "iso8601", serializationException);
  return (input, match) => {
    const label = match.labels?.[index];
    if (label !== undefined) input[name] = read(label);
  };
}

function queryStep(model: ServiceModel, name: string, wire: string, ref: ShapeRef, bound: ReadonlySet<string>): Step {
  const shape = shapeOf(model, ref);
  if (shape.type === "list") {
    const read = textReader(model, shape.member, "iso8601", serializationException);
    return (input, _match, _head, query) => {
      const values = query.get(wire);
      if (values !== undefined) input[name] = values.map(read);
    };
  }
  if (shape.type === "map") {
    const many = shapeOf(model, shape.value).type === "list";
    return (input, _match, _head, query) => {
      const map = new Dictionary();
      let any = false;
      for (const [key, values] of query) {
        if (bound.has(key)) continue;
        map[key] = many ? [...values] : values[0];
        any = true;
      }
      if (any) input[name] = map;
    };
  }
  const read = textReader(model, ref, "iso8601", serializationException);
  const isText = shape.type === "string";
  return (input, _match, _head, query) => {
    const value = query.get(wire)?.[0];
    if (value !== undefined && (value !== "" || isText)) input[name] = read(value);
  };
}

function headerStep(model: ServiceModel, name: string, wire: string, ref: ShapeRef): Step {
  const shape = shapeOf(model, ref);
  if (shape.type === "list") {
    const element = shapeOf(model, shape.member);
    const read = textReader(model, shape.member, "rfc822", serializationException);
    const format = shape.member.timestampFormat ?? (element.type === "timestamp" ? element.timestampFormat : undefined);
    const dates = element.type === "timestamp" && (format ?? "rfc822") === "rfc822";
    return (input, _match, head) => {
      const value = head.headers[wire];
      if (value === undefined || value === "") return;
      const values = dates ? splitHttpDates(value) : splitHeaderList(value);
      if (values === undefined) throw serializationException(`The header ${wire} is not a list`);
      input[name] = values.map(read);
    };
  }
  if (ref.jsonvalue === true || (shape.type === "string" && shape.jsonvalue === true)) {
    return (input, _match, head) => {
      const value = head.headers[wire];
      if (value === undefined || value === "") return;
      const bytes = fromBase64(value);
      const text = bytes === undefined ? undefined : decodeUtf8(bytes);
      if (text === undefined) throw serializationException(`The header ${wire} is not valid Base64`);
      input[name] = text;
    };
  }
  const read = textReader(model, ref, "rfc822", serializationException);
  const isText = shape.type === "string";
  return (input, _match, head) => {
    const value = head.headers[wire];
    if (value !== undefined && (value !== "" || isText)) input[name] = read(isText ? headerText(value) : value);
  };
}

/** Node hands header bytes over as Latin-1; what is UTF-8 there was meant as UTF-8. */
function headerText(value: string): string {
  if (!/[\u0080-\u00ff]/.test(value) || /[\u0100-\uffff]/.test(value)) return value;
  return decodeUtf8(Buffer.from(value, "latin1")) ?? value;
}

function prefixStep(name: string, prefix: string): Step {
  return (input, _match, head) => {
    const map = new Dictionary();
    let any = false;
    for (const [header, value] of Object.entries(head.headers)) {
      if (!header.startsWith(prefix)) continue;
      map[header.slice(prefix.length)] = headerText(value);
      any = true;
    }
    if (any) input[name] = map;
  };
}
