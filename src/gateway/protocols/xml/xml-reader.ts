import type { AwsError } from "../../../api/aws-error.ts";
import type { ServiceModel, ShapeRef, StructureShape } from "../../../api/model.ts";
import { Dictionary } from "../dictionary.ts";
import { shapeOf } from "../shapes.ts";
import { textReader } from "../text-values.ts";
import type { XmlElement } from "./parse-xml.ts";

/** Reads a value from its element. */
export type XmlReader = (element: XmlElement) => unknown;

type Structure = Record<string, unknown>;

/** Sets what a child element says of a structure. */
type MemberReader = (structure: Structure, child: XmlElement) => void;

/** Compiles XML readers for the shapes of a model. Elements are told by their names without prefix. */
export class XmlReaders {
  readonly #model: ServiceModel;
  readonly #refuse: (message: string) => AwsError;
  readonly #known = new Map<string, XmlReader>();

  constructor(model: ServiceModel, refuse: (message: string) => AwsError) {
    this.#model = model;
    this.#refuse = refuse;
  }

  reader(ref: ShapeRef): XmlReader {
    const shape = shapeOf(this.#model, ref);
    switch (shape.type) {
      case "structure": {
        const known = this.#known.get(ref.shape);
        if (known !== undefined) return known;
        this.#known.set(ref.shape, (element) => made(element));
        const made: XmlReader = this.structure(shape);
        this.#known.set(ref.shape, made);
        return made;
      }
      case "list": {
        const read = this.reader(shape.member);
        const name = local(shape.member.locationName ?? "member");
        return (element) => {
          const list: unknown[] = [];
          for (const child of element.children) {
            const value = child.local === name || child.local === "member" ? read(child) : undefined;
            if (value !== undefined) list.push(value);
          }
          return list;
        };
      }
      case "map": {
        const setEntry = this.#entry(ref);
        return (element) => {
          const map = new Dictionary();
          for (const child of element.children) if (child.local === "entry") setEntry(map, child);
          return map;
        };
      }
      default: {
        const read = textReader(this.#model, ref, "iso8601", this.#refuse);
        const isText = shape.type === "string" || shape.type === "character";
        return (element) => {
          if (element.children.length > 0) throw this.#refuse(`The element ${element.local} has no text`);
          if (element.text === "" && !isText && shape.type !== "blob") return undefined;
          return read(element.text);
        };
      }
    }
  }

  structure(shape: StructureShape, names: readonly string[] = Object.keys(shape.members)): XmlReader {
    const members = new Map<string, MemberReader>();
    const attributes: {
      readonly name: string;
      readonly attribute: string;
      readonly read: (text: string) => unknown;
    }[] = [];
    for (const name of names) {
      const ref = shape.members[name]!;
      if (ref.xmlAttribute === true) {
        const read = textReader(this.#model, ref, "iso8601", this.#refuse);
        attributes.push({ name, attribute: ref.locationName ?? name, read });
      } else {
        this.#addMember(members, name, ref);
      }
    }
    return (element) => {
      const structure: Structure = {};
      for (const { name, attribute, read } of attributes) {
        const text = element.attributes[attribute];
        if (text !== undefined) structure[name] = read(text);
      }
      for (const child of element.children) members.get(child.local)?.(structure, child);
      return structure;
    };
  }

  #addMember(members: Map<string, MemberReader>, name: string, ref: ShapeRef): void {
    const shape = shapeOf(this.#model, ref);
    const tag = local(ref.locationName ?? name);
    if (shape.type === "list" && (ref.flattened === true || shape.flattened === true)) {
      const read = this.reader(shape.member);
      members.set(tag, (structure, child) => {
        const value = read(child);
        if (value !== undefined) ((structure[name] ??= []) as unknown[]).push(value);
      });
    } else if (shape.type === "map" && (ref.flattened === true || shape.flattened === true)) {
      const setEntry = this.#entry(ref);
      members.set(tag, (structure, child) => setEntry((structure[name] ??= new Dictionary()) as Structure, child));
    } else {
      const read = this.reader(ref);
      members.set(tag, (structure, child) => {
        const value = read(child);
        if (value !== undefined) structure[name] = value;
      });
    }
  }

  #entry(ref: ShapeRef): (map: Structure, element: XmlElement) => void {
    const shape = shapeOf(this.#model, ref);
    if (shape.type !== "map") throw new Error(`${ref.shape} is no map`);
    const keyName = local(shape.key.locationName ?? "key");
    const valueName = local(shape.value.locationName ?? "value");
    const read = this.reader(shape.value);
    return (map, element) => {
      const key = element.children.find((child) => child.local === keyName);
      const value = element.children.find((child) => child.local === valueName);
      if (key === undefined) throw this.#refuse(`A map entry lacks its ${keyName}`);
      const inner = value === undefined ? undefined : read(value);
      if (inner !== undefined) map[key.text] = inner;
    };
  }
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
