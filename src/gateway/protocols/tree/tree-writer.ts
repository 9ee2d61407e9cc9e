import { toBase64 } from "../../../base/bytes.ts";
import type { ServiceModel, ShapeRef, StructureShape } from "../../../api/model.ts";
import { Dictionary } from "../dictionary.ts";
import { isDocument, shapeOf, timestampFormatAt, wireName } from "../shapes.ts";
import { epochSeconds, formatTimestamp } from "../timestamps.ts";
import type { TimestampFormat } from "../timestamps.ts";

/** Turns a value of the model's shape into what JSON or CBOR can write. It never changes the value. */
export type TreeWriter = (value: unknown) => unknown;

/** What differs between the trees of JSON and of CBOR. Absent means: the value itself. */
export interface TreeWriterDialect {
  readonly writeBlob?: (value: Uint8Array) => unknown;
  readonly writeDouble?: (value: number) => unknown;
  readonly writeTimestamp: (value: Date, format: TimestampFormat) => unknown;
}

export const jsonWriterDialect: TreeWriterDialect = {
  writeBlob: toBase64,
  writeDouble: (value) => (Number.isFinite(value) ? value : String(value)),
  writeTimestamp: (value, format) =>
    format === "unixTimestamp" ? epochSeconds(value) : formatTimestamp(value, format),
};

type Tree = Record<string, unknown>;

const same: TreeWriter = (value) => value;

/** Compiles the writers of a model's shapes; each shape once. */
export class TreeWriters {
  readonly #model: ServiceModel;
  readonly #dialect: TreeWriterDialect;
  readonly #known = new Map<string, TreeWriter>();

  constructor(model: ServiceModel, dialect: TreeWriterDialect) {
    this.#model = model;
    this.#dialect = dialect;
  }

  writer(ref: ShapeRef): TreeWriter {
    const shape = shapeOf(this.#model, ref);
    if (shape.type === "timestamp") {
      const { writeTimestamp } = this.#dialect;
      const format = timestampFormatAt(this.#model, ref, "unixTimestamp");
      return (value) => writeTimestamp(value as Date, format);
    }
    const known = this.#known.get(ref.shape);
    if (known !== undefined) return known;
    this.#known.set(ref.shape, (value) => made(value));
    const made: TreeWriter = this.#compile(ref);
    this.#known.set(ref.shape, made);
    return made;
  }

  /** The writer of a structure, of some of its members only where `names` is given. Members unknown or null are left out. */
  structure(shape: StructureShape, names: readonly string[] = Object.keys(shape.members)): TreeWriter {
    const members = new Map<string, { readonly name: string; readonly write: TreeWriter }>();
    for (const member of names) {
      const ref = shape.members[member]!;
      members.set(member, { name: wireName(member, ref), write: this.writer(ref) });
    }
    return (value) => {
      const tree = value as Tree;
      let copy: Tree | undefined;
      for (const key in tree) {
        const raw = tree[key];
        if (raw === undefined) continue;
        const member = members.get(key);
        if (member === undefined || raw === null) {
          copy ??= copyBefore(tree, key);
          continue;
        }
        const written = member.write(raw);
        if (copy !== undefined) copy[member.name] = written;
        else if (written !== raw || member.name !== key) {
          copy = copyBefore(tree, key);
          copy[member.name] = written;
        }
      }
      return copy ?? tree;
    };
  }

  #compile(ref: ShapeRef): TreeWriter {
    const shape = shapeOf(this.#model, ref);
    switch (shape.type) {
      case "structure":
        return isDocument(shape) ? same : this.structure(shape);
      case "list":
        return listWriter(this.writer(shape.member));
      case "map":
        return mapWriter(this.writer(shape.value));
      case "blob":
        return (this.#dialect.writeBlob as TreeWriter | undefined) ?? same;
      case "float":
      case "double":
        return (this.#dialect.writeDouble as TreeWriter | undefined) ?? same;
      default:
        return same;
    }
  }
}

function listWriter(element: TreeWriter): TreeWriter {
  if (element === same) return same;
  return (value) => {
    const list = value as readonly unknown[];
    let copy: unknown[] | undefined;
    for (let i = 0; i < list.length; i++) {
      const raw = list[i];
      const written = raw === null || raw === undefined ? null : element(raw);
      if (copy !== undefined) copy.push(written);
      else if (written !== raw) {
        copy = list.slice(0, i);
        copy.push(written);
      }
    }
    return copy ?? list;
  };
}

function mapWriter(element: TreeWriter): TreeWriter {
  if (element === same) return same;
  return (value) => {
    const map = value as Tree;
    let copy: Tree | undefined;
    for (const key in map) {
      const raw = map[key];
      if (raw === undefined) continue;
      const written = raw === null ? null : element(raw);
      if (copy !== undefined) copy[key] = written;
      else if (written !== raw) {
        copy = new Dictionary();
        for (const before in map) {
          if (before === key) break;
          copy[before] = map[before];
        }
        copy[key] = written;
      }
    }
    return copy ?? map;
  };
}

function copyBefore(tree: Tree, end: string): Tree {
  const copy: Tree = {};
  for (const key in tree) {
    if (key === end) break;
    if (tree[key] !== undefined) copy[key] = tree[key];
  }
  return copy;
}
