import { afterEach, beforeEach, expect, test } from "vitest";
import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { TestApi } from "../../test-api.ts";

let platform: TestPlatform;
let apigateway: APIGatewayApi;
let named: { restApiId: string; resourceId: string; httpMethod: string };
beforeEach(async () => {
  platform = await testPlatform();
  ({ apigateway } = platform.aws());
  named = await (await TestApi.make(platform.aws())).method("GET");
});
afterEach(() => platform.close());

test("PutMethodResponse, GetMethodResponse and the method show the same", async () => {
  const response = await apigateway.PutMethodResponse({
    ...named,
    statusCode: "200",
    responseParameters: { "method.response.header.X-A": true },
    responseModels: { "application/json": "Error" },
  });
  expect(response).toEqual({
    statusCode: "200",
    responseParameters: { "method.response.header.X-A": true },
    responseModels: { "application/json": "Error" },
  });
  expect(await apigateway.GetMethodResponse({ ...named, statusCode: "200" })).toEqual(response);
  expect((await apigateway.GetMethod(named)).methodResponses).toEqual({ "200": response });
});

test("a response is put once", async () => {
  await apigateway.PutMethodResponse({ ...named, statusCode: "200" });
  await expect(apigateway.PutMethodResponse({ ...named, statusCode: "200" })).rejects.toMatchObject({
    code: "ConflictException",
    message: "Response already exists for this resource",
  });
});

test("what cannot be is refused", async () => {
  const put = (input: object) => apigateway.PutMethodResponse({ ...named, statusCode: "200", ...input });
  await expect(put({ statusCode: "600" })).rejects.toMatchObject({ status: 400 });
  await expect(put({ responseModels: { "application/json": "User" } })).rejects.toMatchObject({ status: 501 });
  await expect(put({ responseParameters: { "header.X-A": true } })).rejects.toMatchObject({
    message:
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: header.X-A]",
  });
  await expect(put({ httpMethod: "POST" })).rejects.toMatchObject({ message: "Invalid Method identifier specified" });
});

test("UpdateMethodResponse adds and removes parameters and models", async () => {
  await apigateway.PutMethodResponse({ ...named, statusCode: "200" });
  const update = (...patchOperations: { op: "add" | "remove" | "replace"; path: string; value?: string }[]) =>
    apigateway.UpdateMethodResponse({ ...named, statusCode: "200", patchOperations });
  expect(
    await update(
      { op: "add", path: "/responseParameters/method.response.header.X-A", value: "true" },
      { op: "add", path: "/responseModels/application~1json", value: "Empty" },
    ),
  ).toEqual({
    statusCode: "200",
    responseParameters: { "method.response.header.X-A": true },
    responseModels: { "application/json": "Empty" },
  });
  expect(
    await update(
      { op: "remove", path: "/responseParameters/method.response.header.X-A" },
      { op: "remove", path: "/responseModels/application~1json" },
    ),
  ).toEqual({ statusCode: "200" });
  await expect(update({ op: "replace", path: "/statusCode", value: "201" })).rejects.toMatchObject({
    message: "Invalid patch path /statusCode",
  });
});

test("DeleteMethodResponse deletes, and what is gone is not found", async () => {
  const response = { ...named, statusCode: "200" };
  await apigateway.PutMethodResponse(response);
  expect(await apigateway.DeleteMethodResponse(response)).toEqual({});
  const gone = { code: "NotFoundException", message: "Invalid Response status code specified" };
  await expect(apigateway.GetMethodResponse(response)).rejects.toMatchObject(gone);
  await expect(apigateway.DeleteMethodResponse(response)).rejects.toMatchObject(gone);
  await expect(apigateway.UpdateMethodResponse(response)).rejects.toMatchObject(gone);
});
