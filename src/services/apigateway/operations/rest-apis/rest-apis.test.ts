import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { APIGatewayApi, PatchOperation } from "../../../../api/apigateway/types.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { TestApi } from "../../test-api.ts";

let platform: TestPlatform;
let apigateway: APIGatewayApi;
beforeEach(async () => {
  platform = await testPlatform();
  ({ apigateway } = platform.aws());
});
afterEach(() => platform.close());

describe("CreateRestApi", () => {
  test("a name is enough", async () => {
    const api = await apigateway.CreateRestApi({ name: "a" });
    expect(api).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{10}$/),
      name: "a",
      createdDate: new Date(platform.clock.now()),
      apiKeySource: "HEADER",
      endpointConfiguration: { types: ["EDGE"], ipAddressType: "ipv4" },
      disableExecuteApiEndpoint: false,
      rootResourceId: expect.stringMatching(/^[a-z0-9]{10}$/),
    });
    expect(await apigateway.GetRestApi({ restApiId: api.id! })).toEqual(api);
  });

  test("settings are kept and given back", async () => {
    const settings = {
      name: "a",
      description: "d",
      version: "v1",
      binaryMediaTypes: ["image/png"],
      apiKeySource: "AUTHORIZER",
      endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "dualstack" },
      disableExecuteApiEndpoint: true,
      endpointAccessMode: "BASIC",
      tags: { team: "x" },
    } as const;
    const api = await apigateway.CreateRestApi(structuredClone(settings) as never);
    expect(api).toMatchObject(settings);
    expect(await apigateway.GetRestApi({ restApiId: api.id! })).toEqual(api);
  });

  test.each([
    [{ name: " " }, 400, "Name cannot be an empty string"],
    [{ name: "a", description: "" }, 400, "Description cannot be an empty string"],
    [
      { name: "a", minimumCompressionSize: -1 },
      400,
      "Invalid minimum compression size, must be between 0 and 10485760",
    ],
    [{ name: "a", minimumCompressionSize: 10 }, 501, "minimumCompressionSize"],
    [{ name: "a", policy: "{}" }, 501, "resource policy"],
    [{ name: "a", cloneFrom: "abc" }, 501, "cloneFrom"],
    [{ name: "a", endpointConfiguration: { types: ["PRIVATE"] } }, 501, "PRIVATE"],
    [{ name: "a", endpointAccessMode: "STRICT" }, 501, "STRICT"],
    [{ name: "a", tags: { "aws:x": "y" } }, 400, "Invalid tag"],
  ] as const)("%j is refused", async (input, status, message) => {
    await expect(apigateway.CreateRestApi(structuredClone(input) as never)).rejects.toMatchObject({
      status,
      message: expect.stringContaining(message),
    });
  });
});

test("GetRestApis lists in the order of creation, in pages", async () => {
  for (const name of ["c", "a", "b"]) {
    await apigateway.CreateRestApi({ name });
    await platform.clock.advance(1000);
  }
  const first = await apigateway.GetRestApis({ limit: 2 });
  expect(first.items!.map(({ name }) => name)).toEqual(["c", "a"]);
  const second = await apigateway.GetRestApis({ limit: 2, position: first.position });
  expect(second).toEqual({ items: [expect.objectContaining({ name: "b" })] });
  expect(await platform.aws(undefined, { region: "eu-west-1" }).apigateway.GetRestApis({})).toEqual({ items: [] });
});

test("an unknown API is named with the account", async () => {
  const refused = {
    code: "NotFoundException",
    status: 404,
    message: "Invalid API identifier specified 000000000000:nope",
  };
  await expect(apigateway.GetRestApi({ restApiId: "nope" })).rejects.toMatchObject(refused);
  await expect(apigateway.DeleteRestApi({ restApiId: "nope" })).rejects.toMatchObject(refused);
  await expect(apigateway.UpdateRestApi({ restApiId: "nope" })).rejects.toMatchObject(refused);
});

test("DeleteRestApi takes everything of the API along", async () => {
  const api = await TestApi.make(platform.aws());
  const kept = await TestApi.make(platform.aws());
  const named = await api.mock("GET", "/a");
  await kept.mock("GET", "/a");
  const deploymentId = await api.deploy();
  await apigateway.DeleteRestApi({ restApiId: api.id });
  await expect(apigateway.GetMethod(named)).rejects.toMatchObject({ status: 404 });
  await expect(apigateway.GetDeployment({ restApiId: api.id, deploymentId })).rejects.toMatchObject({ status: 404 });
  expect((await apigateway.GetResources({ restApiId: kept.id })).items).toHaveLength(2);
});

describe("UpdateRestApi", () => {
  async function update(...patchOperations: PatchOperation[]) {
    const { id } = await apigateway.CreateRestApi({ name: "a", description: "d", binaryMediaTypes: ["image/png"] });
    return apigateway.UpdateRestApi({ restApiId: id!, patchOperations });
  }

  test("changes what AWS lets change", async () => {
    const updated = await update(
      { op: "replace", path: "/name", value: "b" },
      { op: "replace", path: "/description", value: "e" },
      { op: "replace", path: "/apiKeySource", value: "AUTHORIZER" },
      { op: "replace", path: "/disableExecuteApiEndpoint", value: "true" },
      { op: "replace", path: "/endpointConfiguration/types/EDGE", value: "REGIONAL" },
      { op: "add", path: "/binaryMediaTypes/image~1jpeg" },
    );
    expect(updated).toMatchObject({
      name: "b",
      description: "e",
      apiKeySource: "AUTHORIZER",
      disableExecuteApiEndpoint: true,
      endpointConfiguration: { types: ["REGIONAL"] },
      binaryMediaTypes: ["image/png", "image/jpeg"],
      tags: {},
    });
    expect(await apigateway.GetRestApi({ restApiId: updated.id! })).toMatchObject({ name: "b" });
  });

  test("media types are replaced and removed", async () => {
    expect(
      (await update({ op: "replace", path: "/binaryMediaTypes/image~1png", value: "image/gif" })).binaryMediaTypes,
    ).toEqual(["image/gif"]);
    const removed = await update(
      { op: "remove", path: "/binaryMediaTypes/image~1png" },
      { op: "remove", path: "/description" },
      { op: "replace", path: "/minimumCompressionSize" },
    );
    expect(removed).not.toHaveProperty("binaryMediaTypes");
    expect(removed).not.toHaveProperty("description");
  });

  test.each([
    [{ op: "add", path: "/binaryMediaTypes", value: "x" }, 400, "Invalid patch path /binaryMediaTypes"],
    [{ op: "replace", path: "/id", value: "x" }, 400, "Invalid patch path /id"],
    [{ op: "add", path: "/name", value: "x" }, 400, "Invalid patch operation specified. Must be one of: [replace]"],
    [{ op: "replace", path: "/minimumCompressionSize", value: "x" }, 400, "Invalid minimum compression size"],
    [{ op: "replace", path: "/minimumCompressionSize", value: "10" }, 501, "minimumCompressionSize"],
    [{ op: "replace", path: "/endpointAccessMode", value: "STRICT" }, 501, "STRICT"],
    [{ op: "replace", path: "/endpointAccessMode", value: "x" }, 400, "Invalid endpoint access mode specified"],
    [{ op: "replace", path: "/policy", value: "{}" }, 501, "resource policy"],
    [{ op: "replace", path: "/endpointConfiguration/types/EDGE", value: "PRIVATE" }, 501, "PRIVATE"],
    [{ op: "replace", path: "/apiKeySource", value: "x" }, 400, "API key source"],
    [{ path: "/name", value: "x" }, 400, "Invalid patch operation"],
  ] as const)("%j is refused", async (operation, status, message) => {
    await expect(update(operation)).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
  });
});
