import type { ListShape, MapShape, ServiceModel, ShapeRef, StructureShape } from "../../../api/model.ts";
import { shapeOf } from "../shapes.ts";
import { textWriter } from "../text-values.ts";
import { escapeXml } from "./escape-xml.ts";

/** Writes a value as an element of that name, or as several for flattened lists and maps. */
export type ElementWriter = (tag: string, value: unknown) => string;
/** Writes what stands between the tags of a structure's element. */
export type ContentWriter = (value: unknown) => string;

export interface XmlWriterOptions {
  /** Members are named by `queryName` where they have one: services that speak query beside JSON. */
  readonly queryNames?: boolean;
  /** ISO timestamps always have milliseconds, as S3 writes them. */
  readonly alwaysMilliseconds?: boolean;
}

type Tree = Record<string, unknown>;

/** Compiles XML writers for the shapes of a model. */
export class XmlWriters {
  readonly #model: ServiceModel;
  readonly #options: XmlWriterOptions;
  readonly #known = new Map<string, ElementWriter>();

  constructor(model: ServiceModel, options: XmlWriterOptions = {}) {
    this.#model = model;
    this.#options = options;
  }

  /** The writer of the value at a place in the model. */
  writer(ref: ShapeRef): ElementWriter {
    const shape = shapeOf(this.#model, ref);
    const namespace = namespaceAttribute(ref.xmlNamespace);
    switch (shape.type) {
      case "structure":
        return this.#structureElement(ref, shape, namespace || prefixAttribute(shape.xmlNamespace));
      case "list":
        return this.#list(shape, ref.flattened === true || shape.flattened === true, namespace);
      case "map":
        return this.#map(shape, ref.flattened === true || shape.flattened === true, namespace);
      case "timestamp": {
        const write = textWriter(this.#model, ref, "iso8601");
        const full =
          this.#options.alwaysMilliseconds === true && (ref.timestampFormat ?? shape.timestampFormat) !== "rfc822";
        return full
          ? (tag, value) => `<${tag}${namespace}>${(value as Date).toISOString()}</${tag}>`
          : (tag, value) => `<${tag}${namespace}>${write(value)}</${tag}>`;
      }
      default: {
        const write = textWriter(this.#model, ref, "iso8601");
        return (tag, value) => `<${tag}${namespace}>${escapeXml(write(value))}</${tag}>`;
      }
    }
  }

  /** The writer of a structure's content: the members named, in the model's order; null and undefined are left out. */
  content(shape: StructureShape, names: readonly string[] = Object.keys(shape.members)): ContentWriter {
    const members = names
      .filter((name) => shape.members[name]!.xmlAttribute !== true)
      .map((name) => {
        const ref = shape.members[name]!;
        return { name, tag: this.tag(name, ref), write: this.writer(ref) };
      });
    return (value) => {
      const tree = value as Tree;
      let text = "";
      for (const member of members) {
        const inner = tree[member.name];
        if (inner !== undefined && inner !== null) text += member.write(member.tag, inner);
      }
      return text;
    };
  }

  /** Name of a member's element. SQS names the elements of a flattened list by the list's own `queryName`. */
  tag(name: string, ref: ShapeRef): string {
    const shape = shapeOf(this.#model, ref);
    const ofList = this.#options.queryNames === true && shape.type === "list" ? shape.member.queryName : undefined;
    return this.#name(ref) ?? ofList ?? name;
  }

  /** The writer of a structure's attributes: ` name="value"` each. */
  attributes(shape: StructureShape): ContentWriter {
    const attributes = Object.entries(shape.members)
      .filter(([, member]) => member.xmlAttribute === true)
      .map(([name, member]) => ({
        name,
        attribute: member.locationName ?? name,
        write: textWriter(this.#model, member, "iso8601"),
      }));
    return (value) => {
      let text = "";
      for (const { name, attribute, write } of attributes) {
        const inner = (value as Tree)[name];
        if (inner !== undefined && inner !== null) text += ` ${attribute}="${escapeXml(write(inner))}"`;
      }
      return text;
    };
  }

  #name(ref: ShapeRef): string | undefined {
    return (this.#options.queryNames === true ? ref.queryName : undefined) ?? ref.locationName;
  }

  #structureElement(ref: ShapeRef, shape: StructureShape, namespace: string): ElementWriter {
    const known = this.#known.get(ref.shape + namespace);
    if (known !== undefined) return known;
    this.#known.set(ref.shape + namespace, (tag, value) => made(tag, value));
    const content = this.content(shape);
    const attributes = this.attributes(shape);
    const made: ElementWriter = (tag, value) => `<${tag}${namespace}${attributes(value)}>${content(value)}</${tag}>`;
    this.#known.set(ref.shape + namespace, made);
    return made;
  }

  #list(shape: ListShape, flattened: boolean, namespace: string): ElementWriter {
    const write = this.writer(shape.member);
    if (flattened) {
      return (tag, value) => (value as readonly unknown[]).map((inner) => element(write, tag, inner)).join("");
    }
    const inner = this.#name(shape.member) ?? "member";
    return (tag, value) =>
      `<${tag}${namespace}>${(value as readonly unknown[]).map((item) => element(write, inner, item)).join("")}</${tag}>`;
  }

  #map(shape: MapShape, flattened: boolean, namespace: string): ElementWriter {
    const keyTag = this.#name(shape.key) ?? "key";
    const valueTag = this.#name(shape.value) ?? "value";
    const writeKey = this.writer(shape.key);
    const writeValue = this.writer(shape.value);
    return (tag, value) => {
      let text = "";
      const entry = flattened ? tag : "entry";
      for (const [key, inner] of Object.entries(value as Tree)) {
        if (inner === undefined || inner === null) continue;
        text += `<${entry}${flattened ? namespace : ""}>${writeKey(keyTag, key)}${writeValue(valueTag, inner)}</${entry}>`;
      }
      return flattened ? text : `<${tag}${namespace}>${text}</${tag}>`;
    };
  }
}

function element(write: ElementWriter, tag: string, value: unknown): string {
  return value === undefined || value === null ? `<${tag}/>` : write(tag, value);
}

/** The declaration of a prefix that the structure's attributes use (`xsi:type`). */
function prefixAttribute(namespace: ShapeRef["xmlNamespace"]): string {
  return typeof namespace === "object" && namespace.prefix !== undefined ? namespaceAttribute(namespace) : "";
}

/** ` xmlns="…"`, or nothing. */
export function namespaceAttribute(namespace: ShapeRef["xmlNamespace"]): string {
  if (namespace === undefined) return "";
  if (typeof namespace === "string") return ` xmlns="${escapeXml(namespace)}"`;
  return ` xmlns${namespace.prefix === undefined ? "" : `:${namespace.prefix}`}="${escapeXml(namespace.uri)}"`;
}
