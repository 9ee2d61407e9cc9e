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
  await lambda.PutRuntimeManagementConfig({
    FunctionName: "f",
    Qualifier: "1",
    UpdateRuntimeOn: "FunctionUpdate",
  });
  expect(await lambda.GetRuntimeManagementConfig({ FunctionName: "f:1" })).toEqual({
    UpdateRuntimeOn: "FunctionUpdate",
    FunctionArn: `${arn}:1`,
  });
  expect(await lambda.GetRuntimeManagementConfig({ FunctionName: "f" })).toEqual({
    UpdateRuntimeOn: "Auto",
    FunctionArn: `${arn}:$LATEST`,
  });
});

test("a version of a runtime is refused, since there is only the machine's interpreter", async () => {
  const RuntimeVersionArn = `arn:aws:lambda:us-east-1::runtime:${"a".repeat(64)}`;
  const put = (input: object) =>
    lambda.PutRuntimeManagementConfig({ FunctionName: "f", UpdateRuntimeOn: "Manual", ...input });
  await expect(put({})).rejects.toMatchObject({ code: "InvalidParameterValueException" });
  await expect(put({ RuntimeVersionArn })).rejects.toMatchObject({ status: 501 });
  await expect(put({ RuntimeVersionArn, UpdateRuntimeOn: "Auto" })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
  });
});
