import { afterAll, beforeAll, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await testPlatform();
});
afterAll(() => platform.close());

test("tells the account of a key, whether the key exists or not", async () => {
  const { sts } = platform.aws();
  expect(await sts.GetAccessKeyInfo({ AccessKeyId: "ASIAY34FZKBOKMUTVV7A" })).toEqual({ Account: "609629065308" });
});

test("refuses a key that names no account", async () => {
  await expect(platform.aws().sts.GetAccessKeyInfo({ AccessKeyId: "AKIAIOSFODNN7EXAMPLE" })).rejects.toMatchObject({
    code: "ValidationError",
    status: 400,
  });
});
