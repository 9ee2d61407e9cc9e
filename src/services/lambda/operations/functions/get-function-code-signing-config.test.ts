import { expect, test } from "vitest";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform } from "../../../../../test/harness/platform.ts";

test("no function has a code signing configuration, and a missing one is not found", async () => {
  const platform = await testPlatform();
  const { lambda } = platform.aws();
  const Role = await makeRole(platform.aws());
  await lambda.CreateFunction({
    FunctionName: "f",
    Runtime: "nodejs22.x",
    Handler: "i.h",
    Role,
    Code: { ZipFile: zip({ "i.js": "" }) },
  });
  expect(await lambda.GetFunctionCodeSigningConfig({ FunctionName: "f" })).toEqual({
    CodeSigningConfigArn: "",
    FunctionName: "f",
  });
  await expect(lambda.GetFunctionCodeSigningConfig({ FunctionName: "g" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });
  await platform.close();
});
