import { attributeOf, copyItem } from "../items/attribute-value.ts";
import type { AttributeValue, Item } from "../items/attribute-value.ts";
import { toBase64 } from "../../../base/bytes.ts";
import { addNumbers, subtractNumbers } from "../items/number.ts";
import { validationException } from "../refusals.ts";
import type { DocumentPath, UpdateAction, UpdateValue } from "./ast.ts";
import { valueAt } from "./condition.ts";
import type { ExpressionValues } from "./parser.ts";

/**
 * The item after an update. Every value is computed from the item as it was before; nothing in `item` is changed.
 * @throws ValidationException as AWS words it
 */
export function applyUpdate(actions: readonly UpdateAction[], item: Item, values: ExpressionValues): Item {
  const computed = actions.map((action) => compute(action, item, values));
  let updated = item;
  const given = actions.flatMap(({ path }, at) => (computed[at] === undefined ? [] : [{ path, value: computed[at] }]));
  for (const { path, value } of given.toSorted((a, b) => comparePaths(a.path, b.path))) {
    updated = setAt(updated, path, value);
  }
  // Removals come last and from the highest index down, so that every index means a place in the list as it was.
  const removed = actions.filter((action, at) => isRemoval(action, computed[at])).map((action) => action.path);
  for (const path of removed.toSorted((a, b) => comparePaths(b, a))) updated = removeAt(updated, path);
  return updated;
}

/** The value that an action gives to its path; undefined when it gives none. */
function compute(action: UpdateAction, item: Item, values: ExpressionValues): AttributeValue | undefined {
  switch (action.kind) {
    case "remove":
      return undefined;
    case "set":
      return evaluate(action.value, item, values);
    case "add": {
      const operand = values.get(action.value.name)!;
      const current = valueAt(item, action.path);
      return current === undefined ? operand : add(current, operand);
    }
    case "delete": {
      const current = valueAt(item, action.path);
      return current && subtract(current, values.get(action.value.name)!);
    }
  }
}

function isRemoval(action: UpdateAction, computed: AttributeValue | undefined): boolean {
  return computed === undefined && (action.kind === "remove" || action.kind === "delete");
}

/** Orders paths by their first different step; of two indexes into one list the lower comes first. */
function comparePaths(a: DocumentPath, b: DocumentPath): number {
  const at = a.findIndex((step, place) => step !== b[place]);
  const [x, y] = [a[at], b[at]];
  if (typeof x === "number" && typeof y === "number") return x - y;
  return String(x) < String(y) ? -1 : 1;
}

function evaluate(value: UpdateValue, item: Item, values: ExpressionValues): AttributeValue {
  switch (value.kind) {
    case "value":
      return values.get(value.name)!;
    case "path": {
      const found = valueAt(item, value.path);
      if (found === undefined) {
        throw validationException("The provided expression refers to an attribute that does not exist in the item");
      }
      return found;
    }
    case "if_not_exists":
      return valueAt(item, value.path.path) ?? evaluate(value.otherwise, item, values);
    case "list_append": {
      const first = evaluate(value.first, item, values);
      const second = evaluate(value.second, item, values);
      if (!("L" in first && "L" in second)) throw incorrectDataType();
      return { L: [...first.L, ...second.L] };
    }
    case "arithmetic": {
      const left = evaluate(value.left, item, values);
      const right = evaluate(value.right, item, values);
      if (!("N" in left && "N" in right)) throw incorrectDataType();
      return { N: value.operator === "+" ? addNumbers(left.N, right.N) : subtractNumbers(left.N, right.N) };
    }
  }
}

function add(current: AttributeValue, operand: AttributeValue): AttributeValue {
  if ("N" in current && "N" in operand) return { N: addNumbers(current.N, operand.N) };
  if ("SS" in current && "SS" in operand) return { SS: [...new Set([...current.SS, ...operand.SS])] };
  if ("NS" in current && "NS" in operand) return { NS: [...new Set([...current.NS, ...operand.NS])] };
  if ("BS" in current && "BS" in operand) {
    const members = new Map([...current.BS, ...operand.BS].map((bytes) => [toBase64(bytes), bytes]));
    return { BS: [...members.values()] };
  }
  throw incorrectDataType();
}

/** What is left of a set; undefined when nothing is, because there are no empty sets. */
function subtract(current: AttributeValue, operand: AttributeValue): AttributeValue | undefined {
  if ("SS" in current && "SS" in operand) {
    const left = current.SS.filter((member) => !operand.SS.includes(member));
    return left.length > 0 ? { SS: left } : undefined;
  }
  if ("NS" in current && "NS" in operand) {
    const left = current.NS.filter((member) => !operand.NS.includes(member));
    return left.length > 0 ? { NS: left } : undefined;
  }
  if ("BS" in current && "BS" in operand) {
    const gone = new Set(operand.BS.map(toBase64));
    const left = current.BS.filter((member) => !gone.has(toBase64(member)));
    return left.length > 0 ? { BS: left } : undefined;
  }
  throw incorrectDataType();
}

function setAt(item: Item, path: DocumentPath, value: AttributeValue): Item {
  return changeMember(item, path, 0, () => value);
}

function removeAt(item: Item, path: DocumentPath): Item {
  return changeMember(item, path, 0, () => undefined);
}

type Change = (current: AttributeValue | undefined) => AttributeValue | undefined;

function changeMember(members: Item, path: DocumentPath, at: number, change: Change): Item {
  const name = path[at] as string;
  const after = changeValue(attributeOf(members, name), path, at + 1, change);
  const copy = copyItem(members);
  if (after === undefined) delete copy[name];
  else copy[name] = after;
  return copy;
}

function changeValue(
  value: AttributeValue | undefined,
  path: DocumentPath,
  at: number,
  change: Change,
): AttributeValue | undefined {
  if (at === path.length) return change(value);
  const step = path[at]!;
  if (typeof step === "string") {
    if (value === undefined || !("M" in value)) throw invalidPath();
    return { M: changeMember(value.M, path, at, change) };
  }
  if (value === undefined || !("L" in value)) throw invalidPath();
  const after = changeValue(value.L[step], path, at + 1, change);
  const copy = value.L.slice();
  // A new member beyond the end is appended; none is left empty between.
  if (after !== undefined) copy[Math.min(step, copy.length)] = after;
  else if (step < copy.length) copy.splice(step, 1);
  return { L: copy };
}

function invalidPath(): Error {
  return validationException("The document path provided in the update expression is invalid for update");
}

function incorrectDataType(): Error {
  return validationException("An operand in the update expression has an incorrect data type");
}
