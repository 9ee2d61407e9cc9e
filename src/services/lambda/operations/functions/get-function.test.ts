import { expect, test } from "vitest";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform } from "../../../../../test/harness/platform.ts";

test("the package can be downloaded as it was uploaded, from where the answer says", async () => {
  const platform = await testPlatform();
  await platform.listen();
  const { lambda } = platform.aws();
  const code = zip({ "index.js": "exports.handler = async () => 1" });
  const Role = await makeRole(platform.aws());
  await lambda.CreateFunction({
    FunctionName: "f",
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Role,
    Code: { ZipFile: code },
  });
  const { Code } = await lambda.GetFunction({ FunctionName: "f" });
  const download = await fetch(Code!.Location!);
  expect(download.status).toBe(200);
  expect(Buffer.from(await download.arrayBuffer())).toEqual(Buffer.from(code));
  expect((await fetch(Code!.Location!.replace(/[0-9a-f]{8}$/, "00000000"))).status).toBe(404);
  await platform.close();
});

test("a function that does not exist is not found", async () => {
  const platform = await testPlatform();
  await expect(platform.aws().lambda.GetFunction({ FunctionName: "f" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    status: 404,
    message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f",
  });
  await platform.close();
});
