import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { TestApi } from "../../test-api.ts";

let platform: TestPlatform;
let apigateway: APIGatewayApi;
let api: TestApi;
beforeEach(async () => {
  platform = await testPlatform();
  ({ apigateway } = platform.aws());
  api = await TestApi.make(platform.aws());
});
afterEach(() => platform.close());

describe("CreateDeployment", () => {
  test("keeps the API as it is, and sums it up where that is asked", async () => {
    await api.mock("GET", "/users");
    const deployment = await apigateway.CreateDeployment({ restApiId: api.id, description: "first" });
    expect(deployment).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{6}$/),
      description: "first",
      createdDate: new Date(platform.clock.now()),
    });
    await api.mock("POST", "/users");
    const named = { restApiId: api.id, deploymentId: deployment.id! };
    expect(await apigateway.GetDeployment(named)).toEqual(deployment);
    expect((await apigateway.GetDeployment({ ...named, embed: ["apisummary"] })).apiSummary).toEqual({
      "/users": { GET: { authorizationType: "NONE", apiKeyRequired: false } },
    });
  });

  test("with a stage name the stage is made, and moved the next time", async () => {
    await api.mock("GET");
    const stage = { restApiId: api.id, stageName: "dev" };
    const first = await apigateway.CreateDeployment({ ...stage, stageDescription: "d", variables: { a: "1" } });
    expect(await apigateway.GetStage(stage)).toMatchObject({
      deploymentId: first.id,
      description: "d",
      variables: { a: "1" },
    });
    const made = platform.clock.now();
    await platform.clock.advance(1000);
    const second = await apigateway.CreateDeployment({ ...stage, variables: { b: "2" } });
    expect(await apigateway.GetStage(stage)).toMatchObject({
      deploymentId: second.id,
      description: "d",
      variables: { a: "1", b: "2" },
      createdDate: new Date(made),
      lastUpdatedDate: new Date(made + 1000),
    });
  });

  test("an API that could answer nothing is refused", async () => {
    const create = () => apigateway.CreateDeployment({ restApiId: api.id });
    await expect(create()).rejects.toMatchObject({
      code: "BadRequestException",
      message: "The REST API doesn't contain any methods",
    });
    await api.method("GET");
    await expect(create()).rejects.toMatchObject({ message: "No integration defined for method" });
  });

  test.each([
    [{ restApiId: "nope" }, 404, "Invalid API identifier specified"],
    [{ stageName: "a b" }, 400, "Stage name only allows a-zA-Z0-9_"],
    [{ stageName: "a", variables: { "a-b": "x" } }, 400, "stage variable name"],
    [{ stageName: "a", variables: { a: "x y" } }, 400, "Stage variable value"],
    [{ stageName: "a", cacheClusterEnabled: true }, 501, "cacheClusterEnabled"],
    [{ stageName: "a", tracingEnabled: true }, 501, "tracingEnabled"],
    [{ stageName: "a", canarySettings: { percentTraffic: 1 } }, 501, "canarySettings"],
  ] as const)("%j is refused", async (input, status, message) => {
    await api.mock("GET");
    const create = apigateway.CreateDeployment({ restApiId: api.id, ...structuredClone(input) } as never);
    await expect(create).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
    expect((await apigateway.GetDeployments({ restApiId: api.id })).items).toEqual([]);
  });
});

test("GetDeployments lists in the order of creation, in pages", async () => {
  await api.mock("GET");
  const ids: string[] = [];
  for (let count = 0; count < 3; count++) {
    ids.push((await apigateway.CreateDeployment({ restApiId: api.id })).id!);
    await platform.clock.advance(1000);
  }
  const first = await apigateway.GetDeployments({ restApiId: api.id, limit: 2 });
  expect(first.items!.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  const rest = await apigateway.GetDeployments({ restApiId: api.id, position: first.position });
  expect(rest.items!.map(({ id }) => id)).toEqual(ids.slice(2));
  await expect(apigateway.GetDeployments({ restApiId: api.id, limit: 0 })).rejects.toMatchObject({ status: 400 });
});

test("UpdateDeployment changes the description and nothing else", async () => {
  await api.mock("GET");
  const named = { restApiId: api.id, deploymentId: await api.deploy() };
  const update = (path: string) =>
    apigateway.UpdateDeployment({ ...named, patchOperations: [{ op: "replace", path, value: "x" }] });
  expect((await update("/description")).description).toBe("x");
  await expect(update("/id")).rejects.toMatchObject({
    message: "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description]",
  });
});

test("DeleteDeployment spares what a stage uses", async () => {
  await api.mock("GET");
  const named = { restApiId: api.id, deploymentId: await api.deploy() };
  await expect(apigateway.DeleteDeployment(named)).rejects.toMatchObject({
    code: "BadRequestException",
    message: "Active stages pointing to this deployment must be moved or deleted",
  });
  await api.deploy();
  expect(await apigateway.DeleteDeployment(named)).toEqual({});
  const gone = { code: "NotFoundException", message: "Invalid Deployment identifier specified" };
  await expect(apigateway.GetDeployment(named)).rejects.toMatchObject(gone);
  await expect(apigateway.UpdateDeployment(named)).rejects.toMatchObject(gone);
  await expect(apigateway.DeleteDeployment(named)).rejects.toMatchObject(gone);
});
