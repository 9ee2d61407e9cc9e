import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { APIGatewayApi, PatchOperation } from "../../../../api/apigateway/types.ts";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { TestApi } from "../../test-api.ts";

let platform: TestPlatform;
let apigateway: APIGatewayApi;
let named: { restApiId: string; stageName: string };
let deploymentId: string;
beforeEach(async () => {
  platform = await testPlatform();
  ({ apigateway } = platform.aws());
  const api = await TestApi.make(platform.aws());
  await api.mock("GET");
  named = { restApiId: api.id, stageName: "dev" };
  deploymentId = (await apigateway.CreateDeployment({ restApiId: api.id })).id!;
});
afterEach(() => platform.close());

describe("CreateStage", () => {
  test("a stage is read back as it was made", async () => {
    const stage = await apigateway.CreateStage({
      ...named,
      deploymentId,
      description: "d",
      variables: { table: "users" },
      tags: { team: "x" },
    });
    expect(stage).toEqual({
      stageName: "dev",
      deploymentId,
      description: "d",
      variables: { table: "users" },
      tags: { team: "x" },
      cacheClusterEnabled: false,
      cacheClusterStatus: "NOT_AVAILABLE",
      methodSettings: {},
      tracingEnabled: false,
      createdDate: new Date(platform.clock.now()),
      lastUpdatedDate: new Date(platform.clock.now()),
    });
    expect(await apigateway.GetStage(named)).toEqual(stage);
    expect(await apigateway.GetStages({ restApiId: named.restApiId })).toEqual({ item: [stage] });
    expect(await apigateway.GetStages({ restApiId: named.restApiId, deploymentId: "x" })).toEqual({ item: [] });
  });

  test("a stage is made once", async () => {
    await apigateway.CreateStage({ ...named, deploymentId });
    await expect(apigateway.CreateStage({ ...named, deploymentId })).rejects.toMatchObject({
      code: "ConflictException",
      message: "Stage already exists",
    });
  });

  test.each([
    [{ deploymentId: "nope" }, 400, "Deployment id does not exist"],
    [{ stageName: "a/b" }, 400, "Stage name only allows"],
    [{ restApiId: "nope" }, 404, "Invalid API identifier specified 000000000000:nope"],
    [{ documentationVersion: "1" }, 501, "documentationVersion"],
    [{ cacheClusterEnabled: true }, 501, "cacheClusterEnabled"],
    [{ cacheClusterSize: "0.5" }, 501, "cacheClusterSize"],
    [{ tracingEnabled: true }, 501, "tracingEnabled"],
  ] as const)("%j is refused", async (input, status, message) => {
    await expect(apigateway.CreateStage({ ...named, deploymentId, ...input })).rejects.toMatchObject({
      status,
      message: expect.stringContaining(message),
    });
  });
});

describe("UpdateStage", () => {
  const update = (...patchOperations: PatchOperation[]) => apigateway.UpdateStage({ ...named, patchOperations });
  beforeEach(() => apigateway.CreateStage({ ...named, deploymentId, variables: { a: "1" } }));

  test("changes what AWS lets change", async () => {
    const other = (await apigateway.CreateDeployment({ restApiId: named.restApiId })).id!;
    await platform.clock.advance(1000);
    expect(
      await update(
        { op: "replace", path: "/deploymentId", value: other },
        { op: "replace", path: "/description", value: "d" },
        { op: "replace", path: "/variables/b", value: "2" },
        { op: "remove", path: "/variables/a" },
        { op: "replace", path: "/tracingEnabled", value: "false" },
        { op: "replace", path: "/cacheClusterEnabled", value: "false" },
      ),
    ).toMatchObject({
      deploymentId: other,
      description: "d",
      variables: { b: "2" },
      lastUpdatedDate: new Date(platform.clock.now()),
    });
  });

  test.each([
    [{ op: "replace", path: "/deploymentId", value: "nope" }, 400, "Deployment id does not exist"],
    [{ op: "replace", path: "/tags/a", value: "x" }, 400, "Invalid method setting path: /tags/a. Must be one of:"],
    [{ op: "replace", path: "/variables/a-b", value: "x" }, 400, "stage variable name"],
    [{ op: "replace", path: "/*/*/logging/loglevel", value: "INFO" }, 501, "/*/*/logging/loglevel"],
    [{ op: "replace", path: "/~1users/GET/throttling/rateLimit", value: "1" }, 501, "throttling"],
    [{ op: "replace", path: "/accessLogSettings/format", value: "x" }, 501, "accessLogSettings"],
    [{ op: "replace", path: "/canarySettings/percentTraffic", value: "1" }, 501, "canarySettings"],
    [{ op: "replace", path: "/cacheClusterEnabled", value: "true" }, 501, "cacheClusterEnabled"],
    [{ op: "replace", path: "/cacheClusterSize", value: "0.5" }, 501, "cacheClusterSize"],
    [{ op: "replace", path: "/tracingEnabled", value: "true" }, 501, "tracingEnabled"],
  ] as const)("%j is refused", async (operation, status, message) => {
    await expect(update(operation)).rejects.toMatchObject({ status, message: expect.stringContaining(message) });
  });
});

test("DeleteStage deletes, and what is gone is not found", async () => {
  await apigateway.CreateStage({ ...named, deploymentId });
  expect(await apigateway.DeleteStage(named)).toEqual({});
  const gone = { code: "NotFoundException", message: "Invalid stage identifier specified" };
  await expect(apigateway.GetStage(named)).rejects.toMatchObject(gone);
  await expect(apigateway.UpdateStage(named)).rejects.toMatchObject(gone);
  await expect(apigateway.DeleteStage(named)).rejects.toMatchObject(gone);
});
