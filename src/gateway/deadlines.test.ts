import { expect, it } from "vitest";
import { Deadlines } from "./deadlines.ts";

it("calls what is late, spares what moved or was done, and forgets all when it stops", async () => {
  const deadlines = new Deadlines();
  const late: string[] = [];
  const ended = new Promise<void>((resolve) => {
    deadlines.watch(0, () => {
      late.push("late");
      resolve();
    });
  });
  const moving = deadlines.watch(1, () => late.push("moving"));
  deadlines.watch(0, () => late.push("done")).done();
  await ended;
  moving.touch();
  deadlines.stop();
  expect(late).toEqual(["late"]);
  expect(() => moving.done()).not.toThrow();
});
