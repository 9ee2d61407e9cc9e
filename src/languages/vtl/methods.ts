import { isEqual, isMap, textOf, type Value, type ValueMap } from "./value.ts";

type Method = (of: never, args: readonly Value[]) => Value;

/** Methods of Java's String, List and Map that templates use. What a value does not have writes nothing, as on AWS. */
const ofText: Readonly<Record<string, (of: string, args: readonly Value[]) => Value>> = {
  length: (of) => of.length,
  isEmpty: (of) => of === "",
  equals: (of, [other]) => of === other,
  equalsIgnoreCase: (of, [other]) => typeof other === "string" && of.toLowerCase() === other.toLowerCase(),
  contains: (of, [part]) => of.includes(textOf(part)),
  startsWith: (of, [part]) => of.startsWith(textOf(part)),
  endsWith: (of, [part]) => of.endsWith(textOf(part)),
  indexOf: (of, [part]) => of.indexOf(textOf(part)),
  lastIndexOf: (of, [part]) => of.lastIndexOf(textOf(part)),
  toLowerCase: (of) => of.toLowerCase(),
  toUpperCase: (of) => of.toUpperCase(),
  trim: (of) => of.trim(),
  concat: (of, [other]) => of + textOf(other),
  replace: (of, [from, to]) => of.replaceAll(textOf(from), () => textOf(to)),
  substring: (of, [from, to]) => substring(of, from, to),
  toString: (of: string) => of,
};

const ofList: Readonly<Record<string, (of: readonly Value[], args: readonly Value[]) => Value>> = {
  size: (of) => of.length,
  isEmpty: (of) => of.length === 0,
  get: (of, [index]) => (typeof index === "number" ? of[index] : undefined),
  contains: (of, [item]) => of.some((member) => isEqual(member, item)),
  toString: (of: readonly Value[]) => textOf(of),
};

const ofMap: Readonly<Record<string, (of: ValueMap, args: readonly Value[]) => Value>> = {
  size: (of) => Object.keys(of).length,
  isEmpty: (of) => Object.keys(of).length === 0,
  get: (of, [key]) => memberOf(of, textOf(key)),
  containsKey: (of, [key]) => Object.hasOwn(of, textOf(key)),
  keySet: (of) => Object.keys(of),
  values: (of) => Object.values(of),
  entrySet: (of) => Object.entries(of).map(([key, value]) => ({ key, value })),
  // Of the entries that entrySet gives.
  getKey: (of) => memberOf(of, "key"),
  getValue: (of) => memberOf(of, "value"),
  toString: (of: ValueMap) => textOf(of),
};

const ofNumber: Readonly<Record<string, (of: number, args: readonly Value[]) => Value>> = {
  intValue: (of) => Math.trunc(of),
  toString: (of: number) => String(of),
};

/** All that can be called on plain values; anything else is refused when a template is checked. */
export const methodNames: ReadonlySet<string> = new Set(
  [ofText, ofList, ofMap, ofNumber].flatMap((methods) => Object.keys(methods)),
);

export function callMethod(of: Value, name: string, args: readonly Value[]): Value {
  const methods: Readonly<Record<string, Method>> =
    typeof of === "string"
      ? ofText
      : typeof of === "number"
        ? ofNumber
        : Array.isArray(of)
          ? ofList
          : isMap(of)
            ? ofMap
            : {};
  return Object.hasOwn(methods, name) ? methods[name]!(of as never, args) : undefined;
}

/** `$map.key`: a member of its own, never one of JavaScript's. */
export function memberOf(map: ValueMap, key: string): Value {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Outside the text Java throws, and Velocity writes the reference as it stands. */
function substring(of: string, from: Value, to: Value): Value {
  const start = Number(from);
  const end = to === undefined ? of.length : Number(to);
  return start >= 0 && start <= end && end <= of.length ? of.slice(start, end) : undefined;
}
