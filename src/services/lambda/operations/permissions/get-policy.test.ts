import { expect, test } from "vitest";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform } from "../../../../../test/harness/platform.ts";

test("a function to which nobody was given anything has no policy", async () => {
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
  await expect(lambda.GetPolicy({ FunctionName: "f" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    status: 404,
    message: "The resource you requested does not exist.",
  });
  await platform.close();
});
