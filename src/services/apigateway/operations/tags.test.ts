import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { TestApi } from "../test-api.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

test("APIs and stages are tagged, untagged and show their tags", async () => {
  const { apigateway } = platform.aws();
  const api = await TestApi.make(platform.aws());
  await api.mock("GET");
  await api.deploy();
  for (const path of [`/restapis/${api.id}`, `/restapis/${api.id}/stages/dev`]) {
    const resourceArn = `arn:aws:apigateway:us-east-1::${path}`;
    expect(await apigateway.TagResource({ resourceArn, tags: { a: "1", b: "2" } })).toEqual({});
    expect(await apigateway.UntagResource({ resourceArn, tagKeys: ["a"] })).toEqual({});
    expect(await apigateway.GetTags({ resourceArn })).toEqual({ tags: { b: "2" } });
  }
  expect((await apigateway.GetRestApi({ restApiId: api.id })).tags).toEqual({ b: "2" });
  expect((await apigateway.GetStage({ restApiId: api.id, stageName: "dev" })).tags).toEqual({ b: "2" });
});

test("what cannot be tagged is refused", async () => {
  const { apigateway } = platform.aws();
  const tag = (resourceArn: string, tags: Record<string, string> = { a: "1" }) =>
    apigateway.TagResource({ resourceArn, tags });
  const api = await TestApi.make(platform.aws());
  await expect(tag("arn:aws:apigateway:us-east-1::/restapis/nope")).rejects.toMatchObject({ status: 404 });
  await expect(tag(`arn:aws:apigateway:eu-west-1::/restapis/${api.id}`)).rejects.toMatchObject({ status: 400 });
  await expect(tag(`arn:aws:apigateway:us-east-1::/restapis/${api.id}/stages/no`)).rejects.toMatchObject({
    status: 404,
  });
  await expect(tag("arn:aws:apigateway:us-east-1::/apikeys/x")).rejects.toMatchObject({ status: 501 });
  const arn = `arn:aws:apigateway:us-east-1::/restapis/${api.id}`;
  await expect(tag(arn, { "aws:a": "1" })).rejects.toMatchObject({ status: 400 });
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, ""]));
  await expect(tag(arn, many)).rejects.toMatchObject({ status: 400 });
});
