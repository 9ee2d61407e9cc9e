import type { AwsError } from "../../../api/aws-error.ts";
import type { ListShape, MapShape, ServiceModel, ShapeRef, StructureShape } from "../../../api/model.ts";
import { Dictionary } from "../dictionary.ts";
import { shapeOf } from "../shapes.ts";
import { textReader } from "../text-values.ts";
import type { FormNode } from "./parse-form.ts";

/** Reads a value from its place in a form; undefined when the form says nothing there. */
export type FormReader = (node: FormNode) => unknown;

export interface FormDialect {
  /** EC2: names begin with a capital, lists are always flattened. */
  readonly ec2: boolean;
  refuse(message: string): AwsError;
}

/** Lists have at most this many elements; their numbers may not leave gaps larger than that. */
const maxElements = 20_000;

/** Compiles form readers for the shapes of a model. */
export class FormReaders {
  readonly #model: ServiceModel;
  readonly #dialect: FormDialect;
  readonly #known = new Map<string, FormReader>();

  constructor(model: ServiceModel, dialect: FormDialect) {
    this.#model = model;
    this.#dialect = dialect;
  }

  structure(shape: StructureShape): FormReader {
    const members = Object.entries(shape.members).map(([name, ref]) => ({
      name,
      keys: this.#keys(name, ref),
      read: this.#reader(ref),
    }));
    return (node) => {
      const { children } = node;
      const structure: Record<string, unknown> = {};
      if (children === undefined) return structure;
      for (const member of members) {
        for (const key of member.keys) {
          const child = children[key];
          const value = child === undefined ? undefined : member.read(child);
          if (value === undefined) continue;
          structure[member.name] = value;
          break;
        }
      }
      return structure;
    };
  }

  #reader(ref: ShapeRef): FormReader {
    const shape = shapeOf(this.#model, ref);
    switch (shape.type) {
      case "structure":
        return this.#structure(ref, shape);
      case "list":
        return this.#list(shape, this.#dialect.ec2 || ref.flattened === true || shape.flattened === true);
      case "map":
        return this.#map(shape, ref.flattened === true || shape.flattened === true);
      default: {
        const read = textReader(this.#model, ref, "iso8601", this.#dialect.refuse);
        const isText = shape.type === "string" || shape.type === "character" || shape.type === "blob";
        return ({ value }) => (value === undefined || (value === "" && !isText) ? undefined : read(value));
      }
    }
  }

  /** The names that a member may have in a form, the proper one first. */
  #keys(name: string, ref: ShapeRef): readonly string[] {
    if (this.#dialect.ec2) return [ref.queryName ?? capital(ref.locationName ?? name)];
    const own = ref.queryName ?? ref.locationName;
    const shape = shapeOf(this.#model, ref);
    const flattened = shape.type === "list" && (ref.flattened === true || shape.flattened === true);
    const ofElement = flattened ? (shape.member.queryName ?? shape.member.locationName) : undefined;
    return [...new Set([own, ofElement, name].filter((key) => key !== undefined))];
  }

  #structure(ref: ShapeRef, shape: StructureShape): FormReader {
    const known = this.#known.get(ref.shape);
    if (known !== undefined) return known;
    const inner: FormReader = (node) =>
      node.children === undefined && node.value === undefined ? undefined : made(node);
    this.#known.set(ref.shape, inner);
    const made: FormReader = this.structure(shape);
    return inner;
  }

  #list(shape: ListShape, flattened: boolean): FormReader {
    const read = this.#reader(shape.member);
    const names = [shape.member.queryName ?? shape.member.locationName, "member"].filter((name) => name !== undefined);
    return (node) => {
      let elements = node;
      if (!flattened) {
        for (const name of names) {
          const child = node.children?.[name];
          if (child === undefined) continue;
          elements = child;
          break;
        }
      }
      if (elements.children === undefined) return node.value === "" ? [] : undefined;
      return this.#numbered(elements).map((child) => {
        const value = read(child);
        if (value === undefined) throw this.#dialect.refuse("A list element has no value");
        return value;
      });
    };
  }

  #map(shape: MapShape, flattened: boolean): FormReader {
    const keyName = shape.key.queryName ?? shape.key.locationName ?? "key";
    const valueName = shape.value.queryName ?? shape.value.locationName ?? "value";
    const read = this.#reader(shape.value);
    return (node) => {
      const entries = flattened ? node : (node.children?.["entry"] ?? node);
      if (entries.children === undefined) return undefined;
      const map = new Dictionary();
      for (const entry of this.#numbered(entries)) {
        const key = entry.children?.[keyName]?.value;
        if (key === undefined) throw this.#dialect.refuse(`A map entry lacks its ${keyName}`);
        const child = entry.children?.[valueName];
        const value = child === undefined ? undefined : read(child);
        if (value !== undefined) map[key] = value;
      }
      return map;
    };
  }

  /** The children numbered 1, 2, 3 …, in the order of their numbers; some clients count from 0. */
  #numbered(node: FormNode): FormNode[] {
    const numbered: [number, FormNode][] = [];
    for (const [key, child] of Object.entries(node.children!)) {
      if (!/^\d{1,9}$/.test(key)) throw this.#dialect.refuse("A list element must be named by its number");
      numbered.push([Number(key), child]);
    }
    if (numbered.length > maxElements) throw this.#dialect.refuse("A list has too many elements");
    return numbered.toSorted(([a], [b]) => a - b).map(([, child]) => child);
  }
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
