import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

test("an empty stage name and empty variables, as Terraform's provider sends them, make a deployment without a stage", async () => {
  const { apigateway } = platform.aws();
  const { id: restApiId, rootResourceId: resourceId } = await apigateway.CreateRestApi({ name: "test" });
  const method = { restApiId: restApiId!, resourceId: resourceId!, httpMethod: "GET" };
  await apigateway.PutMethod({ ...method, authorizationType: "NONE" });
  await apigateway.PutIntegration({ ...method, type: "MOCK" });
  const deployed = await apigateway.CreateDeployment({
    restApiId: restApiId!,
    stageName: "",
    stageDescription: "",
    description: "",
    variables: {},
  });
  expect(deployed.id).toMatch(/^[a-z0-9]{6}$/);
  expect(await apigateway.GetStages({ restApiId: restApiId! })).toEqual({ item: [] });
  await expect(apigateway.CreateDeployment({ restApiId: restApiId!, variables: { a: "b" } })).rejects.toMatchObject({
    message: "Stage name must be specified to set stage variables",
  });
});
