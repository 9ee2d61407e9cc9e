import { expect, test } from "vitest";
import { randomIds, seededIds } from "./ids.ts";

test("ids have the forms that AWS's have", () => {
  for (const ids of [randomIds(), seededIds("x")]) {
    expect(ids.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids.hex(7)).toMatch(/^[0-9a-f]{7}$/);
    expect(ids.alphanumeric(10)).toMatch(/^[a-z0-9]{10}$/);
    expect(ids.base32(16)).toMatch(/^[A-Z2-7]{16}$/);
    expect(ids.bytes(300)).toHaveLength(300);
    const fraction = ids.fraction();
    expect(fraction >= 0 && fraction < 1).toBe(true);
  }
});

test("random ids differ, also across the blocks they are drawn in", () => {
  const ids = randomIds();
  expect(new Set(Array.from({ length: 2000 }, () => ids.hex(16))).size).toBe(2000);
});

test("seeded ids repeat for their seed and for no other", () => {
  const draw = (seed: string) => {
    const ids = seededIds(seed);
    return [ids.uuid(), ids.alphanumeric(10), ids.hex(8)];
  };
  expect(draw("a")).toEqual(draw("a"));
  expect(draw("a")).not.toEqual(draw("b"));
});
