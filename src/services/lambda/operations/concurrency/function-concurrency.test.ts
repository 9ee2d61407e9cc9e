import { afterEach, beforeEach, expect, test } from "vitest";
import type { SystemClock } from "../../../../base/clock.ts";
import { liveTestPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { makeFunction } from "../../test-functions.ts";

let platform: TestPlatform<SystemClock>;
let lambda: ReturnType<TestPlatform["aws"]>["lambda"];
beforeEach(async () => {
  platform = await liveTestPlatform({ functions: true });
  lambda = platform.aws().lambda;
  await makeFunction(platform, "exports.handler = async ({ ms }) => new Promise((done) => setTimeout(done, ms ?? 0))");
});
afterEach(() => platform.close());

const reserve = (ReservedConcurrentExecutions: number, FunctionName = "f") =>
  lambda.PutFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions });
const unreserved = async () => (await lambda.GetAccountSettings({})).AccountLimit!.UnreservedConcurrentExecutions;

test("a reservation is told with the function, taken from the account and given back", async () => {
  expect(await lambda.GetFunctionConcurrency({ FunctionName: "f" })).toEqual({});
  expect(await reserve(40)).toEqual({ ReservedConcurrentExecutions: 40 });
  await reserve(50);
  expect(await lambda.GetFunctionConcurrency({ FunctionName: "f" })).toEqual({ ReservedConcurrentExecutions: 50 });
  expect((await lambda.GetFunction({ FunctionName: "f" })).Concurrency).toEqual({ ReservedConcurrentExecutions: 50 });
  expect(await unreserved()).toBe(950);
  await lambda.DeleteFunctionConcurrency({ FunctionName: "f" });
  expect(await lambda.GetFunctionConcurrency({ FunctionName: "f" })).toEqual({});
  expect(await unreserved()).toBe(1000);
  await reserve(7);
  await lambda.DeleteFunction({ FunctionName: "f" });
  expect(await unreserved()).toBe(1000);
});

test("beyond what is reserved an invocation is throttled", async () => {
  await reserve(1);
  const event = (ms: number) => ({ FunctionName: "f", Payload: Buffer.from(JSON.stringify({ ms })) });
  const [first, second] = await Promise.allSettled([lambda.Invoke(event(300)), lambda.Invoke(event(300))]);
  expect(first).toMatchObject({ status: "fulfilled", value: { StatusCode: 200 } });
  expect(second).toMatchObject({
    status: "rejected",
    reason: {
      code: "TooManyRequestsException",
      status: 429,
      message: "Rate Exceeded.",
      fields: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded" },
    },
  });
  expect((await lambda.Invoke(event(0))).StatusCode).toBe(200);
  await reserve(0);
  await expect(lambda.Invoke(event(0))).rejects.toMatchObject({ status: 429 });
});

test("100 are left to functions without a reservation, and only whole functions have one", async () => {
  await reserve(900);
  await expect(reserve(901)).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message:
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  });
  await expect(reserve(1, "f:$LATEST")).rejects.toMatchObject({
    message: expect.stringContaining("Aliases and versions do not support this operation."),
  });
  await expect(reserve(1, "g")).rejects.toMatchObject({ code: "ResourceNotFoundException" });
});
