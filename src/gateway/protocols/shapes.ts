import type { ServiceModel, Shape, ShapeRef, StructureShape } from "../../api/model.ts";
import type { TimestampFormat } from "./timestamps.ts";

/** Nesting beyond this is refused. AWS's deepest legal inputs (DynamoDB items) nest some 100 values. */
export const maxDepth = 256;

/** The shape that a reference means. */
export function shapeOf(model: ServiceModel, ref: ShapeRef): Shape {
  const shape = model.shapes[ref.shape];
  if (shape === undefined) throw new Error(`${model.name}: the model has no shape ${ref.shape}`);
  return shape;
}

/** The structure that a reference means. */
export function structureOf(model: ServiceModel, ref: ShapeRef): StructureShape {
  const shape = shapeOf(model, ref);
  if (shape.type !== "structure") throw new Error(`${model.name}: ${ref.shape} is no structure`);
  return shape;
}

/** Name of a member on the wire. */
export function wireName(name: string, ref: ShapeRef): string {
  return ref.locationName ?? name;
}

/** Whether values of this shape have no modelled form: any JSON value. */
export function isDocument(shape: Shape): boolean {
  return shape.type === "structure" && shape.document === true;
}

/** How a timestamp is written at this place. */
export function timestampFormatAt(model: ServiceModel, ref: ShapeRef, otherwise: TimestampFormat): TimestampFormat {
  const shape = shapeOf(model, ref);
  return ref.timestampFormat ?? (shape.type === "timestamp" ? shape.timestampFormat : undefined) ?? otherwise;
}

/** The member that is an event stream, if the structure has one. */
export function eventStreamMember(model: ServiceModel, structure: StructureShape): string | undefined {
  for (const [name, ref] of Object.entries(structure.members)) {
    const shape = shapeOf(model, ref);
    if (shape.type === "structure" && shape.eventstream === true) return name;
  }
  return undefined;
}

/** The member that is the whole body as chunks, if the structure has one. */
export function streamingMember(model: ServiceModel, structure: StructureShape): string | undefined {
  if (structure.payload === undefined) return undefined;
  const ref = structure.members[structure.payload]!;
  const shape = shapeOf(model, ref);
  return shape.type === "blob" && (shape.streaming === true || ref.streaming === true) ? structure.payload : undefined;
}
