import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { expect, onTestFinished, test } from "vitest";
import { realDelay } from "../../src/base/clock.ts";
import { randomIds, seededIds } from "../../src/base/ids.ts";
import { sdkConfig } from "../harness/clients.ts";
import { lambdaTrust } from "../harness/functions.ts";
import { VirgaProcess } from "../harness/virga-process.ts";
import type { Actor } from "./platform-load/actor.ts";
import { FunctionActor } from "./platform-load/function-actor.ts";
import { InvocationActor } from "./platform-load/invocation-actor.ts";
import { CounterActor, ItemActor, loadTable, verifyIndex } from "./platform-load/item-actors.ts";
import { verifyNoLeftovers } from "./platform-load/leftovers.ts";
import { RestApiActor } from "./platform-load/rest-api-actor.ts";
import { LogActor, LogGroupActor, RoleActor } from "./platform-load/service-actors.ts";
import { TableActor } from "./platform-load/table-actor.ts";

const rounds = 12;
/** Functions take longer than everything else, so they run in a few rounds only. */
const roundsWithFunctions = new Set([3, 9]);

test(`a platform that is killed ${rounds} times keeps every promise`, { timeout: 120_000 }, async () => {
  // To look into a failure, put its seed here. The load and the moments of the kills are then the same; what they hit is the machine's.
  const seed = randomIds().hex(8);
  console.info(`platform crash test, seed ${seed}`);
  const chance = seededIds(seed);
  const virga = await VirgaProcess.start();
  onTestFinished(() => virga.remove());
  const config = sdkConfig(virga.endpoint);
  const dynamodb = new DynamoDBClient(config);
  const document = DynamoDBDocument.from(dynamodb);
  const iam = new IAMClient(config);
  const logs = new CloudWatchLogsClient(config);
  const lambda = new LambdaClient(config);
  const gateway = new APIGatewayClient(config);
  onTestFinished(() => [dynamodb, iam, logs, lambda, gateway].forEach((client) => client.destroy()));

  await createLoadTable(dynamodb);
  const log = new LogActor(logs, "stream");
  await log.prepare();
  const invocations = new InvocationActor(lambda, document);
  const roleArn = await createFunctionRole(iam);
  await invocations.prepare(roleArn);
  const actors: Actor[] = [
    ...["ada", "bob", "eve", "kim"].map((name) => new ItemActor(document, name)),
    new CounterActor(document),
    log,
    ...["role-a", "role-b"].map((name) => new RoleActor(iam, name)),
    ...["table-a", "table-b"].map((name) => new TableActor(dynamodb, name)),
    ...["group-a", "group-b"].map((name) => new LogGroupActor(logs, name)),
    new FunctionActor(lambda, "function-a", roleArn),
    new RestApiActor(gateway, "api-a", virga.endpoint),
  ];

  let steps = 0;
  for (let round = 0; round < rounds; round++) {
    const working = roundsWithFunctions.has(round) ? [...actors, invocations] : actors;
    let isOver = false;
    const work = working.map(async (actor, at) => {
      const own = seededIds(`${seed}-${round}-${at}`);
      while (!isOver && (await actor.step(own))) steps++;
    });
    const allWork = Promise.all(work);
    // A failure while it works ends the test at once.
    await Promise.race([allWork, realDelay(50 + chance.fraction() * 700)]);
    await virga.kill();
    isOver = true;
    await allWork;
    await virga.start();
    for (const actor of working) await actor.verify();
    await verifyIndex(document);
  }
  console.info(`${steps} steps in ${rounds} rounds`);
  expect(steps).toBeGreaterThan(rounds * 20);
  expect(await virga.stop()).toBe(0);
  await verifyNoLeftovers(virga.dataDirectory);
});

async function createLoadTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: loadTable,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "owner", AttributeType: "S" },
        { AttributeName: "number", AttributeType: "N" },
        { AttributeName: "group", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "owner", KeyType: "HASH" },
        { AttributeName: "number", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-group",
          KeySchema: [{ AttributeName: "group", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { TableName: loadTable });
}

async function createFunctionRole(client: IAMClient): Promise<string> {
  const RoleName = "function";
  const created = await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: lambdaTrust }));
  const Statement = { Effect: "Allow", Action: ["dynamodb:PutItem", "logs:*"], Resource: "*" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: "rights", PolicyDocument }));
  return created.Role!.Arn!;
}
