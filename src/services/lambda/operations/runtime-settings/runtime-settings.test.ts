import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { makeFunction } from "../../test-functions.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
let platform: TestPlatform;
let lambda: ReturnType<TestPlatform["aws"]>["lambda"];
beforeEach(async () => {
  platform = await testPlatform();
  lambda = platform.aws().lambda;
  await makeFunction(platform, "");
});
afterEach(() => platform.close());

test("what a function may do in a loop is kept; AWS's default is to end it", async () => {
  expect(await lambda.GetFunctionRecursionConfig({ FunctionName: "f" })).toEqual({ RecursiveLoop: "Terminate" });
  await lambda.PutFunctionRecursionConfig({ FunctionName: "f", RecursiveLoop: "Allow" });
  expect(await lambda.GetFunctionRecursionConfig({ FunctionName: "f" })).toEqual({ RecursiveLoop: "Allow" });
});

test("when a runtime is updated is kept for each version", async () => {
  await lambda.PublishVersion({ FunctionName: "f" });
  const RuntimeVersionArn = `arn:aws:lambda:us-east-1::runtime:${"a".repeat(64)}`;
  const manual = { FunctionName: "f", Qualifier: "1", UpdateRuntimeOn: "Manual" } as const;
  await expect(lambda.PutRuntimeManagementConfig(manual)).rejects.toMatchObject({
    code: "InvalidParameterValueException",
  });
  await lambda.PutRuntimeManagementConfig({ ...manual, RuntimeVersionArn });
  expect(await lambda.GetRuntimeManagementConfig({ FunctionName: "f:1" })).toEqual({
    UpdateRuntimeOn: "Manual",
    RuntimeVersionArn,
    FunctionArn: `${arn}:1`,
  });
  expect(await lambda.GetRuntimeManagementConfig({ FunctionName: "f" })).toEqual({
    UpdateRuntimeOn: "Auto",
    FunctionArn: `${arn}:$LATEST`,
  });
});
