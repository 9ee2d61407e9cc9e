import { afterEach, beforeEach, expect, test } from "vitest";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
  const Role = await makeRole(platform.aws());
  await platform.aws().lambda.CreateFunction({
    FunctionName: "f",
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Role,
    Environment: { Variables: { AA: "1" } },
    Code: { ZipFile: zip({ "index.js": "" }) },
  });
  await platform.idle();
});
afterEach(() => platform.close());

test("only the members given change; variables are replaced whole, and taken off by an empty map", async () => {
  const { lambda } = platform.aws();
  const changed = await lambda.UpdateFunctionConfiguration({
    FunctionName: "f",
    Timeout: 9,
    Environment: { Variables: { BB: "2" } },
  });
  expect(changed).toMatchObject({
    Timeout: 9,
    MemorySize: 128,
    Environment: { Variables: { BB: "2" } },
    LastUpdateStatus: "InProgress",
  });
  await platform.idle();
  expect(
    await lambda.UpdateFunctionConfiguration({ FunctionName: "f", Environment: { Variables: {} } }),
  ).not.toHaveProperty("Environment");
});

test("a change during another one is refused", async () => {
  const { lambda } = platform.aws();
  await expect(lambda.UpdateFunctionConfiguration({ FunctionName: "f", RevisionId: "old" })).rejects.toMatchObject({
    code: "PreconditionFailedException",
    status: 412,
  });
  await expect(
    lambda.UpdateFunctionConfiguration({ FunctionName: "f", Role: "arn:aws:iam::000000000000:role/nobody" }),
  ).rejects.toMatchObject({
    message: "The role defined for the function cannot be assumed by Lambda.",
  });
});
