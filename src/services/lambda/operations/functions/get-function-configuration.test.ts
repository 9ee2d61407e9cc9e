import { expect, test } from "vitest";
import { makeRole, zip } from "../../../../../test/harness/functions.ts";
import { testPlatform } from "../../../../../test/harness/platform.ts";

test("the configuration is found by name, ARN and $LATEST, and under no other qualifier", async () => {
  const platform = await testPlatform();
  const { lambda } = platform.aws();
  const Role = await makeRole(platform.aws());
  const code = { ZipFile: zip({ "index.js": "" }) };
  const { FunctionArn } = await lambda.CreateFunction({
    FunctionName: "f",
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Role,
    Code: code,
  });
  for (const FunctionName of ["f", FunctionArn!, `${FunctionArn}:$LATEST`]) {
    expect((await lambda.GetFunctionConfiguration({ FunctionName })).FunctionName).toBe("f");
  }
  await expect(lambda.GetFunctionConfiguration({ FunctionName: "f", Qualifier: "live" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
    message: `Function not found: ${FunctionArn}:live`,
  });
  await expect(lambda.GetFunctionConfiguration({ FunctionName: "f:one", Qualifier: "two" })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
  });
  await platform.close();
});

test("while a function is made or changed, the answer waits for the end of that", async () => {
  const platform = await testPlatform();
  const { lambda } = platform.aws();
  const Role = await makeRole(platform.aws());
  const made = await lambda.CreateFunction({
    FunctionName: "f",
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Role,
    Code: { ZipFile: zip({ "index.js": "" }) },
  });
  expect(made.State).toBe("Pending");
  expect((await lambda.GetFunctionConfiguration({ FunctionName: "f" })).State).toBe("Active");
  const changed = await lambda.UpdateFunctionConfiguration({ FunctionName: "f", Timeout: 5 });
  expect(changed.LastUpdateStatus).toBe("InProgress");
  expect((await lambda.GetFunctionConfiguration({ FunctionName: "f" })).LastUpdateStatus).toBe("Successful");
  await platform.close();
});
