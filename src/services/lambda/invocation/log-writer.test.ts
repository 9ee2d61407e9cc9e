import { expect, test } from "vitest";
import { AccessDeniedException, UnrecognizedClientException } from "../../../api/logs/errors.ts";
import type { AwsApis } from "../../../api/apis.ts";
import { ManualClock } from "../../../base/clock.ts";
import { createLog } from "../../../base/log.ts";
import { LogWriter } from "./log-writer.ts";

test("a role without rights on logs is told once, and its log goes on soon after it has them", async () => {
  const clock = new ManualClock();
  const warned: string[] = [];
  const stored: (string | undefined)[] = [];
  let isAllowed = false;
  const logs: Partial<AwsApis["logs"]> = {
    PutLogEvents: async ({ logEvents }) => {
      if (!isAllowed) throw new AccessDeniedException({ message: "no" });
      stored.push(...logEvents.map(({ message }) => message));
      return {};
    },
  };
  const destination = { logGroupName: "/aws/lambda/f", logStreamName: "s" };
  const log = createLog("warn", (_, message) => warned.push(message));
  const writer = new LogWriter({ logs } as AwsApis, destination, clock, log);
  const write = async (message: string) => {
    writer.write(message);
    await writer.flush();
  };

  await write("refused");
  isAllowed = true;
  await write("too soon to try again");
  await clock.advance(5_000);
  await write("written");
  isAllowed = false;
  await write("refused again");
  expect(stored).toEqual(["written"]);
  expect(warned).toEqual(["A function's log cannot be written: give its role the policy AWSLambdaBasicExecutionRole."]);
});

test("a role that could write and may no longer is no reason to warn: somebody is removing the function", async () => {
  const lines: string[] = [];
  let calls = 0;
  const logs: Partial<AwsApis["logs"]> = {
    PutLogEvents: async () => {
      if (++calls > 1) throw new AccessDeniedException({ message: "no" });
      return {};
    },
  };
  const destination = { logGroupName: "/aws/lambda/f", logStreamName: "s" };
  const log = createLog("info", (level) => lines.push(level));
  const writer = new LogWriter({ logs } as AwsApis, destination, new ManualClock(), log);
  for (const line of ["stored", "refused"]) {
    writer.write(line);
    await writer.flush();
  }
  expect([calls, lines]).toEqual([2, ["info"]]);
});

test("last lines of a function whose role was deleted are dropped without a warning", async () => {
  const warned: string[] = [];
  let calls = 0;
  const logs: Partial<AwsApis["logs"]> = {
    PutLogEvents: async () => {
      calls++;
      throw new UnrecognizedClientException({ message: "The security token included in the request is invalid." });
    },
  };
  const destination = { logGroupName: "/aws/lambda/f", logStreamName: "s" };
  const log = createLog("warn", (_, message) => warned.push(message));
  const writer = new LogWriter({ logs } as AwsApis, destination, new ManualClock(), log);
  writer.write("late");
  await writer.flush();
  expect([calls, warned]).toEqual([1, []]);
});
