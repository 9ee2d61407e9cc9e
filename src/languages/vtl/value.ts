/** What templates work with. Objects are maps with string keys; `undefined` is what is not there. */
export type Value = string | number | boolean | null | undefined | HostObject | readonly Value[] | ValueMap;

export interface ValueMap {
  readonly [key: string]: Value;
}

/** An object of the surroundings, such as `$input`: only what it names can be asked of it. */
export abstract class HostObject {
  /** What `$object` itself writes. */
  abstract text(): string;
  abstract property(name: string): Value;
  /** Methods by name; absent ones were refused when the template was checked. */
  abstract readonly methods: ReadonlyMap<string, (args: readonly Value[]) => Value>;

  /** `#set($object.name = value)`; what cannot be set was refused when the template was checked. */
  assign(path: readonly string[], _value: Value): void {
    throw new Error(`Nothing can be set at ${path.join(".")}.`);
  }
}

export function isMap(value: Value): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof HostObject);
}

/** As Java writes it: lists as `[a, b]`, maps as `{a=1, b=2}`. */
export function textOf(value: Value): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(textOf).join(", ")}]`;
  if (value instanceof HostObject) return value.text();
  if (isMap(value)) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${key}=${textOf(member)}`)
      .join(", ")}}`;
  }
  return String(value);
}

/** Only absence and `false` are false: empty texts and 0 are true, as in Velocity 1.7. */
export function isTrue(value: Value): boolean {
  return value !== null && value !== undefined && value !== false;
}

/** Values of different types are equal where they are written alike. */
export function isEqual(left: Value, right: Value): boolean {
  if (left === null || left === undefined || right === null || right === undefined) {
    return (left ?? undefined) === (right ?? undefined);
  }
  return left === right || textOf(left) === textOf(right);
}
