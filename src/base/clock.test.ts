import { expect, test } from "vitest";
import { ManualClock, SystemClock } from "./clock.ts";

test("a manual clock stands still until it is moved, and wakes waiters in the order of their times", async () => {
  const clock = new ManualClock(1000);
  const woken: string[] = [];
  const wait = (name: string, time: number) => clock.until(time).then(() => woken.push(`${name} at ${clock.now()}`));
  const all = [wait("late", 1200), wait("early", 1100), wait("same", 1200)];
  await clock.advance(50);
  expect(woken).toEqual([]);
  await clock.advance(500);
  await Promise.all(all);
  expect(woken).toEqual(["early at 1100", "late at 1200", "same at 1200"]);
  expect(clock.now()).toBe(1550);
});

test("what a waiter starts while time moves sees the time it asked for", async () => {
  const clock = new ManualClock(0);
  const seen: number[] = [];
  const ticking = (async () => {
    for (let i = 0; i < 3; i++) {
      await clock.until(clock.now() + 10);
      seen.push(clock.now());
    }
  })();
  await clock.advance(100);
  await ticking;
  expect(seen).toEqual([10, 20, 30]);
});

test("a wait that is aborted rejects with the reason, on either clock", async () => {
  for (const clock of [new ManualClock(), new SystemClock()]) {
    const abort = new AbortController();
    const waiting = clock.until(clock.now() + 1e9, abort.signal);
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(clock.until(clock.now() + 1e9, abort.signal)).rejects.toThrow("enough");
  }
});

test("moving the system clock wakes those whose time has come and nobody else", async () => {
  const clock = new SystemClock();
  const start = clock.now();
  let later = false;
  const abort = new AbortController();
  const soon = clock.until(start + 3_600_000);
  const never = clock.until(start + 7_200_000, abort.signal).then(
    () => (later = true),
    () => {},
  );
  await clock.advance(3_600_000);
  await soon;
  expect(clock.now()).toBeGreaterThanOrEqual(start + 3_600_000);
  expect(later).toBe(false);
  abort.abort();
  await never;
});

test("time does not go backwards", async () => {
  await expect(new ManualClock().advance(-1)).rejects.toThrow("forwards");
  await expect(new SystemClock().advance(-1)).rejects.toThrow("forwards");
});
