import { expect, test } from "vitest";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform } from "../../../../../test/harness/platform.ts";

test("a statement is taken out by its id, and one that is not there is not found", async () => {
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
  for (const StatementId of ["a", "b"]) {
    await lambda.AddPermission({
      FunctionName: "f",
      StatementId,
      Action: "lambda:InvokeFunction",
      Principal: "s3.amazonaws.com",
    });
  }
  await lambda.RemovePermission({ FunctionName: "f", StatementId: "a" });
  const { Policy } = await lambda.GetPolicy({ FunctionName: "f" });
  expect(JSON.parse(Policy!).Statement.map((statement: { Sid: string }) => statement.Sid)).toEqual(["b"]);
  await expect(lambda.RemovePermission({ FunctionName: "f", StatementId: "a" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    status: 404,
    message: "Statement a is not found in resource policy.",
  });
  await platform.close();
});
