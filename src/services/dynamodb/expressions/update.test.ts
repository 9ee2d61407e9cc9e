import { describe, expect, test } from "vitest";
import { checkItem } from "../items/check-value.ts";
import { ExpressionCache, Expressions } from "./expressions.ts";
import { applyUpdate } from "./update.ts";

const item = checkItem({
  id: { S: "1" },
  n: { N: "10" },
  tenth: { N: "0.1" },
  s: { S: "text" },
  arr: { L: [{ S: "a" }, { S: "b" }, { S: "c" }, { S: "d" }] },
  doc: { M: { x: { N: "1" }, nested: { M: { y: { S: "z" } } } } },
  deep: { L: [{ S: "first" }, { M: { l: { L: [{ S: "x" }, { S: "y" }] } } }] },
  ss: { SS: ["a", "b"] },
  ns: { NS: ["1", "2"] },
  bs: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
});

const values = {
  ":one": { N: "1" },
  ":two": { N: "0.2" },
  ":s": { S: "new" },
  ":l": { L: [{ S: "e" }] },
  ":none": { L: [] },
  ":m": { M: { k: { S: "v" } } },
  ":ssbc": { SS: ["b", "c"] },
  ":ssab": { SS: ["a", "b"] },
  ":ns2": { NS: ["2.0", "3"] },
  ":bs2": { BS: [Uint8Array.of(2), Uint8Array.of(3)] },
  ":bool": { BOOL: true },
};
const names = { "#n": "n", "#doc": "doc", "#odd": "a.b" };

function update(text: string) {
  const used = <T>(all: Record<string, T>) => {
    const entries = Object.entries(all).filter(([name]) => new RegExp(`${name}(?![A-Za-z0-9_])`).test(text));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  };
  const expressions = new Expressions(
    new ExpressionCache(),
    { ExpressionAttributeNames: used(names), ExpressionAttributeValues: used(values) },
    { UpdateExpression: text },
  );
  const { actions } = expressions.update(text);
  expressions.finish();
  return applyUpdate(actions, item, expressions.values);
}

const texts = (...members: string[]) => ({ L: members.map((S) => ({ S })) });

describe("updates", () => {
  test.each<[string, object]>([
    ["SET s = :s", { s: { S: "new" } }],
    ["set s = :s", { s: { S: "new" } }],
    ["SET fresh = :m", { fresh: { M: { k: { S: "v" } } } }],
    ["SET #odd = :s", { "a.b": { S: "new" } }],
    ["SET #n = :s", { n: { S: "new" } }],
    ["SET n = n + :one", { n: { N: "11" } }],
    ["SET n = n - :one", { n: { N: "9" } }],
    ["SET n = :one - n", { n: { N: "-9" } }],
    ["SET n = (n + :one)", { n: { N: "11" } }],
    ["SET n = (n) + (:one)", { n: { N: "11" } }],
    ["SET tenth = tenth + :two", { tenth: { N: "0.3" } }],
    ["SET a = n, n = :one", { a: { N: "10" }, n: { N: "1" } }],
    ["SET s = n, n = s", { s: { N: "10" }, n: { S: "text" } }],
    ["SET c = if_not_exists(c, :one)", { c: { N: "1" } }],
    ["SET n = if_not_exists(n, :one)", {}],
    ["SET c = if_not_exists(c, :one) + :one", { c: { N: "2" } }],
    ["SET n = if_not_exists(n, :one) + :one", { n: { N: "11" } }],
    ["SET c = if_not_exists(doc.x, :two)", { c: { N: "1" } }],
    ["SET c = if_not_exists(d, if_not_exists(e, :one))", { c: { N: "1" } }],
    ["SET arr = list_append(arr, :l)", { arr: texts("a", "b", "c", "d", "e") }],
    ["SET arr = list_append(:l, arr)", { arr: texts("e", "a", "b", "c", "d") }],
    ["SET fresh = list_append(if_not_exists(fresh, :none), :l)", { fresh: texts("e") }],
    ["SET arr[0] = :s", { arr: texts("new", "b", "c", "d") }],
    ["SET arr[9] = :s", { arr: texts("a", "b", "c", "d", "new") }],
    ["SET arr[1] = :s, arr[20] = :l", { arr: { L: [{ S: "a" }, { S: "new" }, { S: "c" }, { S: "d" }, texts("e")] } }],
    ["SET doc.x = :s", { doc: { M: { x: { S: "new" }, nested: { M: { y: { S: "z" } } } } } }],
    ["SET doc.nested.w = :one", { doc: { M: { x: { N: "1" }, nested: { M: { y: { S: "z" }, w: { N: "1" } } } } } }],
    ["SET #doc.fresh = doc.x", { doc: { M: { x: { N: "1" }, nested: { M: { y: { S: "z" } } }, fresh: { N: "1" } } } }],
    ["REMOVE s", { s: undefined }],
    ["REMOVE s, n", { s: undefined, n: undefined }],
    ["REMOVE absent", {}],
    ["REMOVE doc.x", { doc: { M: { nested: { M: { y: { S: "z" } } } } } }],
    ["REMOVE doc.nope", {}],
    ["REMOVE arr[1]", { arr: texts("a", "c", "d") }],
    ["REMOVE arr[0], arr[2]", { arr: texts("b", "d") }],
    ["REMOVE arr[2], arr[0]", { arr: texts("b", "d") }],
    ["REMOVE deep[0], deep[1].l[1]", { deep: { L: [{ M: { l: texts("x") } }] } }],
    ["REMOVE deep[1].l[0], deep[0]", { deep: { L: [{ M: { l: texts("y") } }] } }],
    ["SET arr[20] = :l, arr[9] = :s", { arr: { L: [...texts("a", "b", "c", "d", "new").L, texts("e")] } }],
    ["REMOVE arr[9]", {}],
    ["SET arr[0] = :s REMOVE arr[1]", { arr: texts("new", "c", "d") }],
    ["ADD n :one", { n: { N: "11" } }],
    ["ADD fresh :one", { fresh: { N: "1" } }],
    ["ADD doc.x :one", { doc: { M: { x: { N: "2" }, nested: { M: { y: { S: "z" } } } } } }],
    ["ADD ss :ssbc", { ss: { SS: ["a", "b", "c"] } }],
    ["ADD ns :ns2", { ns: { NS: ["1", "2", "3"] } }],
    ["ADD bs :bs2", { bs: { BS: [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)] } }],
    ["ADD fresh :ssbc", { fresh: { SS: ["b", "c"] } }],
    ["DELETE ss :ssbc", { ss: { SS: ["a"] } }],
    ["DELETE ns :ns2", { ns: { NS: ["1"] } }],
    ["DELETE bs :bs2", { bs: { BS: [Uint8Array.of(1)] } }],
    ["DELETE ss :ssab", { ss: undefined }],
    ["DELETE absent :ssab", {}],
    [
      "SET s = :s REMOVE n ADD tenth :two DELETE ss :ssbc",
      { s: { S: "new" }, n: undefined, tenth: { N: "0.3" }, ss: { SS: ["a"] } },
    ],
    ["ADD n :one SET s = :s", { n: { N: "11" }, s: { S: "new" } }],
  ])("%s", (text, changes) => {
    const before = print(item);
    const expected = Object.fromEntries(
      Object.entries({ ...item, ...changes }).filter(([, value]) => value !== undefined),
    );
    expect(print(update(text))).toBe(print(expected));
    expect(print(item)).toBe(before);
  });
});

/** Attributes in alphabetical order, for comparison. */
function print(members: object): string {
  const sorted = Object.entries(members).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted);
}

describe("updates that AWS refuses when it reads them", () => {
  test.each<[string, string]>([
    ["", "The expression can not be empty;"],
    ["INVALID SYNTAX HERE", 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'],
    ["SET", 'Syntax error; token: "<EOF>", near: "SET"'],
    ["SET s = :s,", 'Syntax error; token: "<EOF>", near: ","'],
    ["SET s :s", 'Syntax error; token: ":s", near: "s :s"'],
    ["SET s = :s, n + :one", 'Syntax error; token: "+", near: "n + :one"'],
    ["ADD n : incr", 'Syntax error; token: ":", near: "n : incr"'],
    ["SET n = n + :one + :one", 'Syntax error; token: "+", near: ":one + :one"'],
    ["REMOVE s = :s", 'Syntax error; token: "=", near: "s = :s"'],
    ["ADD n = :one", 'Syntax error; token: "=", near: "n = :one"'],
    ["SET s = :s SET n = :one", 'The "SET" section can only be used once in an update expression;'],
    ["SET name = :s", "Attribute name is a reserved keyword; reserved keyword: name"],
    ["SET #nope = :s", "An expression attribute name used in the document path is not defined; attribute name: #nope"],
    ["SET s = :nope", "An expression attribute value used in expression is not defined; attribute value: :nope"],
    ["SET s = foo(:s)", "Invalid function name; function: foo"],
    ["SET s = size(arr)", "Invalid function name; function: size"],
    [
      "SET s = if_not_exists(s)",
      "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1",
    ],
    [
      "SET s = if_not_exists(:s, :one)",
      "Operator or function requires a document path; operator or function: if_not_exists",
    ],
    [
      "SET arr = list_append(arr, :s)",
      "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
    ],
    ["SET n = n + :s", "Incorrect operand type for operator or function; operator or function: +, operand type: S"],
    [
      "ADD n :s",
      "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
    ],
    [
      "ADD n :bool",
      "Incorrect operand type for operator or function; operator: ADD, operand type: BOOLEAN, typeSet: ALLOWED_FOR_ADD_OPERAND",
    ],
    [
      "DELETE n :one",
      "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
    ],
    [
      "SET s = :s, s = :one",
      "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [s], path two: [s]",
    ],
    [
      "SET s = :s REMOVE s",
      "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [s], path two: [s]",
    ],
    [
      "SET doc.x = :s, doc = :m",
      "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [doc, x], path two: [doc]",
    ],
    [
      "SET arr[0] = :s, arr.a = :one",
      "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [arr, [0]], path two: [arr, a]",
    ],
  ])("%s", (text, detail) => {
    expect(() => update(text)).toThrow(
      expect.objectContaining({ code: "ValidationException", message: `Invalid UpdateExpression: ${detail}` }),
    );
  });
});

describe("updates that AWS refuses when it carries them out", () => {
  const invalidPath = "The document path provided in the update expression is invalid for update";
  const wrongType = "An operand in the update expression has an incorrect data type";
  const missing = "The provided expression refers to an attribute that does not exist in the item";
  test.each<[string, string]>([
    ["SET nope.x = :s", invalidPath],
    ["SET s.x = :s", invalidPath],
    ["SET s[0] = :s", invalidPath],
    ["SET doc[0] = :s", invalidPath],
    ["SET arr.x = :s", invalidPath],
    ["REMOVE nope.x", invalidPath],
    ["REMOVE s[0]", invalidPath],
    ["ADD nope.x :one", invalidPath],
    ["SET a = nope", missing],
    ["SET a = nope + :one", missing],
    ["SET a = arr[7]", missing],
    ["SET a = s + :one", wrongType],
    ["SET a = list_append(arr, s)", wrongType],
    ["ADD s :one", wrongType],
    ["ADD ss :ns2", wrongType],
    ["ADD arr :one", wrongType],
    ["DELETE ss :ns2", wrongType],
    ["DELETE n :ns2", wrongType],
  ])("%s", (text, message) => {
    expect(() => update(text)).toThrow(expect.objectContaining({ code: "ValidationException", message }));
  });
});
