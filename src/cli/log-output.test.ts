import { expect, test } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { createLog } from "../base/log.ts";
import { logSink } from "./log-output.ts";

function lines(isTTY: boolean, environment: Record<string, string> = {}) {
  const written: string[] = [];
  const output = { isTTY, write: (text: string) => written.push(text) };
  return { log: createLog("info", logSink(output, new ManualClock(), environment)), written };
}

test("a program reads one JSON object per line, with the platform's time", () => {
  const { log, written } = lines(false);
  log.info("dynamodb.PutItem", { status: 200, ms: 1.5, missing: undefined });
  expect(JSON.parse(written.join(""))).toEqual({
    time: "2026-01-01T00:00:00.000Z",
    level: "info",
    message: "dynamodb.PutItem",
    status: 200,
    ms: 1.5,
  });
  expect(written[0]).toMatch(/\}\n$/);
});

test("a person reads status, message and fields", () => {
  const { log, written } = lines(true, { NO_COLOR: "1" });
  log.info("dynamodb.PutItem", { status: 200, ms: 1.5, error: "two words" });
  expect(written[0]).toMatch(/^\d\d:\d\d:00\.000 200 dynamodb\.PutItem ms=1\.5 error="two words"\n$/);
});

test("a terminal shows refusals in yellow and our failures in red", () => {
  const { log, written } = lines(true);
  log.info("a", { status: 404 });
  log.info("b", { status: 500 });
  expect(written[0]).toContain("\u001B[33m404");
  expect(written[1]).toContain("\u001B[31m500");
});

test("an error keeps its stack", () => {
  const { log, written } = lines(false);
  log.error("A job failed.", { error: new RangeError("too far") });
  expect(JSON.parse(written[0]!)).toMatchObject({
    error: "RangeError: too far",
    stack: expect.stringContaining("log-output.test"),
  });
});

test("text from requests cannot steer a terminal or break a line", () => {
  const { log, written } = lines(true, { NO_COLOR: "1" });
  log.warn("GET /\u001B[2J\nfake", { agent: "x\u001B]0;y\u0007\n" });
  expect(written[0]!.slice(0, -1)).not.toMatch(/\p{Cc}/u);
});
