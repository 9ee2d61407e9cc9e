import { toBase64 } from "../../../base/bytes.ts";
import { invalidParameter, validationException } from "../refusals.ts";
import { emptyItem } from "./attribute-value.ts";
import type { AttributeValue, Item, MutableItem } from "./attribute-value.ts";
import { canonicalNumber } from "./number.ts";

/** What came from a client: any members of any of the types, not yet checked. */
export type UncheckedValue = Readonly<{
  S?: string;
  N?: string;
  B?: Uint8Array;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: readonly string[];
  NS?: readonly string[];
  BS?: readonly Uint8Array[];
  L?: readonly unknown[];
  M?: Readonly<Record<string, unknown>>;
}>;
export type UncheckedItem = Readonly<Record<string, unknown>>;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const maxDepth = 32;

/**
 * The item with its numbers in canonical form. Nothing is copied where nothing had to change, and the client's own object
 * is never changed.
 * @throws ValidationException as AWS words it
 */
export function checkItem(item: UncheckedItem): Item {
  return checkMembers(item, 0);
}

/** @throws ValidationException as AWS words it */
export function checkValue(value: unknown): AttributeValue {
  return check(value as UncheckedValue, 0);
}

function checkMembers(members: UncheckedItem, depth: number): Item {
  let copy: MutableItem | undefined;
  for (const name in members) {
    if (!Object.hasOwn(members, name)) continue;
    const before = members[name];
    const after = check(before as UncheckedValue, depth);
    if (after === before) continue;
    copy ??= Object.assign(emptyItem(), members);
    copy[name] = after;
  }
  return copy ?? (members as Item);
}

function check(value: UncheckedValue, depth: number): AttributeValue {
  let type: string | undefined;
  for (const member in value) {
    if (value[member as keyof UncheckedValue] === undefined) continue;
    if (type !== undefined) {
      throw validationException(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
      );
    }
    type = member;
  }
  switch (type) {
    case "S":
    case "B":
    case "BOOL":
      return value as AttributeValue;
    case "N": {
      const number = canonicalNumber(value.N!);
      return number === value.N ? (value as AttributeValue) : { N: number };
    }
    case "NULL":
      // `{"NULL": false}` is taken and stored as true (observed on AWS, June 2026; it was refused before).
      return value.NULL ? (value as AttributeValue) : { NULL: true };
    case "SS":
      return { SS: checkSet("string", value.SS!) };
    case "NS":
      return { NS: checkNumberSet(value.NS!) };
    case "BS":
      checkSet("binary", value.BS!.map(toBase64));
      return value as AttributeValue;
    case "L":
      return checkList(value, depth);
    case "M": {
      requireDepth(depth + 1);
      const members = checkMembers(value.M!, depth + 1);
      return members === value.M ? (value as AttributeValue) : { M: members };
    }
    default:
      throw validationException(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
      );
  }
}

function checkList(value: UncheckedValue, depth: number): AttributeValue {
  requireDepth(depth + 1);
  const before = value.L!;
  let after: AttributeValue[] | undefined;
  for (let at = 0; at < before.length; at++) {
    const member = check(before[at] as UncheckedValue, depth + 1);
    if (member === before[at]) continue;
    after ??= before.slice() as AttributeValue[];
    after[at] = member;
  }
  return after === undefined ? (value as AttributeValue) : { L: after };
}

/** Refuses documents nested deeper than 32 levels. */
export function requireDepth(depth: number): void {
  if (depth > maxDepth) throw invalidParameter("Nesting Levels have exceeded supported limits");
}

function checkSet(kind: "string" | "number" | "binary", members: readonly string[]): readonly string[] {
  // The two blanks are AWS's.
  if (members.length === 0) throw invalidParameter(`An ${kind} set  may not be empty`);
  if (members.length > 1 && new Set(members).size !== members.length) {
    if (kind === "number") throw validationException("Input collection contains duplicates");
    const printed = `[${members.join(", ")}]${kind === "binary" ? "of type BS" : ""}`;
    throw invalidParameter(`Input collection ${printed} contains duplicates.`);
  }
  return members;
}

function checkNumberSet(members: readonly string[]): readonly string[] {
  return checkSet("number", members.map(canonicalNumber));
}
