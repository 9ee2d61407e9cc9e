import type { Shape, ShapeRef, StructureShape } from "../../src/api/model.ts";
import { reachableShapes, references } from "./descriptor.ts";
import { apiName, header, propertyName, typeName } from "./names.ts";
import type { NamedModel, SourceModel, SourceRef } from "./source-model.ts";

/** `types.ts`: the service's interface and the shapes it speaks of, as in AWS SDK v3. */
export function typesFile({ name, model }: NamedModel): string {
  const reached = reachableShapes(model);
  const types = typeWriter(model);
  const exceptions = new Set<string>();
  const declarations: string[] = [];
  const shapes = Object.entries(model.shapes).toSorted(([a], [b]) => compare(typeName(a), typeName(b)));
  for (const [shapeName, shape] of shapes) {
    if (!reached.has(shapeName)) continue;
    if (isException(shape)) continue;
    if (shape.type === "structure") {
      if (!shape.document) declarations.push(structure(typeName(shapeName), shape, types));
      for (const ref of references(shape))
        if (isException(model.shapes[ref.shape])) exceptions.add(typeName(ref.shape));
    } else if (types.named(shapeName)) {
      declarations.push(alias(typeName(shapeName), types.body(shape)));
    }
  }
  const parts = [header(`models/${name}.json`)];
  if (exceptions.size > 0) {
    parts.push(`${list("import type {", [...exceptions].toSorted(compare), `} from "./errors.ts";`)}\n`);
  }
  parts.push(service(model, types), ...declarations);
  return parts.join("\n");
}

function service(model: SourceModel, types: TypeWriter): string {
  const lines = [`/** ${model.metadata.serviceFullName}, API version ${model.metadata.apiVersion}. */`];
  lines.push(`export interface ${apiName(model.metadata.serviceId)} {`);
  for (const [operation, { input, output }] of Object.entries(model.operations)) {
    const takes = input ? types.of(input) : "Record<string, never>";
    const gives = output ? types.of(output) : "Record<string, never>";
    const line = `  ${operation}(input: ${takes}): Promise<${gives}>;`;
    lines.push(line.length <= 120 ? line : `  ${operation}(\n    input: ${takes},\n  ): Promise<${gives}>;`);
  }
  lines.push("}", "");
  return lines.join("\n");
}

function structure(name: string, shape: StructureShape, types: TypeWriter): string {
  if (Object.keys(shape.members).length === 0) return `export type ${name} = Record<string, never>;\n`;
  return `export interface ${name} ${members(shape, types)}\n`;
}

/** The members of a structure as an object type. A union is an object of which one member is set. */
export function members(shape: StructureShape, types: TypeWriter, leaveOut?: (member: string) => boolean): string {
  const required = new Set(shape.required);
  const lines = ["{"];
  for (const [member, ref] of Object.entries(shape.members)) {
    if (leaveOut?.(member)) continue;
    const type = types.of(ref);
    const line = required.has(member)
      ? `  ${propertyName(member)}: ${type};`
      : `  ${propertyName(member)}?: ${type} | undefined;`;
    lines.push(line.length > 120 ? wrapped(line) : line);
  }
  lines.push("}");
  return lines.join("\n");
}

/** A property whose type is too long for a line, laid out as the formatter does. */
function wrapped(line: string): string {
  const colon = line.indexOf(": ");
  return `${line.slice(0, colon + 1)}\n${line
    .slice(colon + 2, -1)
    .split(" | ")
    .map((choice) => `    | ${choice}`)
    .join("\n")};`;
}

export interface TypeWriter {
  /** The type at a place where a shape is used. */
  of(ref: SourceRef): string;
  /** What a list, map, enum or scalar shape is, spelled out. */
  body(shape: Shape): string;
  /** Whether the shape has a name of its own in `types.ts`. */
  named(shape: string): boolean;
}

export function typeWriter(model: SourceModel, { prefix = "" }: { readonly prefix?: string } = {}): TypeWriter {
  const loops = new Map<string, boolean>();
  const types: TypeWriter = {
    of(ref) {
      if (ref.enum) return ref.enum.map((value) => JSON.stringify(value)).join(" | ");
      const shape = model.shapes[ref.shape];
      if (!shape) throw new Error(`the model refers to the shape ${ref.shape}, which it does not have`);
      if (shape.type === "structure") {
        if (shape.document) return "unknown";
        if (shape.eventstream) return `AsyncIterable<${prefix}${typeName(ref.shape)}>`;
        return prefix + typeName(ref.shape);
      }
      if (types.named(ref.shape)) return prefix + typeName(ref.shape);
      if (shape.type === "blob" && (shape.streaming || ref.streaming)) return "AsyncIterable<Uint8Array>";
      return types.body(shape);
    },
    body(shape) {
      switch (shape.type) {
        case "list": {
          const member = types.of(shape.member);
          return member.includes(" ") && !member.startsWith("{") ? `(${member})[]` : `${member}[]`;
        }
        case "map":
          return `{ [key: string]: ${types.of(shape.value)} }`;
        case "blob":
          return "Uint8Array";
        case "timestamp":
          return "Date";
        case "boolean":
          return "boolean";
        case "integer":
        case "long":
        case "float":
        case "double":
          return "number";
        case "string":
        case "character":
          return shape.enum ? shape.enum.map((value) => JSON.stringify(value)).join(" | ") : "string";
        case "structure":
          throw new Error("structures are named");
      }
    },
    named(name) {
      const shape = model.shapes[name];
      if (!shape) return false;
      if (shape.type === "structure") return !shape.document;
      if (shape.type === "list" || shape.type === "map") return leadsToItself(name, model, loops);
      return "enum" in shape && shape.enum !== undefined;
    },
  };
  return types;
}

/** Whether a list or map holds itself with no structure between; only a name can say that. */
function leadsToItself(name: string, model: SourceModel, known: Map<string, boolean>): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  const seen = new Set<string>();
  const walk = (from: string): boolean => {
    const shape = model.shapes[from];
    if (!shape || (shape.type !== "list" && shape.type !== "map")) return false;
    return references(shape).some((ref: ShapeRef) => {
      if (ref.shape === name) return true;
      if (seen.has(ref.shape)) return false;
      seen.add(ref.shape);
      return walk(ref.shape);
    });
  };
  const found = walk(name);
  known.set(name, found);
  return found;
}

export function isException(shape: Shape | undefined): boolean {
  return shape?.type === "structure" && shape.exception === true;
}

function alias(name: string, body: string): string {
  const line = `export type ${name} = ${body};`;
  if (line.length <= 120) return `${line}\n`;
  return `export type ${name} =\n${body
    .split(/ \| (?=")/)
    .map((choice) => `  | ${choice}`)
    .join("\n")};\n`;
}

/** `open a, b close` on one line, or a line each when that is too long. */
function list(open: string, items: readonly string[], close: string): string {
  const line = `${open} ${items.join(", ")} ${close}`;
  return line.length <= 120 ? line : `${open}\n${items.map((item) => `  ${item},\n`).join("")}${close}`;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
