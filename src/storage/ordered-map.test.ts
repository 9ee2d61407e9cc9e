import { expect, test } from "vitest";
import { seededIds } from "../base/ids.ts";
import { collectAscending, collectDescending, findIn, OrderedMap } from "./ordered-map.ts";

test.each(["a", "b", "c", "d"])("behaves as a sorted list through random changes (seed %s)", (seed) => {
  const ids = seededIds(seed);
  const map = new OrderedMap<string>();
  const model = new Map<string, string>();
  const snapshots: { root: ReturnType<typeof map.snapshot>; model: Map<string, string> }[] = [];
  for (let step = 0; step < 6000; step++) {
    const key = ids.alphanumeric(2) + (ids.fraction() < 0.5 ? ids.alphanumeric(1) : "");
    if (ids.fraction() < (step < 4000 ? 0.3 : 0.8)) {
      map.delete(key);
      model.delete(key);
    } else {
      map.set(key, `${key}=${step}`);
      model.set(key, `${key}=${step}`);
    }
    if (step % 1500 === 0) snapshots.push({ root: map.snapshot(), model: new Map(model) });
  }
  snapshots.push({ root: map.current(), model });
  for (const { root, model: expected } of snapshots) {
    const inOrder = [...expected.keys()].toSorted();
    for (const key of inOrder) expect(findIn(root, key)).toBe(expected.get(key));
    for (const [from, to, limit] of [
      ["", "~", Infinity],
      ["c", "p", Infinity],
      ["", "a", Infinity],
      ["zz", "~", Infinity],
      ["d", "x", 17],
      ["b1", "b1", Infinity],
    ] as const) {
      const inRange = inOrder.filter((key) => key >= from && key < to).map((key) => expected.get(key));
      const up: string[] = [];
      collectAscending(root, from, to, limit, up);
      expect(up).toEqual(inRange.slice(0, limit));
      const down: string[] = [];
      collectDescending(root, from, to, limit, down);
      expect(down).toEqual(inRange.toReversed().slice(0, limit));
    }
  }
});

test("holds nothing after everything was deleted, in any order", () => {
  const map = new OrderedMap<number>();
  for (let at = 0; at < 5000; at++) map.set(String((at * 7919) % 5000), at);
  for (let at = 0; at < 5000; at++) map.delete(String((at * 104_729) % 5000));
  const left: number[] = [];
  collectAscending(map.current(), "", "~", Infinity, left);
  expect(left).toEqual([]);
  map.set("again", 1);
  expect(findIn(map.current(), "again")).toBe(1);
});
