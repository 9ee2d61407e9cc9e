import { APIGatewayClient, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import { DescribeLogGroupsCommand, CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, ListPoliciesCommand, ListRolesCommand, ListUsersCommand } from "@aws-sdk/client-iam";
import { LambdaClient, ListFunctionsCommand, ListLayersCommand } from "@aws-sdk/client-lambda";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sdkConfig } from "../../harness/clients.ts";
import { zip } from "../../harness/functions.ts";
import { VirgaProcess } from "../../harness/virga-process.ts";
import { missing, slow, Workspace } from "./terraform.ts";

const packageOf = (code: number) =>
  zip({ "index.mjs": `export const handler = async (event) => ({ code: ${code}, step: process.env.STEP, event });` });

// Roles, users, policies, tables, log groups, a function and an API, told together because Terraform's provider starts slowly.
describe.skipIf(missing)(`the orders service by Terraform${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let virga: VirgaProcess;
  let workspace: Workspace;

  beforeAll(async () => {
    virga = await VirgaProcess.start();
    const folder = join(virga.folder, "orders");
    workspace = await Workspace.open(join(import.meta.dirname, "orders"), folder, virga.endpoint);
    await workspace.write("package-1.zip", packageOf(1));
    await workspace.write("package-2.zip", packageOf(2));
  });
  afterAll(async () => {
    await virga.remove();
    expect(virga.errors).toBe("");
  });

  test("what is applied runs, and after kill -9 there is nothing left to plan", slow, async () => {
    await workspace.apply({ step: 1 });
    expect((await workspace.outputs()).answer).toEqual({ code: 1, step: "1", event: { hello: "terraform" } });
    await virga.killAndStart();
    expect(await workspace.plan({ step: 1 })).toEqual([]);
  });

  test("a change of everything is applied, and then nothing is left to plan", slow, async () => {
    await workspace.apply({ step: 2 });
    expect((await workspace.outputs()).answer).toEqual({ code: 2, step: "2", event: { hello: "terraform" } });
    expect(await workspace.plan({ step: 2 })).toEqual([]);
  });

  test("destroy leaves nothing", slow, async () => {
    await workspace.destroy({ step: 2 });
    expect(await workspace.state()).toEqual([]);
    expect(await leftIn(virga.endpoint)).toEqual({
      roles: [],
      users: [],
      policies: [],
      tables: [],
      logs: [],
      functions: [],
      layers: [],
      apis: [],
    });
  });
});

async function leftIn(endpoint: string): Promise<Record<string, unknown>> {
  const iam = new IAMClient(sdkConfig(endpoint));
  const dynamodb = new DynamoDBClient(sdkConfig(endpoint));
  const logs = new CloudWatchLogsClient(sdkConfig(endpoint));
  const lambda = new LambdaClient(sdkConfig(endpoint));
  const apigateway = new APIGatewayClient(sdkConfig(endpoint));
  try {
    return {
      roles: (await iam.send(new ListRolesCommand({}))).Roles,
      users: (await iam.send(new ListUsersCommand({}))).Users,
      policies: (await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies,
      tables: (await dynamodb.send(new ListTablesCommand({}))).TableNames,
      logs: (await logs.send(new DescribeLogGroupsCommand({}))).logGroups,
      functions: (await lambda.send(new ListFunctionsCommand({}))).Functions,
      layers: (await lambda.send(new ListLayersCommand({}))).Layers,
      apis: (await apigateway.send(new GetRestApisCommand({}))).items,
    };
  } finally {
    for (const client of [iam, dynamodb, logs, lambda, apigateway]) client.destroy();
  }
}
