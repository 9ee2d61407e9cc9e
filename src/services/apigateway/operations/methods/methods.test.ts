import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { APIGatewayApi, PatchOperation } from "../../../../api/apigateway/types.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { TestApi } from "../../test-api.ts";

let platform: TestPlatform;
let apigateway: APIGatewayApi;
let api: TestApi;
let named: { restApiId: string; resourceId: string; httpMethod: string };
beforeEach(async () => {
  platform = await testPlatform();
  ({ apigateway } = platform.aws());
  api = await TestApi.make(platform.aws());
  named = { restApiId: api.id, resourceId: api.rootId, httpMethod: "GET" };
});
afterEach(() => platform.close());

describe("PutMethod", () => {
  test("a method is read back as it was put", async () => {
    const method = await apigateway.PutMethod({
      ...named,
      authorizationType: "NONE",
      operationName: "list",
      requestParameters: { "method.request.querystring.q": true, "method.request.header.X-H": false },
      requestModels: { "application/json": "Empty" },
    });
    expect(method).toEqual({
      httpMethod: "GET",
      authorizationType: "NONE",
      apiKeyRequired: false,
      operationName: "list",
      requestParameters: { "method.request.querystring.q": true, "method.request.header.X-H": false },
      requestModels: { "application/json": "Empty" },
    });
    expect(await apigateway.GetMethod(named)).toEqual(method);
  });

  test("a method is put once", async () => {
    await apigateway.PutMethod({ ...named, authorizationType: "NONE" });
    await expect(apigateway.PutMethod({ ...named, authorizationType: "NONE" })).rejects.toMatchObject({
      code: "ConflictException",
      message: "Method already exists for this resource",
    });
  });

  test.each([
    [
      { httpMethod: "get" },
      400,
      "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
    ],
    [{ resourceId: "nope" }, 404, "Invalid Resource identifier specified"],
    [{ restApiId: "nope" }, 404, "Invalid Resource identifier specified"],
    [{ authorizationType: "SECRET" }, 400, "Invalid authorization type specified"],
    [{ authorizationType: "AWS_IAM" }, 501, "AWS_IAM"],
    [{ authorizationType: "CUSTOM", authorizerId: "x" }, 501, "CUSTOM"],
    [{ authorizationType: "COGNITO_USER_POOLS" }, 501, "COGNITO_USER_POOLS"],
    [{ apiKeyRequired: true }, 501, "apiKeyRequired"],
    [{ authorizerId: "abc123" }, 501, "authorizerId"],
    [{ authorizationScopes: ["read"] as string[] }, 501, "authorizationScopes"],
    [{ requestValidatorId: "x" }, 501, "requestValidatorId"],
    [{ requestModels: { "application/json": "User" } }, 501, "model User"],
    [{ requestParameters: { "method.request.cookie.a": true } }, 400, "method.request.cookie.a"],
    [
      { requestParameters: { "method.request.header.a": true, "method.request.querystring.a": true } },
      400,
      "Parameter names must be unique across querystring, header and path",
    ],
  ] as const)("%j is refused", async (input, status, message) => {
    const put = apigateway.PutMethod({ ...named, authorizationType: "NONE", ...structuredClone(input) });
    await expect(put).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
  });
});

describe("UpdateMethod", () => {
  const update = (...patchOperations: PatchOperation[]) => apigateway.UpdateMethod({ ...named, patchOperations });
  beforeEach(() => apigateway.PutMethod({ ...named, authorizationType: "NONE" }));

  test("adds, replaces and removes", async () => {
    expect(
      await update(
        { op: "add", path: "/requestParameters/method.request.querystring.q", value: "true" },
        { op: "add", path: "/requestModels/application~1json", value: "Empty" },
        { op: "replace", path: "/operationName", value: "list" },
        { op: "replace", path: "/authorizationType", value: "NONE" },
        { op: "replace", path: "/apiKeyRequired", value: "wrong" },
      ),
    ).toEqual({
      httpMethod: "GET",
      authorizationType: "NONE",
      apiKeyRequired: false,
      operationName: "list",
      requestParameters: { "method.request.querystring.q": true },
      requestModels: { "application/json": "Empty" },
    });
    expect(
      await update(
        { op: "remove", path: "/requestParameters/method.request.querystring.q" },
        { op: "remove", path: "/requestModels/application~1json" },
      ),
    ).toEqual({ httpMethod: "GET", authorizationType: "NONE", apiKeyRequired: false, operationName: "list" });
  });

  test.each([
    [
      { op: "add", path: "/operationName", value: "x" },
      400,
      "Invalid patch operation specified. Must be one of: [replace]",
    ],
    [{ op: "replace", path: "/httpMethod", value: "x" }, 400, "Invalid patch path /httpMethod"],
    [{ op: "add", path: "/requestParameters", value: "x" }, 400, "Invalid patch path /requestParameters"],
    [
      { op: "add", path: "/requestModels/application/json", value: "x" },
      400,
      "Invalid patch path /requestModels/application/json",
    ],
    [{ op: "remove", path: "/requestParameters/method.request.path.x" }, 400, "Invalid parameter name specified"],
    [{ op: "replace", path: "/authorizationType", value: "AWS_IAM" }, 501, "AWS_IAM"],
    [{ op: "replace", path: "/apiKeyRequired", value: "true" }, 501, "apiKeyRequired"],
    [{ op: "replace", path: "/authorizerId", value: "abc123" }, 501, "authorizerId"],
    [{ op: "replace", path: "/requestValidatorId", value: "x" }, 501, "requestValidatorId"],
    [{ op: "add", path: "/requestModels/a~1b", value: "User" }, 501, "model User"],
  ] as const)("%j is refused", async (operation, status, message) => {
    await expect(update(operation)).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
  });
});

test("DeleteMethod deletes, and what is gone is not found", async () => {
  await apigateway.PutMethod({ ...named, authorizationType: "NONE" });
  expect(await apigateway.DeleteMethod(named)).toEqual({});
  const gone = { code: "NotFoundException", message: "Invalid Method identifier specified" };
  await expect(apigateway.DeleteMethod(named)).rejects.toMatchObject(gone);
  await expect(apigateway.GetMethod(named)).rejects.toMatchObject(gone);
  await expect(apigateway.UpdateMethod(named)).rejects.toMatchObject(gone);
});
