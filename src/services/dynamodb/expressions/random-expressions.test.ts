import { expect, test } from "vitest";
import { AwsError } from "../../../api/aws-error.ts";
import { checkItem } from "../items/check-value.ts";
import { matchCondition } from "./condition.ts";
import { ExpressionCache, Expressions } from "./expressions.ts";
import { keyConditionOf } from "./key-condition.ts";
import { projectItem } from "./projection.ts";
import { applyUpdate } from "./update.ts";

const item = checkItem({
  id: { S: "x" },
  n: { N: "1" },
  l: { L: [{ N: "1" }, { M: { a: { S: "b" } } }] },
  m: { M: { a: { L: [{ S: "c" }] } } },
  ss: { SS: ["a"] },
});
const ExpressionAttributeNames = { "#a": "n", "#b": "l", "#p": "__proto__" };
const ExpressionAttributeValues = {
  ":n": { N: "1" },
  ":s": { S: "a" },
  ":l": { L: [] },
  ":ss": { SS: ["a"] },
  ":m": { M: {} },
  ":b": { BOOL: true },
};

const words = [
  ..."id n l m ss #a #b #p #nope :n :s :l :ss :m :b :nope".split(" "),
  ..."( ) ( ) , , . [ ] 0 1 = <> < <= > >= + - @ é \u0000 _ # :".split(" "),
  ..."AND OR NOT BETWEEN IN SET REMOVE ADD DELETE name".split(" "),
  ..."attribute_exists( attribute_not_exists( attribute_type( begins_with( contains( size( if_not_exists( list_append( foo(".split(
    " ",
  ),
];

/** Texts that repeat for a seed: mostly nonsense, often nearly right. */
function randomTexts(seed: number, count: number): string[] {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random(9) }, () => words[random(words.length)]).join(random(3) === 0 ? "" : " "),
  );
}

const right = [
  "id = :s AND n BETWEEN :n AND :n OR NOT contains(ss, :s)",
  "SET l[0] = if_not_exists(m.a[0], :n) + :n, n = n - :n REMOVE m.a ADD ss :ss",
  "id, l[1].a, m.a[0], #p",
  "id = :s AND begins_with(n, :s)",
];

/** Right texts with a piece cut out or put elsewhere. */
function mangled(): string[] {
  return right.flatMap((text) =>
    Array.from({ length: text.length }, (_, at) => [
      text.slice(0, at) + text.slice(at + 1),
      text.slice(0, at),
      text.slice(at) + text.slice(0, at),
    ]).flat(),
  );
}

test("no text makes the languages do anything but answer or refuse", () => {
  const cache = new ExpressionCache();
  let answered = 0;
  for (const text of [...right, ...mangled(), ...randomTexts(7, 6000)]) {
    const attempts: ((expressions: Expressions) => unknown)[] = [
      (expressions) => {
        const bound = expressions.condition("FilterExpression", text)!;
        return matchCondition(bound.condition, item, bound.values);
      },
      (expressions) => applyUpdate(expressions.update(text).actions, item, expressions.values),
      (expressions) => projectItem(item, expressions.projection(text).tree),
      (expressions) => {
        const bound = expressions.condition("KeyConditionExpression", text)!;
        return keyConditionOf(bound.condition, bound.values, { name: "id", type: "S" }, { name: "n", type: "N" });
      },
    ];
    for (const attempt of attempts) {
      const expressions = new Expressions(
        cache,
        { ExpressionAttributeNames, ExpressionAttributeValues },
        { any: text },
      );
      try {
        attempt(expressions);
        answered++;
      } catch (error) {
        if (!(error instanceof AwsError)) throw new Error(`"${text}" crashed`, { cause: error });
        expect(error.code).toBe("ValidationException");
      }
    }
  }
  expect(answered).toBeGreaterThan(100);
});
