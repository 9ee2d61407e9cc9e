import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { APIGatewayApi, PatchOperation } from "../../../../api/apigateway/types.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { TestApi } from "../../test-api.ts";

let platform: TestPlatform;
let apigateway: APIGatewayApi;
let named: { restApiId: string; resourceId: string; httpMethod: string };
let response: typeof named & { statusCode: string };
const header = "method.response.header.X-A";
beforeEach(async () => {
  platform = await testPlatform();
  ({ apigateway } = platform.aws());
  named = await (await TestApi.make(platform.aws())).method("GET");
  response = { ...named, statusCode: "200" };
  await apigateway.PutIntegration({ ...named, type: "MOCK" });
  await apigateway.PutMethodResponse({ ...response, responseParameters: { [header]: false } });
});
afterEach(() => platform.close());

test("PutIntegrationResponse, GetIntegrationResponse and the integration show the same", async () => {
  const put = await apigateway.PutIntegrationResponse({
    ...response,
    selectionPattern: "2\\d{2}",
    responseParameters: { [header]: "'*'" },
    responseTemplates: { "application/json": "$input.json('$')" },
  });
  expect(put).toEqual({
    statusCode: "200",
    selectionPattern: "2\\d{2}",
    responseParameters: { [header]: "'*'" },
    responseTemplates: { "application/json": "$input.json('$')" },
  });
  expect(await apigateway.GetIntegrationResponse(response)).toEqual(put);
  expect((await apigateway.GetIntegration(named)).integrationResponses).toEqual({ "200": put });
});

describe("refusals", () => {
  test.each([
    [{ statusCode: "404" }, 404, "Invalid Response status code specified"],
    [{ statusCode: "404", responseParameters: { [header]: "'x'" } }, 400, "No method response exists for method."],
    [
      { responseParameters: { "method.response.header.X-B": "'x'" } },
      400,
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.response.header.X-B]",
    ],
    [{ responseParameters: { [header]: "x" } }, 400, "Invalid mapping expression specified: x"],
    [{ responseParameters: { [header]: "integration.response.body.a[?(@.b)]" } }, 501, "integration.response.body"],
    [{ selectionPattern: "(" }, 400, "Invalid selection pattern specified"],
    [{ selectionPattern: "(?=a)" }, 501, "in selection patterns"],
    [{ responseTemplates: { "application/json": "#macro(a)#end" } }, 501, "#macro"],
    [{ contentHandling: "CONVERT_TO_TEXT" }, 501, "contentHandling"],
    [{ httpMethod: "POST" }, 404, "Invalid Method identifier specified"],
  ] as const)("%j", async (input, status, message) => {
    const put = apigateway.PutIntegrationResponse({ ...response, ...structuredClone(input) } as never);
    await expect(put).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
  });
});

test("UpdateIntegrationResponse adds, replaces and removes, and checks the outcome", async () => {
  await apigateway.PutIntegrationResponse(response);
  const update = (...patchOperations: PatchOperation[]) =>
    apigateway.UpdateIntegrationResponse({ ...response, patchOperations });
  expect(
    await update(
      { op: "replace", path: "/selectionPattern", value: "a" },
      { op: "add", path: `/responseParameters/${header}`, value: "'x'" },
      { op: "add", path: "/responseTemplates/application~1json", value: "{}" },
    ),
  ).toEqual({
    statusCode: "200",
    selectionPattern: "a",
    responseParameters: { [header]: "'x'" },
    responseTemplates: { "application/json": "{}" },
  });
  expect(
    await update(
      { op: "remove", path: `/responseParameters/${header}` },
      { op: "remove", path: "/responseTemplates/application~1json" },
    ),
  ).toEqual({ statusCode: "200", selectionPattern: "a" });
  await expect(update({ op: "replace", path: "/selectionPattern", value: "(" })).rejects.toMatchObject({ status: 400 });
  await expect(update({ op: "replace", path: "/contentHandling", value: "x" })).rejects.toMatchObject({ status: 501 });
});

test("DeleteIntegrationResponse deletes, and what is gone is not found", async () => {
  await apigateway.PutIntegrationResponse(response);
  expect(await apigateway.DeleteIntegrationResponse(response)).toEqual({});
  const gone = { code: "NotFoundException", message: "Invalid Response status code specified" };
  await expect(apigateway.GetIntegrationResponse(response)).rejects.toMatchObject(gone);
  await expect(apigateway.DeleteIntegrationResponse(response)).rejects.toMatchObject(gone);
  await expect(apigateway.UpdateIntegrationResponse(response)).rejects.toMatchObject(gone);
});
