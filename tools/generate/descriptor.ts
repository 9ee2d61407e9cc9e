import type { OperationModel, Protocol, ServiceMetadata, ServiceModel, Shape, ShapeRef } from "../../src/api/model.ts";
import type { NamedModel, SourceModel, SourceOperation, SourceRef } from "./source-model.ts";

const refTraits = [
  "shape",
  "location",
  "locationName",
  "queryName",
  "flattened",
  "streaming",
  "xmlNamespace",
  "xmlAttribute",
  "timestampFormat",
  "jsonvalue",
  "idempotencyToken",
  "hostLabel",
  "eventheader",
  "eventpayload",
  "box",
  "deprecated",
  "resultWrapper",
] as const satisfies readonly (keyof ShapeRef)[];

const shapeTraits: Readonly<Record<string, readonly string[]>> = {
  structure: [
    "required",
    "payload",
    "union",
    "document",
    "eventstream",
    "event",
    "exception",
    "error",
    "fault",
    "retryable",
    "xmlNamespace",
    "locationName",
    "wrapper",
    "xmlOrder",
    "sensitive",
  ],
  list: ["flattened", "min", "max", "sensitive"],
  map: ["flattened", "min", "max", "locationName", "sensitive"],
};

const scalarTraits = [
  "enum",
  "pattern",
  "min",
  "max",
  "box",
  "streaming",
  "requiresLength",
  "timestampFormat",
  "jsonvalue",
  "sensitive",
];

/** The model reduced to what a server asks, with the shapes that operations reach. */
export function describe({ name, model }: NamedModel): ServiceModel {
  const shapes: Record<string, Shape> = {};
  const inlineEnums = new Map<string, Shape>();
  const ref = (source: SourceRef): ShapeRef => {
    if (!source.enum) return pick(source, refTraits) as unknown as ShapeRef;
    // Few members bring an enum of their own. They get a shape of their own, since a ShapeRef has no constraints.
    const shape = `${source.shape}:${source.enum.join("|")}`;
    inlineEnums.set(shape, { ...(model.shapes[source.shape] as object), enum: source.enum } as Shape);
    return { ...(pick(source, refTraits) as unknown as ShapeRef), shape };
  };
  const reached = reachableShapes(model);
  for (const [shapeName, shape] of Object.entries(model.shapes)) {
    if (reached.has(shapeName)) shapes[shapeName] = describeShape(shape, ref);
  }
  for (const [shapeName, shape] of inlineEnums) shapes[shapeName] = describeShape(shape, ref);
  const operations: Record<string, OperationModel> = {};
  for (const [operation, source] of Object.entries(model.operations))
    operations[operation] = describeOperation(source, ref);
  return { name, metadata: describeMetadata(model), operations, shapes };
}

export function describeMetadata({ metadata }: SourceModel): ServiceMetadata {
  return {
    apiVersion: metadata.apiVersion,
    protocols: (metadata.protocols ?? [metadata.protocol]) as readonly Protocol[],
    endpointPrefix: metadata.endpointPrefix,
    signingName: metadata.signingName ?? metadata.endpointPrefix,
    serviceId: metadata.serviceId,
    serviceFullName: metadata.serviceFullName,
    ...pick(metadata, ["jsonVersion", "targetPrefix", "xmlNamespace"]),
    ...(metadata.awsQueryCompatible ? { queryCompatible: true } : {}),
  };
}

function describeOperation(source: SourceOperation, ref: (source: SourceRef) => ShapeRef): OperationModel {
  return {
    ...(pick(source, ["name", "http"]) as Pick<OperationModel, "name" | "http">),
    ...(source.input && { input: ref(source.input) }),
    ...(source.output && { output: ref(source.output) }),
    ...(source.errors && { errors: source.errors.map((error) => error.shape) }),
    ...pick(source, ["authtype", "unsignedPayload", "httpChecksum", "httpChecksumRequired", "deprecated"]),
    ...(source.requestcompression && { requestCompression: source.requestcompression.encodings }),
    ...(source.endpoint && { hostPrefix: source.endpoint.hostPrefix }),
  };
}

function describeShape(shape: Shape, ref: (source: SourceRef) => ShapeRef): Shape {
  const traits = { type: shape.type, ...pick(shape, shapeTraits[shape.type] ?? scalarTraits) };
  switch (shape.type) {
    case "structure": {
      const members: Record<string, ShapeRef> = {};
      for (const [member, source] of Object.entries(shape.members)) members[member] = ref(source);
      return { ...traits, members } as Shape;
    }
    case "list":
      return { ...traits, member: ref(shape.member) } as Shape;
    case "map":
      return { ...traits, key: ref(shape.key), value: ref(shape.value) } as Shape;
    default:
      return traits as Shape;
  }
}

/** Every shape that an input, an output or an error of an operation leads to, and every exception of the service. */
export function reachableShapes(model: SourceModel): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting: string[] = [];
  const visit = (shape: string): void => {
    if (!reached.has(shape)) {
      reached.add(shape);
      waiting.push(shape);
    }
  };
  for (const [name, shape] of Object.entries(model.shapes)) {
    // Errors common to all operations are on no operation's list (s3 NoSuchKey on some, sqs InvalidSecurity).
    if (shape.type === "structure" && shape.exception) visit(name);
  }
  for (const operation of Object.values(model.operations)) {
    for (const source of [operation.input, operation.output, ...(operation.errors ?? [])])
      if (source) visit(source.shape);
  }
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const shape = model.shapes[name];
    if (!shape) throw new Error(`the model refers to the shape ${name}, which it does not have`);
    for (const source of references(shape)) visit(source.shape);
  }
  return reached;
}

/** The shapes that a shape is made of. */
export function references(shape: Shape): readonly ShapeRef[] {
  if (shape.type === "structure") return Object.values(shape.members);
  if (shape.type === "list") return [shape.member];
  if (shape.type === "map") return [shape.key, shape.value];
  return [];
}

function pick(source: object, keys: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const key of keys) {
    const value = (source as Record<string, unknown>)[key];
    if (value !== undefined && value !== false) picked[key] = value;
  }
  return picked;
}
