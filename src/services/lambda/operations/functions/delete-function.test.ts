import { expect, test } from "vitest";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform } from "../../../../../test/harness/platform.ts";

test("a deleted function is gone with its package, and its name is free", async () => {
  const platform = await testPlatform();
  await platform.listen();
  const { lambda } = platform.aws();
  const Role = await makeRole(platform.aws());
  const make = () =>
    lambda.CreateFunction({
      FunctionName: "f",
      Runtime: "nodejs22.x",
      Handler: "i.h",
      Role,
      Code: { ZipFile: zip({ "i.js": "" }) },
    });
  await make();
  await platform.idle();
  const { Code } = await lambda.GetFunction({ FunctionName: "f" });
  await lambda.DeleteFunction({ FunctionName: "f" });
  await expect(lambda.Invoke({ FunctionName: "f" })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  await platform.idle();
  expect((await fetch(Code!.Location!)).status).toBe(404);
  await make();
  await expect(lambda.DeleteFunction({ FunctionName: "g" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    status: 404,
  });
  await platform.close();
});
