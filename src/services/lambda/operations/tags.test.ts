import { afterEach, beforeEach, expect, test } from "vitest";
import { makeRole, zip } from "../../../../test/harness/functions.ts";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

const Resource = "arn:aws:lambda:us-east-1:000000000000:function:f";
let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
  const Role = await makeRole(platform.aws());
  const Code = { ZipFile: zip({ "i.js": "" }) };
  await platform
    .aws()
    .lambda.CreateFunction({ FunctionName: "f", Runtime: "nodejs22.x", Handler: "i.h", Role, Code, Tags: { a: "1" } });
});
afterEach(() => platform.close());

test("tags are added, replaced, listed and taken off", async () => {
  const { lambda } = platform.aws();
  await lambda.TagResource({ Resource, Tags: { a: "2", b: "3" } });
  expect(await lambda.ListTags({ Resource })).toEqual({ Tags: { a: "2", b: "3" } });
  await lambda.UntagResource({ Resource, TagKeys: ["a", "z"] });
  expect(await lambda.ListTags({ Resource })).toEqual({ Tags: { b: "3" } });
});

test("too many tags and resources that cannot be tagged are refused", async () => {
  const { lambda } = platform.aws();
  const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, "v"]));
  await expect(lambda.TagResource({ Resource, Tags })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
  });
  await expect(lambda.ListTags({ Resource: `${Resource}2` })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });
  await expect(lambda.ListTags({ Resource: `${Resource}:1` })).rejects.toMatchObject({
    code: "InvalidParameterValueException",
  });
});
