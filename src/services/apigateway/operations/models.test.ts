import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { TestApi } from "../test-api.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

test("GetModels and GetModel show the two models that every API has", async () => {
  const { apigateway } = platform.aws();
  const { id: restApiId } = await TestApi.make(platform.aws());
  const { items } = await apigateway.GetModels({ restApiId });
  expect(items!.map(({ name }) => name)).toEqual(["Empty", "Error"]);
  const error = await apigateway.GetModel({ restApiId, modelName: "Error" });
  expect(error).toEqual(items![1]);
  expect(JSON.parse(error.schema!)).toMatchObject({
    title: "Error Schema",
    properties: { message: { type: "string" } },
  });
});

test("others are not found, and cannot be made yet", async () => {
  const { apigateway } = platform.aws();
  const { id: restApiId } = await TestApi.make(platform.aws());
  const unknown = { code: "NotFoundException", message: "Invalid model name specified: User" };
  await expect(apigateway.GetModel({ restApiId, modelName: "User" })).rejects.toMatchObject(unknown);
  await expect(apigateway.GetModel({ restApiId: "nope", modelName: "Empty" })).rejects.toMatchObject({ status: 404 });
  await expect(apigateway.GetModels({ restApiId: "nope" })).rejects.toMatchObject({ status: 404 });
  const create = apigateway.CreateModel({ restApiId, name: "User", contentType: "application/json", schema: "{}" });
  await expect(create).rejects.toMatchObject({ status: 501, message: expect.stringContaining("CreateModel") });
});
