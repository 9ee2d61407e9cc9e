import type { ServiceModel } from "../../../src/api/model.ts";
import type { Chance } from "./chance.ts";

const perName = 24;

/** Members that mean the same under another name. */
const alsoCalled: Readonly<Record<string, readonly string[]>> = {
  rootresourceid: ["resourceid", "parentid"],
  resourceid: ["parentid"],
  nextmarker: ["marker"],
  lastevaluatedkey: ["exclusivestartkey"],
  lastevaluatedtablename: ["exclusivestarttablename"],
  nexttoken: ["token"],
  position: ["token"],
  nextforwardtoken: ["nexttoken"],
  nextbackwardtoken: ["nexttoken"],
  ":dynamodb.AttributeMap": [":dynamodb.PutItemInputAttributeMap", ":dynamodb.Key"],
  ":dynamodb.PutItemInputAttributeMap": [":dynamodb.Key"],
  version: ["qualifier", "functionversion", "versionnumber"],
  nextsharditerator: ["sharditerator"],
  lateststreamarn: ["streamarn"],
  aliasname: ["qualifier"],
  functionarn: ["functionname", "resource", "resourcearn"],
};

/**
 * What was sent and answered so far, by the name of the member, so that requests often name what exists (or existed).
 * The oldest values make room.
 */
export class KnownValues {
  readonly #byName = new Map<string, unknown[]>();

  /** Learns every member of a structure, also as `restapi` + `id`. */
  learn(model: ServiceModel, shapeName: string, value: unknown, depth = 0): void {
    const shape = model.shapes[shapeName]!;
    if (value === undefined || value === null || depth > 6) return;
    if (shape.type === "structure" || shape.type === "list" || shape.type === "map")
      this.#keep(`:${model.name}.${shapeName}`, value);
    if (shape.type === "structure") {
      for (const [member, ref] of Object.entries(shape.members)) {
        const inner = (value as Record<string, unknown>)[member];
        if (inner === undefined) continue;
        const name = member.toLowerCase();
        this.#keep(name, inner);
        this.#keep(shapeName.toLowerCase() + name, inner);
        if (typeof inner === "string" && inner.startsWith("arn:")) this.#keep("arn", inner);
        this.learn(model, ref.shape, inner, depth + 1);
      }
    } else if (shape.type === "list") {
      for (const entry of value as readonly unknown[]) this.learn(model, shape.member.shape, entry, depth + 1);
    } else if (shape.type === "map") {
      for (const entry of Object.values(value)) this.learn(model, shape.value.shape, entry, depth + 1);
    }
  }

  /** A value that this member had before; undefined where none is known. */
  recall(member: string, chance: Chance): unknown {
    const name = member.toLowerCase();
    const values = this.#byName.get(name) ?? (/arn$|^resource$/.test(name) ? this.#byName.get("arn") : undefined);
    return values && chance.pick(values);
  }

  /** A structure, list or map of this shape that was sent or answered before. */
  recallShape(model: ServiceModel, shapeName: string, chance: Chance): unknown {
    const values = this.#byName.get(`:${model.name}.${shapeName}`);
    return values && chance.pick(values);
  }

  #keep(name: string, value: unknown): void {
    for (const key of [name, ...(alsoCalled[name] ?? [])]) {
      const values = this.#byName.get(key);
      if (!values) this.#byName.set(key, [value]);
      else if (!values.includes(value)) {
        values.push(value);
        if (values.length > perName) values.shift();
      }
    }
  }
}
