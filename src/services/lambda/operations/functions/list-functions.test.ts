import { expect, test } from "vitest";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform } from "../../../../../test/harness/platform.ts";

test("functions come by name, in pages", async () => {
  const platform = await testPlatform();
  const { lambda } = platform.aws();
  const Role = await makeRole(platform.aws());
  for (const FunctionName of ["c", "a", "b"]) {
    await lambda.CreateFunction({
      FunctionName,
      Runtime: "nodejs22.x",
      Handler: "i.h",
      Role,
      Code: { ZipFile: zip({ "i.js": "" }) },
    });
  }
  const first = await lambda.ListFunctions({ MaxItems: 2 });
  const second = await lambda.ListFunctions({ MaxItems: 2, Marker: first.NextMarker });
  expect([...first.Functions!, ...second.Functions!].map((row) => row.FunctionName)).toEqual(["a", "b", "c"]);
  expect(second.NextMarker).toBeUndefined();
  expect(first.Functions![0]).not.toHaveProperty("State");
  const all = await lambda.ListFunctions({ FunctionVersion: "ALL" });
  expect(all.Functions![0]!.FunctionArn).toBe("arn:aws:lambda:us-east-1:000000000000:function:a:$LATEST");
  await expect(lambda.ListFunctions({ FunctionVersion: "ALL", MasterRegion: "us-east-1" })).rejects.toMatchObject({
    status: 501,
  });
  await expect(lambda.ListFunctions({ Marker: "!" })).rejects.toMatchObject({ code: "InvalidParameterValueException" });
  await platform.close();
});
