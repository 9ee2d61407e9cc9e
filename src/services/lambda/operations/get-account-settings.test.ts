import { expect, test } from "vitest";
import { makeRole, zip } from "../../../../test/harness/functions.ts";
import { testPlatform } from "../../../../test/harness/platform.ts";

test("usage counts functions and the bytes of their packages", async () => {
  const platform = await testPlatform();
  const { lambda } = platform.aws();
  expect((await lambda.GetAccountSettings({})).AccountUsage).toEqual({ TotalCodeSize: 0, FunctionCount: 0 });
  const code = zip({ "i.js": "" });
  const Role = await makeRole(platform.aws());
  await lambda.CreateFunction({
    FunctionName: "f",
    Runtime: "nodejs22.x",
    Handler: "i.h",
    Role,
    Code: { ZipFile: code },
  });
  expect(await lambda.GetAccountSettings({})).toMatchObject({
    AccountLimit: { ConcurrentExecutions: 1000, CodeSizeZipped: 52_428_800, CodeSizeUnzipped: 262_144_000 },
    AccountUsage: { TotalCodeSize: code.byteLength, FunctionCount: 1 },
  });
  await platform.close();
});
