import { describe, expect, test } from "vitest";
import type { Item } from "../items/attribute-value.ts";
import { checkItem } from "../items/check-value.ts";
import { matchCondition } from "./condition.ts";
import { ExpressionCache, Expressions } from "./expressions.ts";

const item: Item = checkItem({
  id: { N: "5" },
  title: { S: "Héllo" },
  blank: { S: "" },
  price: { N: "12.50" },
  bytes: { B: Uint8Array.of(1, 2, 3) },
  yes: { BOOL: true },
  nothing: { NULL: true },
  tags: { SS: ["red", "green"] },
  nums: { NS: ["1", "2.0"] },
  bins: { BS: [Uint8Array.of(1)] },
  seq: { L: [{ N: "1" }, { S: "two" }, { M: { deep: { BOOL: false } } }] },
  info: { M: { rating: { N: "4" }, "a.b": { S: "dotted" }, nested: { M: { x: { S: "y" } } } } },
  a_b: { S: "underscore" },
});

const names = { "#t": "title", "#dot": "a.b", "#i": "info", "#size": "size", "#s2": "nested" };
const values = {
  ":n5": { N: "5" },
  ":n5b": { N: "5.00" },
  ":n4": { N: "4" },
  ":n6": { N: "6" },
  ":n0": { N: "0" },
  ":n1": { N: "1" },
  ":n2": { N: "2" },
  ":n3": { N: "3" },
  ":hello": { S: "Héllo" },
  ":he": { S: "Hé" },
  ":s": { S: "two" },
  ":e": { S: "" },
  ":z": { S: "z" },
  ":b12": { B: Uint8Array.of(1, 2) },
  ":b23": { B: Uint8Array.of(2, 3) },
  ":b1": { B: Uint8Array.of(1) },
  ":true": { BOOL: true },
  ":false": { BOOL: false },
  ":null": { NULL: true },
  ":red": { S: "red" },
  ":tags": { SS: ["green", "red"] },
  ":N": { S: "N" },
  ":S": { S: "S" },
  ":L": { S: "L" },
  ":M": { S: "M" },
  ":SS": { S: "SS" },
  ":BOOL": { S: "BOOL" },
  ":NULL": { S: "NULL" },
  ":map": { M: { deep: { BOOL: false } } },
  ":price": { N: "12.5" },
};

/** Gives an expression just the names and values that it uses. */
function expressionsFor(text: string) {
  const used = <T>(all: Record<string, T>) => {
    const entries = Object.entries(all).filter(([name]) => new RegExp(`${name}(?![A-Za-z0-9_])`).test(text));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  };
  return new Expressions(
    new ExpressionCache(),
    { ExpressionAttributeNames: used(names), ExpressionAttributeValues: used(values) },
    { FilterExpression: text },
  );
}

function evaluate(text: string, on: Item | undefined): boolean {
  const expressions = expressionsFor(text);
  const { condition, values: bound } = expressions.condition("FilterExpression", text)!;
  expressions.finish();
  return matchCondition(condition, on, bound);
}

describe("conditions", () => {
  test.each<[string, boolean]>([
    ["id = :n5", true],
    ["id = :n5b", true],
    ["id = :n4", false],
    [":n5 = id", true],
    ["(id = :n5)", true],
    ["(id) = (:n5)", true],
    ["id <> :n5", false],
    ["id <> :n4", true],
    ["id <> :hello", true],
    ["id < :n6", true],
    ["id < :n5", false],
    ["id <= :n5", true],
    ["id > :n4", true],
    ["id > :n5", false],
    ["id >= :n5", true],
    ["id >= :n6", false],
    ["id < :hello", false],
    ["id > :hello", false],
    ["absent = :n5", false],
    ["absent <> :n5", true],
    ["absent < :n5", false],
    ["id BETWEEN :n4 AND :n6", true],
    ["id between :n5 and :n5", true],
    ["id BETWEEN :n0 AND :n4", false],
    [":n5 BETWEEN :n4 AND id", true],
    ["title BETWEEN :e AND :z", true],
    ["id BETWEEN :e AND :z", false],
    ["absent BETWEEN :n4 AND :n6", false],
    ["id IN (:n4, :n5)", true],
    ["id in (:n4)", false],
    ["id IN (:hello, price)", false],
    ["tags IN (:tags)", true],
    ["absent IN (:n4)", false],
    ["title = :hello", true],
    ["#t = :hello", true],
    ["blank = :e", true],
    ["yes = :true", true],
    ["yes = :false", false],
    ["nothing = :null", true],
    ["tags = :tags", true],
    ["price = :price", true],
    ["seq[0] = :n1", true],
    ["seq[1] = :s", true],
    ["seq[2].deep = :false", true],
    ["seq[2] = :map", true],
    ["seq[3] = :n1", false],
    ["seq[0].x = :n1", false],
    ["seq.x = :n1", false],
    ["info[0] = :n1", false],
    ["info.rating = :n4", true],
    ["#i.#dot <> :s", true],
    ["#i.#s2.x <> :s", true],
    ["info.rating > seq[0]", true],
    ["a_b <> :s", true],
    ["attribute_exists(id)", true],
    ["attribute_exists(absent)", false],
    ["attribute_exists(info.rating)", true],
    ["attribute_exists(info.nope)", false],
    ["attribute_exists(seq[2])", true],
    ["attribute_exists(seq[3])", false],
    ["attribute_not_exists(absent)", true],
    ["attribute_not_exists(id)", false],
    ["attribute_type(id, :N)", true],
    ["attribute_type(id, :S)", false],
    ["attribute_type(seq, :L)", true],
    ["attribute_type(info, :M)", true],
    ["attribute_type(tags, :SS)", true],
    ["attribute_type(yes, :BOOL)", true],
    ["attribute_type(nothing, :NULL)", true],
    ["attribute_type(absent, :NULL)", false],
    ["begins_with(title, :he)", true],
    ["begins_with(title, :s)", false],
    ["begins_with(title, :e)", true],
    ["begins_with(id, :he)", false],
    ["begins_with(bytes, :b12)", true],
    ["begins_with(bytes, :b23)", false],
    ["begins_with(absent, :he)", false],
    ["begins_with(:hello, :he)", true],
    ["contains(title, :he)", true],
    ["contains(title, :z)", false],
    ["contains(tags, :red)", true],
    ["contains(tags, :z)", false],
    ["contains(nums, :n2)", true],
    ["contains(nums, :n3)", false],
    ["contains(bins, :b1)", true],
    ["contains(bytes, :b23)", true],
    ["contains(seq, :s)", true],
    ["contains(seq, :map)", true],
    ["contains(seq, :n3)", false],
    ["contains(id, :n5)", false],
    ["contains(info, :n4)", false],
    ["size(title) = :n5", true],
    ["size(blank) = :n0", true],
    ["size(bytes) = :n3", true],
    ["size(tags) = :n2", true],
    ["size(nums) = :n2", true],
    ["size(bins) = :n1", true],
    ["size(seq) = :n3", true],
    ["size(info) >= :n3", true],
    ["size(id) = :n1", false],
    ["size(absent) = :n0", false],
    ["size(info) BETWEEN :n1 AND :n3", true],
    ["size(seq) IN (:n2, :n3)", true],
    ["NOT id = :n4", true],
    ["NOT NOT id = :n5", true],
    ["NOT (id = :n5)", false],
    ["not attribute_exists(absent)", true],
    ["id = :n5 AND title = :hello", true],
    ["id = :n5 AND title = :s", false],
    ["id = :n4 OR title = :hello", true],
    ["id = :n4 OR title = :s", false],
    ["id = :n5 OR id = :n4 AND title = :s", true],
    ["(id = :n5 OR id = :n4) AND title = :s", false],
    ["NOT id = :n4 AND title = :s", false],
    ["NOT (id = :n4 AND title = :s)", true],
    ["id = :n5 AND (title = :s OR yes = :true) AND NOT absent = :n5", true],
    ["id BETWEEN :n4 AND :n6 AND title = :hello", true],
    ["  id\n=\t:n5  ", true],
    ["id=:n5 AND(title=:hello)", true],
  ])("%s is %s", (text, expected) => {
    expect(evaluate(text, item)).toBe(expected);
  });

  test.each<[string, boolean]>([
    ["attribute_not_exists(id)", true],
    ["attribute_exists(id)", false],
    ["id <> :n5", true],
    ["id = :n5", false],
  ])("on an absent item %s is %s", (text, expected) => {
    expect(evaluate(text, undefined)).toBe(expected);
  });
});

const many = Array.from({ length: 301 }, () => "a=b").join(" OR ");

describe("conditions that AWS refuses", () => {
  test.each<[string, string]>([
    ["", "The expression can not be empty;"],
    ["foo", 'Syntax error; token: "<EOF>", near: "foo"'],
    ["attribute_not_exists(", 'Syntax error; token: "<EOF>", near: "("'],
    ["contains (themes, :red", 'Syntax error; token: "<EOF>", near: ":red"'],
    ["id == :n5", 'Syntax error; token: "=", near: "== :n5"'],
    ["id = :n5 title", 'Syntax error; token: "title", near: ":n5 title"'],
    ["id = :n5 AND", 'Syntax error; token: "<EOF>", near: "AND"'],
    ["= :n5", 'Syntax error; token: "=", near: "= :n5"'],
    ["id = :n5)", 'Syntax error; token: ")", near: ":n5)"'],
    ["(id = :n5", 'Syntax error; token: "<EOF>", near: ":n5"'],
    ["id-x = :n5", 'Syntax error; token: "-", near: "id-x"'],
    ["seq.0 = :n5", 'Syntax error; token: "0", near: ".0 ="'],
    ["seq[x] = :n5", 'Syntax error; token: "x", near: "[x]"'],
    ["# = :n5", 'Syntax error; token: "#", near: "# ="'],
    ["id : n5", 'Syntax error; token: ":", near: "id : n5"'],
    ["id = :n5 & title", 'Syntax error; token: "&", near: ":n5 & title"'],
    ["_id = :n5", 'Syntax error; token: "_", near: "_id"'],
    ["id IN ()", 'Syntax error; token: ")", near: "()"'],
    ["id BETWEEN :n4", 'Syntax error; token: "<EOF>", near: ":n4"'],
    ["((id = :n5))", "The expression has redundant parentheses;"],
    ["((attribute_not_exists(id)))", "The expression has redundant parentheses;"],
    ["name = :n5", "Attribute name is a reserved keyword; reserved keyword: name"],
    ["info.Status = :n5", "Attribute name is a reserved keyword; reserved keyword: Status"],
    ["#absent = :n5", "An expression attribute name used in the document path is not defined; attribute name: #absent"],
    ["id = :absent", "An expression attribute value used in expression is not defined; attribute value: :absent"],
    ["foo(id)", "Invalid function name; function: foo"],
    ["Size(id) = :n5", "Invalid function name; function: Size"],
    ["size(id)", "The function is not allowed to be used this way in an expression; function: size"],
    [
      "attribute_exists(id) = :true",
      "The function is not allowed to be used this way in an expression; function: attribute_exists",
    ],
    ["size(size(seq)) = :n5", "The function is not allowed to be used this way in an expression; function: size"],
    [
      "contains(id)",
      "Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1",
    ],
    [
      "attribute_exists(id, title)",
      "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
    ],
    ["attribute_exists(:n5)", "Operator or function requires a document path; operator or function: attribute_exists"],
    [
      "begins_with(title, :n5)",
      "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
    ],
    [
      "attribute_type(id, :n5)",
      "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N",
    ],
    [
      "attribute_type(id, :red)",
      "Invalid attribute type name found; type: red, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
    ],
    [
      "attribute_type(id, title)",
      "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}",
    ],
    ["size(:n5) = :n4", "Incorrect operand type for operator or function; operator or function: size, operand type: N"],
    [
      "id = id",
      "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [id]",
    ],
    [
      "contains(#t, title)",
      "The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [title]",
    ],
    [
      "seq[0] < seq[0]",
      "The first operand must be distinct from the remaining operands for this operator or function; operator: <, first operand: [seq, [0]]",
    ],
    ["id < :true", "Incorrect operand type for operator or function; operator: <, operand type: BOOL"],
    [
      "id BETWEEN :n6 AND :n4",
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {N:4}",
    ],
    [
      "id BETWEEN :n4 AND :s",
      "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:4}, upper bound operand: AttributeValue: {S:two}",
    ],
    [many, "The expression contains too many operators; operator count: 601"],
    [`id = ${" ".repeat(4096)}:n5`, "Expression size has exceeded the maximum allowed size; expression size: 4104"],
  ])("%s", (text, detail) => {
    expect(() => evaluate(text, item)).toThrow(
      expect.objectContaining({ code: "ValidationException", message: `Invalid FilterExpression: ${detail}` }),
    );
  });

  test.each([
    "(".repeat(4000),
    "NOT ".repeat(1000),
    "size(".repeat(800),
    `${"(".repeat(500)}id = :n5${")".repeat(500)}`,
  ])("however deep, without a crash: %#", (text) => {
    expect(() => evaluate(text, item)).toThrow(expect.objectContaining({ code: "ValidationException" }));
  });
});

describe("names and values of a request", () => {
  const use = (parameters: object) => {
    const given = { ConditionExpression: "id = :v" };
    const expressions = new Expressions(new ExpressionCache(), parameters, given);
    expressions.condition("ConditionExpression", given.ConditionExpression);
    expressions.finish();
  };
  test.each<[object, string]>([
    [
      { ExpressionAttributeNames: {}, ExpressionAttributeValues: { ":v": { S: "" } } },
      "ExpressionAttributeNames must not be empty",
    ],
    [{ ExpressionAttributeValues: {} }, "ExpressionAttributeValues must not be empty"],
    [
      { ExpressionAttributeNames: { a: "b" }, ExpressionAttributeValues: { ":v": { S: "" } } },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
    ],
    [
      { ExpressionAttributeValues: { v: { S: "" } } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"',
    ],
    [
      { ExpressionAttributeValues: { ":v": { N: "x" } } },
      "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :v",
    ],
    [
      { ExpressionAttributeValues: { ":v": { S: "" }, ":w": { S: "" }, ":x": { S: "" } } },
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w, :x}",
    ],
    [
      { ExpressionAttributeNames: { "#a": "b" }, ExpressionAttributeValues: { ":v": { S: "" } } },
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
    ],
  ])("%j", (parameters, message) => {
    expect(() => use(parameters)).toThrow(message);
  });

  test("parsed expressions are kept by their names too", () => {
    const cache = new ExpressionCache();
    const paths = ["a", "b"].map((name) => {
      const expressions = new Expressions(
        cache,
        { ExpressionAttributeNames: { "#n": name } },
        { FilterExpression: "" },
      );
      return expressions.condition("FilterExpression", "attribute_exists(#n)")!.condition;
    });
    expect(paths).toMatchObject([{ operands: [{ path: ["a"] }] }, { operands: [{ path: ["b"] }] }]);
  });
});
