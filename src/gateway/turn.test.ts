import { expect, test } from "vitest";
import { Turn } from "./turn.ts";

test("what asks in one turn of the event loop is let go together and in order, at its end", async () => {
  const turn = new Turn();
  const seen: string[] = [];
  const first = turn.end().then(() => seen.push("first"));
  await Promise.resolve();
  const second = turn.end().then(() => seen.push("second"));
  seen.push("work of this turn");
  await Promise.all([first, second]);
  expect(seen).toEqual(["work of this turn", "first", "second"]);
});

test("a turn ends again and again", async () => {
  const turn = new Turn();
  let ends = 0;
  for (let i = 0; i < 3; i++) await turn.end().then(() => ends++);
  expect(ends).toBe(3);
});
