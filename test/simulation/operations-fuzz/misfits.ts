import type { ServiceModel } from "../../../src/api/model.ts";

/** Where a value is not of its shape: members that are missing or unknown, values of other types. */
export function misfits(model: ServiceModel, shapeName: string, value: unknown, path = ""): string[] {
  const shape = model.shapes[shapeName]!;
  const wrong = (wanted: string): string[] => [`${path || "."} is ${describe(value)}, not ${wanted}`];
  switch (shape.type) {
    case "structure": {
      if (shape.eventstream) return isIterable(value) ? [] : wrong("an event stream");
      if (shape.document) return [];
      if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(shapeName);
      const found: string[] = [];
      for (const name of Object.keys(value)) {
        if (!Object.hasOwn(shape.members, name)) found.push(`${path}.${name} is no member of ${shapeName}`);
      }
      for (const [name, ref] of Object.entries(shape.members)) {
        const inner = (value as Record<string, unknown>)[name];
        if (inner !== undefined && inner !== null) {
          if (!(ref.streaming && isIterable(inner))) found.push(...misfits(model, ref.shape, inner, `${path}.${name}`));
        } else if (shape.required?.includes(name)) found.push(`${path}.${name} is required and missing`);
      }
      return found;
    }
    case "list":
      if (!Array.isArray(value)) return wrong("a list");
      return value.flatMap((entry, i) => misfits(model, shape.member.shape, entry, `${path}[${i}]`));
    case "map":
      if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong("a map");
      return Object.entries(value).flatMap(([key, entry]) =>
        misfits(model, shape.value.shape, entry, `${path}[${JSON.stringify(key)}]`),
      );
    case "string":
    case "character":
      if (typeof value !== "string") return wrong("a text");
      return shape.enum && !shape.enum.includes(value) ? wrong(`one of ${shape.enum.join(", ")}`) : [];
    case "blob":
      return value instanceof Uint8Array ? [] : wrong("bytes");
    case "boolean":
      return typeof value === "boolean" ? [] : wrong("a boolean");
    case "timestamp":
      return value instanceof Date && !Number.isNaN(value.getTime()) ? [] : wrong("a date");
    case "integer":
    case "long":
      return Number.isSafeInteger(value) ? [] : wrong("a whole number");
    default:
      return typeof value === "number" ? [] : wrong("a number");
  }
}

function describe(value: unknown): string {
  return value instanceof Date ? "an invalid date" : (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
