import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

test("GetAccount shows AWS's defaults, and UpdateAccount keeps the role for logs", async () => {
  const { apigateway } = platform.aws();
  const defaults = {
    throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
    features: ["UsagePlans"],
    apiKeyVersion: "4",
  };
  expect(await apigateway.GetAccount({})).toEqual(defaults);
  const cloudwatchRoleArn = "arn:aws:iam::000000000000:role/logs";
  const replace = (path: string, value: string) =>
    apigateway.UpdateAccount({ patchOperations: [{ op: "replace", path, value }] });
  expect(await replace("/cloudwatchRoleArn", cloudwatchRoleArn)).toEqual({ ...defaults, cloudwatchRoleArn });
  await platform.restart();
  expect(await platform.aws().apigateway.GetAccount({})).toEqual({ ...defaults, cloudwatchRoleArn });
  expect(await platform.aws(undefined, { region: "eu-west-1" }).apigateway.GetAccount({})).toEqual(defaults);
  expect(await replace("/cloudwatchRoleArn", "")).toEqual(defaults);
  await expect(replace("/cloudwatchRoleArn", "x")).rejects.toMatchObject({ status: 400 });
  await expect(replace("/features", "x")).rejects.toMatchObject({
    message: "Invalid patch path  '/features' specified for op 'replace'. Must be one of: [/cloudwatchRoleArn]",
  });
});
