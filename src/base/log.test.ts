import { expect, test } from "vitest";
import { createLog, silentLog } from "./log.ts";

test("lines below the level are not written", () => {
  const lines: unknown[] = [];
  const log = createLog("warn", (level, message, fields) => lines.push([level, message, fields]));
  log.debug("a");
  log.info("b");
  log.warn("c", { x: 1 });
  log.error("d");
  expect(lines).toEqual([
    ["warn", "c", { x: 1 }],
    ["error", "d", {}],
  ]);
  expect([log.enabled("info"), log.enabled("warn"), silentLog.enabled("error")]).toEqual([false, true, false]);
});
