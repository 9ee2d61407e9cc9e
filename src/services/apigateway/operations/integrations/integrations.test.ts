import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { APIGatewayApi, PatchOperation } from "../../../../api/apigateway/types.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { lambdaUri, TestApi } from "../../test-api.ts";

let platform: TestPlatform;
let apigateway: APIGatewayApi;
let named: { restApiId: string; resourceId: string; httpMethod: string };
beforeEach(async () => {
  platform = await testPlatform();
  ({ apigateway } = platform.aws());
  named = await (await TestApi.make(platform.aws())).method("GET");
});
afterEach(() => platform.close());

const lambda = { integrationHttpMethod: "POST", uri: lambdaUri("hello") } as const;

describe("PutIntegration", () => {
  test("a Lambda proxy has AWS's defaults", async () => {
    const integration = await apigateway.PutIntegration({ ...named, type: "AWS_PROXY", ...lambda });
    expect(integration).toEqual({
      type: "AWS_PROXY",
      httpMethod: "POST",
      uri: lambdaUri("hello"),
      passthroughBehavior: "WHEN_NO_MATCH",
      timeoutInMillis: 29_000,
      cacheNamespace: named.resourceId,
      cacheKeyParameters: [],
    });
    expect(await apigateway.GetIntegration(named)).toEqual(integration);
    expect((await apigateway.GetMethod(named)).methodIntegration).toEqual(integration);
  });

  test("templates, roles and records are kept", async () => {
    const settings = {
      type: "AWS",
      uri: lambdaUri("hello"),
      credentials: "arn:aws:iam::000000000000:role/caller",
      requestTemplates: { "application/json": "$input.json('$')" },
      requestParameters: { "integration.request.header.X-Amz-Invocation-Type": "'Event'" },
      passthroughBehavior: "NEVER",
      timeoutInMillis: 50,
      cacheNamespace: "x",
      cacheKeyParameters: ["method.request.path.id"],
      connectionType: "INTERNET",
      responseTransferMode: "BUFFERED",
      tlsConfig: { insecureSkipVerification: false },
    } as const;
    const integration = await apigateway.PutIntegration({
      ...named,
      integrationHttpMethod: "POST",
      ...structuredClone(settings),
    } as never);
    expect(integration).toEqual({ ...settings, httpMethod: "POST" });
  });

  test("putting it again forgets its responses", async () => {
    await apigateway.PutIntegration({ ...named, type: "MOCK" });
    await apigateway.PutMethodResponse({ ...named, statusCode: "200" });
    await apigateway.PutIntegrationResponse({ ...named, statusCode: "200" });
    await apigateway.PutIntegration({ ...named, type: "MOCK" });
    expect(await apigateway.GetIntegration(named)).not.toHaveProperty("integrationResponses");
  });

  test.each([
    [{ type: "HTTP", uri: "http://a" }, 501, "HTTP"],
    [{ type: "HTTP_PROXY", uri: "http://a" }, 501, "HTTP_PROXY"],
    [
      { type: "AWS", integrationHttpMethod: "POST", uri: "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem" },
      501,
      "dynamodb",
    ],
    [
      { type: "AWS_PROXY", integrationHttpMethod: "POST", uri: "arn:aws:apigateway:us-east-1:sqs:path/1/q" },
      400,
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    ],
    [{ type: "AWS_PROXY", uri: lambdaUri("a") }, 400, "Enumeration value for HttpMethod must be non-empty"],
    [{ type: "AWS_PROXY", integrationHttpMethod: "POST" }, 400, "Invalid ARN specified in the request"],
    [
      { type: "AWS_PROXY", integrationHttpMethod: "POST", uri: "arn:aws:lambda:us-east-1:000000000000:function:a" },
      400,
      "AWS ARN for integration must contain path or action",
    ],
    [{ type: "AWS_PROXY", ...lambda, uri: `${lambdaUri("a")}x` }, 400, "Invalid function ARN or invalid uri"],
    [{ type: "AWS_PROXY", ...lambda, credentials: "x" }, 400, "Invalid ARN specified in the request"],
    [{ type: "AWS_PROXY", ...lambda, credentials: "arn:aws:iam::*:user/*" }, 501, "own credentials"],
    [{ type: "AWS_PROXY", ...lambda, timeoutInMillis: 30_000 }, 400, "Timeout should be between 50 ms and 29000 ms"],
    [{ type: "AWS_PROXY", ...lambda, connectionType: "VPC_LINK" }, 501, "VPC_LINK"],
    [{ type: "AWS_PROXY", ...lambda, connectionId: "abc123" }, 501, "connectionId"],
    [{ type: "AWS", ...lambda, contentHandling: "CONVERT_TO_BINARY" }, 501, "CONVERT_TO_BINARY"],
    [{ type: "AWS_PROXY", ...lambda, responseTransferMode: "STREAM" }, 501, "streaming"],
    [{ type: "MOCK", passthroughBehavior: "SOMETIMES" }, 400, "Invalid passthrough behavior specified"],
    [{ type: "MOCK", requestTemplates: { "application/json": "#parse('x')" } }, 501, "#parse"],
    [{ type: "MOCK", requestTemplates: { "application/json": "#if(" } }, 400, "Invalid mapping template"],
    [{ type: "MOCK", requestParameters: { "request.header.x": "'y'" } }, 400, "request.header.x"],
    [
      { type: "MOCK", requestParameters: { "integration.request.header.x": "y" } },
      400,
      "Invalid mapping expression specified: y",
    ],
    [
      { type: "AWS_PROXY", ...lambda, requestParameters: { "integration.request.header.x": "'y'" } },
      501,
      "integration.request.header.x",
    ],
    [{ type: "MOCK", httpMethod: "POST" }, 404, "Invalid Method identifier specified"],
    [{ type: "MOCK", resourceId: "nope" }, 404, "Invalid Resource identifier specified"],
  ] as const)("%j is refused", async (input, status, message) => {
    await expect(apigateway.PutIntegration({ ...named, ...structuredClone(input) } as never)).rejects.toMatchObject({
      status,
      message: expect.stringContaining(message),
    });
  });
});

describe("UpdateIntegration", () => {
  const update = (...patchOperations: PatchOperation[]) => apigateway.UpdateIntegration({ ...named, patchOperations });
  beforeEach(() => apigateway.PutIntegration({ ...named, type: "AWS", ...lambda }));

  test("changes what AWS lets change", async () => {
    expect(
      await update(
        { op: "replace", path: "/uri", value: lambdaUri("other") },
        { op: "replace", path: "/timeoutInMillis", value: "100" },
        { op: "replace", path: "/passthroughBehavior", value: "NEVER" },
        { op: "replace", path: "/credentials", value: "arn:aws:iam::000000000000:role/r" },
        { op: "add", path: "/requestTemplates/application~1json", value: "{}" },
        { op: "add", path: "/requestParameters/integration.request.path.id", value: "method.request.path.id" },
        { op: "add", path: "/cacheKeyParameters/method.request.path.id" },
        { op: "replace", path: "/cacheNamespace", value: "n" },
        { op: "replace", path: "/connectionType", value: "INTERNET" },
      ),
    ).toEqual({
      type: "AWS",
      httpMethod: "POST",
      uri: lambdaUri("other"),
      timeoutInMillis: 100,
      passthroughBehavior: "NEVER",
      credentials: "arn:aws:iam::000000000000:role/r",
      requestTemplates: { "application/json": "{}" },
      requestParameters: { "integration.request.path.id": "method.request.path.id" },
      cacheKeyParameters: ["method.request.path.id"],
      cacheNamespace: "n",
      connectionType: "INTERNET",
    });
    const removed = await update(
      { op: "remove", path: "/requestTemplates/application~1json" },
      { op: "remove", path: "/requestParameters/integration.request.path.id" },
      { op: "remove", path: "/cacheKeyParameters/method.request.path.id" },
      { op: "replace", path: "/credentials", value: "" },
    );
    expect(removed).not.toHaveProperty("requestTemplates");
    expect(removed).not.toHaveProperty("requestParameters");
    expect(removed).not.toHaveProperty("credentials");
    expect(removed.cacheKeyParameters).toEqual([]);
  });

  test.each([
    [{ op: "replace", path: "/nope", value: "x" }, 400, "Invalid patch path /nope"],
    [{ op: "replace", path: "/uri", value: "x" }, 400, "Invalid ARN specified in the request"],
    [{ op: "replace", path: "/timeoutInMillis", value: "x" }, 400, "Timeout should be between"],
    [{ op: "add", path: "/requestTemplates/a~1b", value: "#parse('x')" }, 501, "#parse"],
    [{ op: "remove", path: "/requestParameters/x" }, 400, "Invalid parameter name specified"],
    [{ op: "replace", path: "/contentHandling", value: "CONVERT_TO_BINARY" }, 501, "CONVERT_TO_BINARY"],
    [{ op: "replace", path: "/connectionType", value: "VPC_LINK" }, 501, "VPC_LINK"],
    [{ op: "replace", path: "/responseTransferMode", value: "STREAM" }, 501, "streaming"],
    [{ op: "replace", path: "/responseTransferMode", value: "x" }, 400, "Invalid response transfer mode specified"],
    [{ op: "replace", path: "/tlsConfig/insecureSkipVerification", value: "true" }, 501, "tlsConfig"],
  ] as const)("%j is refused", async (operation, status, message) => {
    await expect(update(operation)).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
  });
});

test("DeleteIntegration deletes, and what is gone is not found", async () => {
  await apigateway.PutIntegration({ ...named, type: "MOCK" });
  expect(await apigateway.DeleteIntegration(named)).toEqual({});
  const gone = { code: "NotFoundException", message: "Invalid Integration identifier specified" };
  await expect(apigateway.GetIntegration(named)).rejects.toMatchObject(gone);
  await expect(apigateway.DeleteIntegration(named)).rejects.toMatchObject(gone);
  await expect(apigateway.UpdateIntegration(named)).rejects.toMatchObject(gone);
});
