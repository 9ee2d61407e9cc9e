import { expect, test } from "vitest";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform } from "../../../../../test/harness/platform.ts";

test("a function has its unpublished version, and a missing one is not found", async () => {
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
  const { Versions } = await lambda.ListVersionsByFunction({ FunctionName: "f" });
  expect(Versions).toMatchObject([
    { Version: "$LATEST", FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST" },
  ]);
  await expect(lambda.ListVersionsByFunction({ FunctionName: "g" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });
  await platform.close();
});
