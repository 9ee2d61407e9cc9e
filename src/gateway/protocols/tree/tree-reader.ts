import { fromBase64 } from "../../../base/bytes.ts";
import type { ServiceModel, ShapeRef, StructureShape } from "../../../api/model.ts";
import { Dictionary } from "../dictionary.ts";
import { serializationException } from "../refusals.ts";
import { isDocument, shapeOf, timestampFormatAt, wireName } from "../shapes.ts";
import { dateOfEpochSeconds, parseTimestamp } from "../timestamps.ts";
import type { TimestampFormat } from "../timestamps.ts";
import type { ScalarName, Wording } from "./wording.ts";

/**
 * Turns a parsed JSON or CBOR value into the model's shape. It may return the value itself, changed in no way, so the
 * tree must belong to the caller. `depth` is how much nesting is left.
 * @throws {AwsError} SerializationException
 */
export type TreeReader = (value: unknown, depth: number) => unknown;

/** What differs between the trees of JSON and of CBOR. */
export interface TreeDialect {
  readonly wording: Wording;
  /** Trees hold bytes and dates besides JSON's values. */
  readonly binary: boolean;
  /** The bytes, or undefined when the value is none; a text that is bad base64 throws. */
  readBlob(value: unknown, wording: Wording): Uint8Array | undefined;
  /** Undefined when the value is no timestamp. */
  readTimestamp(value: unknown, format: TimestampFormat): Date | undefined;
}

type Tree = Record<string, unknown>;

/** JSON: blobs are base64, timestamps numbers or texts. */
export function jsonDialect(wording: Wording): TreeDialect {
  return {
    wording,
    binary: false,
    readBlob(value) {
      if (typeof value !== "string") return undefined;
      const bytes = fromBase64(value);
      if (bytes === undefined) throw serializationException(wording.base64(value));
      return bytes;
    },
    readTimestamp(value) {
      if (typeof value === "number") return dateOfEpochSeconds(value);
      return typeof value === "string" ? parseTimestamp(value) : undefined;
    },
  };
}

/** Compiles the readers of a model's shapes; each shape once, so that recursive shapes end. */
export class TreeReaders {
  readonly #model: ServiceModel;
  readonly #dialect: TreeDialect;
  readonly #known = new Map<string, TreeReader>();

  constructor(model: ServiceModel, dialect: TreeDialect) {
    this.#model = model;
    this.#dialect = dialect;
  }

  /** The reader of the value at a place in the model. */
  reader(ref: ShapeRef): TreeReader {
    const shape = shapeOf(this.#model, ref);
    if (shape.type === "timestamp") return this.#timestamp(timestampFormatAt(this.#model, ref, "unixTimestamp"));
    const known = this.#known.get(ref.shape);
    if (known !== undefined) return known;
    // While a recursive shape is being compiled, its inner uses go through the map.
    this.#known.set(ref.shape, (value, depth) => made(value, depth));
    const made: TreeReader = this.#compile(ref);
    this.#known.set(ref.shape, made);
    return made;
  }

  /** The reader of a structure, of some of its members only where `names` is given. */
  structure(name: string, shape: StructureShape, names: readonly string[] = Object.keys(shape.members)): TreeReader {
    const members = new Map<string, { readonly name: string; readonly read: TreeReader }>();
    for (const member of names) {
      const ref = shape.members[member]!;
      members.set(wireName(member, ref), { name: member, read: this.reader(ref) });
    }
    const { wording, binary } = this.#dialect;
    return (value, depth) => {
      if (typeof value !== "object" || value === null || Array.isArray(value) || (binary && isLeaf(value))) {
        throw serializationException(wording.structure(value, name));
      }
      if (depth <= 0) throw tooDeep();
      const tree = value as Tree;
      // Most inputs are of the model's form already; they are copied only from the first difference on.
      let copy: Tree | undefined;
      for (const key in tree) {
        const raw = tree[key];
        const member = members.get(key);
        if (member === undefined || raw === null || raw === undefined) {
          copy ??= copyBefore(tree, key);
          continue;
        }
        const read = member.read(raw, depth - 1);
        if (copy !== undefined) copy[member.name] = read;
        else if (read !== raw || member.name !== key) {
          copy = copyBefore(tree, key);
          copy[member.name] = read;
        }
      }
      return copy ?? tree;
    };
  }

  #compile(ref: ShapeRef): TreeReader {
    const shape = shapeOf(this.#model, ref);
    switch (shape.type) {
      case "structure":
        return isDocument(shape) ? readDocument : this.structure(ref.shape, shape);
      case "list":
        return this.#list(this.reader(shape.member), shape.member.shape);
      case "map":
        return this.#map(this.reader(shape.value));
      case "string":
      case "character":
        return this.#string();
      case "boolean":
        return this.#boolean();
      case "integer":
        return this.#integer("Integer", -(2 ** 31), 2 ** 31 - 1);
      case "long":
        return this.#integer("Long", -(2 ** 63), 2 ** 63);
      case "float":
        return this.#double("Float");
      case "double":
        return this.#double("Double");
      case "blob":
        return this.#blob();
      case "timestamp":
        throw new Error("timestamps are compiled where they are used");
    }
  }

  #mismatch(expected: ScalarName, value: unknown): Error {
    return serializationException(this.#dialect.wording.scalar(expected, value));
  }

  #list(element: TreeReader, name: string): TreeReader {
    const { wording } = this.#dialect;
    return (value, depth) => {
      if (!Array.isArray(value)) throw serializationException(wording.list(value, name));
      if (depth <= 0) throw tooDeep();
      for (let i = 0; i < value.length; i++) {
        const raw: unknown = value[i];
        if (raw === null || raw === undefined) throw serializationException("Unexpected null value in list");
        const read = element(raw, depth - 1);
        if (read !== raw) value[i] = read;
      }
      return value;
    };
  }

  #map(element: TreeReader): TreeReader {
    const { wording, binary } = this.#dialect;
    return (value, depth) => {
      if (typeof value !== "object" || value === null || Array.isArray(value) || (binary && isLeaf(value))) {
        throw serializationException(wording.map(value));
      }
      if (depth <= 0) throw tooDeep();
      const tree = value as Tree;
      const map = new Dictionary();
      for (const key in tree) {
        const raw = tree[key];
        if (raw !== null && raw !== undefined) map[key] = element(raw, depth - 1);
      }
      return map;
    };
  }

  #string(): TreeReader {
    return (value) => {
      if (typeof value === "string") return value;
      throw this.#mismatch("String", value);
    };
  }

  #boolean(): TreeReader {
    return (value) => {
      if (typeof value === "boolean") return value;
      throw this.#mismatch("Boolean", value);
    };
  }

  #integer(name: "Integer" | "Long", min: number, max: number): TreeReader {
    return (value) => {
      if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
      if (typeof value === "bigint" && value >= BigInt(min) && value < BigInt(max)) return Number(value);
      throw this.#mismatch(name, value);
    };
  }

  #double(name: "Float" | "Double"): TreeReader {
    return (value) => {
      if (typeof value === "number") return value;
      if (typeof value === "bigint") return Number(value);
      if (value === "NaN") return NaN;
      if (value === "Infinity") return Infinity;
      if (value === "-Infinity") return -Infinity;
      throw this.#mismatch(name, value);
    };
  }

  #blob(): TreeReader {
    const dialect = this.#dialect;
    return (value) => {
      const bytes = dialect.readBlob(value, dialect.wording);
      if (bytes === undefined) throw this.#mismatch("Blob", value);
      return bytes;
    };
  }

  #timestamp(format: TimestampFormat): TreeReader {
    const dialect = this.#dialect;
    return (value) => {
      const date = dialect.readTimestamp(value, format);
      if (date === undefined) throw this.#mismatch("Date", value);
      return date;
    };
  }
}

function isLeaf(value: object): boolean {
  return value instanceof Uint8Array || value instanceof Date;
}

function tooDeep(): Error {
  return serializationException("The request is nested too deeply");
}

function copyBefore(tree: Tree, end: string): Tree {
  const copy: Tree = {};
  for (const key in tree) {
    if (key === end) break;
    copy[key] = tree[key];
  }
  return copy;
}

/** Any value, with its objects made harmless and its depth bounded. */
function readDocument(value: unknown, depth: number): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null || isLeaf(value)) return value;
  if (depth <= 0) throw tooDeep();
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = readDocument(value[i], depth - 1);
    return value;
  }
  const document = new Dictionary();
  for (const key in value) document[key] = readDocument((value as Tree)[key], depth - 1);
  return document;
}
