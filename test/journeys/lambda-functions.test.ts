import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  InvalidParameterValueException,
  InvokeCommand,
  LambdaClient,
  ResourceNotFoundException,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
  UpdateFunctionCodeCommand,
  type Runtime,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { awsCli, hasPythonClients, python, run, anyKey, sdkConfig } from "../harness/clients.ts";
import { lambdaTrust, zip } from "../harness/functions.ts";
import { processesOf, VirgaProcess } from "../harness/virga-process.ts";

// Nothing is packaged with the function: the SDK, credentials, region and endpoint are the environment's.
const visits = `
import { DynamoDBClient, UpdateItemCommand, DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { STSClient, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
const dynamodb = new DynamoDBClient();
let warm = false;
export async function handler(event, context) {
  const before = warm;
  warm = true;
  console.log("visit of", event.who);
  if (event.fail) throw new RangeError("asked to fail");
  if (event.whoami) return (await new STSClient().send(new GetCallerIdentityCommand({}))).Arn;
  if (event.overreach) await dynamodb.send(new DeleteTableCommand({ TableName: "visits" }));
  const { Attributes } = await dynamodb.send(new UpdateItemCommand({
    TableName: process.env.TABLE, Key: { who: { S: event.who } }, UpdateExpression: "ADD times :one",
    ExpressionAttributeValues: { ":one": { N: "1" } }, ReturnValues: "ALL_NEW",
  }));
  return { times: Number(Attributes.times.N), warm: before, memory: context.memoryLimitInMB };
}
`;

const quickly = { maxWaitTime: 20, minDelay: 0.02, maxDelay: 0.2 };
let virga: VirgaProcess;
let lambda: LambdaClient;
let dynamodb: DynamoDBClient;
let roleArn: string;

async function createFunction(FunctionName: string, Runtime: Runtime, files: Record<string, string>, Handler: string) {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime,
      Handler,
      Role: roleArn,
      Code: { ZipFile: zip(files) },
      Timeout: 10,
      Environment: { Variables: { TABLE: "visits" } },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, ...quickly }, { FunctionName });
}

async function invoke(FunctionName: string, event: object, more: { readonly LogType?: "Tail" } = {}) {
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }));
  return {
    status: answer.StatusCode,
    error: answer.FunctionError,
    payload: JSON.parse(answer.Payload!.transformToString()) as unknown,
    tail: answer.LogResult && Buffer.from(answer.LogResult, "base64").toString(),
  };
}

async function timesOf(who: string): Promise<number> {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "visits", Key: { who: { S: who } } }));
  return Number(Item?.["times"]?.N ?? 0);
}

beforeAll(async () => {
  virga = await VirgaProcess.start();
  lambda = new LambdaClient(sdkConfig(virga.endpoint));
  dynamodb = new DynamoDBClient(sdkConfig(virga.endpoint));
  const iam = new IAMClient(sdkConfig(virga.endpoint));
  const created = await iam.send(new CreateRoleCommand({ RoleName: "counter", AssumeRolePolicyDocument: lambdaTrust }));
  roleArn = created.Role!.Arn!;
  const statements = [
    { Effect: "Allow", Action: "dynamodb:UpdateItem", Resource: "arn:aws:dynamodb:*:*:table/visits" },
    { Effect: "Allow", Action: "logs:*", Resource: "*" },
  ];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  await iam.send(new PutRolePolicyCommand({ RoleName: "counter", PolicyName: "count", PolicyDocument }));
  iam.destroy();
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "visits",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "who", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "who", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists({ client: dynamodb, ...quickly }, { TableName: "visits" });
  await createFunction("visits", "nodejs22.x", { "index.mjs": visits }, "index.handler");
});
afterAll(async () => {
  lambda.destroy();
  dynamodb.destroy();
  await virga.remove();
});

describe("a function that uses the AWS SDK", () => {
  test("reads and writes with its role's rights, and stays warm", async () => {
    expect(await invoke("visits", { who: "ada" })).toMatchObject({ status: 200, payload: { times: 1, warm: false } });
    expect(await invoke("visits", { who: "ada" })).toMatchObject({
      payload: { times: 2, warm: true, memory: "128" },
    });
    expect((await invoke("visits", { whoami: true })).payload).toBe(
      "arn:aws:sts::000000000000:assumed-role/counter/visits",
    );
  });

  test("may not do what its role may not, and says so in its error", async () => {
    const { error, payload } = await invoke("visits", { who: "ada", overreach: true });
    expect(error).toBe("Unhandled");
    expect(payload).toMatchObject({
      errorType: "AccessDeniedException",
      errorMessage:
        "User: arn:aws:sts::000000000000:assumed-role/counter/visits is not authorized to perform: dynamodb:DeleteTable on resource: arn:aws:dynamodb:us-east-1:000000000000:table/visits because no identity-based policy allows the dynamodb:DeleteTable action",
      trace: expect.arrayContaining([expect.stringContaining("AccessDeniedException")]),
    });
  });

  test("shows the end of its log to whoever asks, and the whole of it in CloudWatch Logs", async () => {
    const { tail } = await invoke("visits", { who: "tail" }, { LogType: "Tail" });
    expect(tail).toMatch(/^START RequestId: \S+ Version: \$LATEST$/m);
    expect(tail).toMatch(/\tINFO\tvisit of tail$/m);
    expect(tail).toMatch(
      /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB/m,
    );
    const failed = await invoke("visits", { who: "tail", fail: true }, { LogType: "Tail" });
    expect(failed.payload).toMatchObject({ errorType: "RangeError", errorMessage: "asked to fail" });
    expect(failed.tail).toContain("ERROR\tInvoke Error");

    const logs = new CloudWatchLogsClient(sdkConfig(virga.endpoint));
    const command = new FilterLogEventsCommand({
      logGroupName: "/aws/lambda/visits",
      filterPattern: '"visit of tail"',
    });
    await vi.waitFor(async () => expect((await logs.send(command)).events?.length).toBe(2), { timeout: 5_000 });
    logs.destroy();
  });

  test("runs later when invoked asynchronously, also when the platform is killed in between", async () => {
    const fire = (who: string) =>
      lambda.send(
        new InvokeCommand({ FunctionName: "visits", InvocationType: "Event", Payload: JSON.stringify({ who }) }),
      );
    expect(await fire("later")).toMatchObject({ StatusCode: 202 });
    await vi.waitFor(async () => expect(await timesOf("later")).toBe(1), { timeout: 5_000 });

    await Promise.all(["a", "b", "c", "d"].map((who) => fire(`killed-${who}`)));
    const left = await processesOf(virga.pid);
    await virga.killAndStart();
    for (const who of ["a", "b", "c", "d"]) {
      // At least once: what was under way when the platform was killed runs again.
      await vi.waitFor(async () => expect(await timesOf(`killed-${who}`)).toBeGreaterThanOrEqual(1), {
        timeout: 10_000,
      });
    }
    expect(left.length > 0 || process.platform !== "linux").toBe(true);
    await vi.waitFor(() => expect(left.filter(isAlive)).toEqual([]), { timeout: 5_000 });
  });

  test("takes new code without a stop, and is refused by name what is not there", async () => {
    const FunctionName = "visits";
    const ZipFile = zip({ "index.mjs": `export const handler = async () => "second edition";` });
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    await waitUntilFunctionUpdatedV2({ client: lambda, ...quickly }, { FunctionName });
    expect((await invoke("visits", {})).payload).toBe("second edition");
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip({ "index.mjs": visits }) }));

    const refused = await invoke("nowhere", {}).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ResourceNotFoundException);
    expect(refused).toMatchObject({
      message: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nowhere",
      Type: "User",
    });
    await expect(
      createFunction("stranger", "nodejs22.x", { "index.mjs": visits }, "index.handler").then(() =>
        lambda.send(
          new CreateFunctionCommand({
            FunctionName: "s2",
            Role: `${roleArn}-x`,
            Code: { ZipFile },
            Runtime: "nodejs22.x",
            Handler: "index.handler",
          }),
        ),
      ),
    ).rejects.toBeInstanceOf(InvalidParameterValueException);
  });
});

describe.skipIf(!hasPythonClients)("with the clients in Python (skipped without boto3 and the AWS CLI)", () => {
  test("a Python function uses boto3, and the AWS CLI makes it, invokes it and reads its logs", async () => {
    const folder = virga.folder;
    const code = `
import boto3, os
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def handler(event, context):
    print("visit of", event["who"])
    answer = table.update_item(Key={"who": event["who"]}, UpdateExpression="ADD times :one",
        ExpressionAttributeValues={":one": 1}, ReturnValues="ALL_NEW")
    return {"times": int(answer["Attributes"]["times"]), "region": os.environ["AWS_REGION"]}
`;
    await writeFile(join(folder, "function.zip"), zip({ "app.py": code }));
    const aws = <Output = Record<string, unknown>>(...args: readonly string[]) => awsCli<Output>(virga.endpoint, args);
    const made = await aws(
      ..."lambda create-function --function-name pyvisits --runtime python3.13 --handler app.handler --timeout 10".split(
        " ",
      ),
      "--role",
      roleArn,
      "--environment",
      "Variables={TABLE=visits}",
      "--zip-file",
      `fileb://${folder}/function.zip`,
    );
    expect(made).toMatchObject({ FunctionName: "pyvisits", Runtime: "python3.13", PackageType: "Zip" });
    await aws(..."lambda wait function-active-v2 --function-name pyvisits".split(" "));
    const file = join(folder, "answer.json");
    await writeFile(join(folder, "event.json"), `{"who": "grace"}`);
    const { stdout, stderr } = await run(
      virga.endpoint,
      "aws",
      [
        ..."lambda invoke --function-name pyvisits --log-type Tail --query LogResult --output text".split(" "),
        "--payload",
        `fileb://${folder}/event.json`,
        file,
      ],
      anyKey,
    );
    expect(stderr).toBe("");
    expect(Buffer.from(stdout, "base64").toString()).toContain("visit of grace");
    expect(await timesOf("grace")).toBe(1);

    await vi.waitFor(
      async () => {
        const messages = await aws<string[]>(
          ..."logs filter-log-events --log-group-name /aws/lambda/pyvisits --query events[].message".split(" "),
        );
        expect(messages.map((message) => message.split(/[\s:]/)[0])).toEqual(["START", "visit", "END", "REPORT"]);
      },
      { timeout: 8_000 },
    );
  });

  test("boto3 reads answers as streams, errors as errors, and pages through functions", async () => {
    const told = await python<Record<string, unknown>>(
      virga.endpoint,
      `
functions = client("lambda")
answer_ = functions.invoke(FunctionName="visits", Payload=json.dumps({"who": "boto"}))
failed = functions.invoke(FunctionName="visits", Payload=json.dumps({"who": "boto", "fail": True}))
dry = functions.invoke(FunctionName="visits", InvocationType="DryRun")
try:
    functions.get_function(FunctionName="nowhere")
except functions.exceptions.ResourceNotFoundException as error:
    missing = error.response["Error"]["Message"]
pages = functions.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 1})
answer({
    "times": json.loads(answer_["Payload"].read())["times"],
    "failed": [failed["FunctionError"], json.loads(failed["Payload"].read())["errorType"]],
    "dry": dry["StatusCode"], "missing": missing,
    "names": [f["FunctionName"] for page in pages for f in page["Functions"]],
    "malformed": refusal(functions.invoke, FunctionName="visits", Payload=b"{"),
})`,
    );
    expect(told).toEqual({
      times: 1,
      failed: ["Unhandled", "RangeError"],
      dry: 204,
      missing: "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nowhere",
      names: expect.arrayContaining(["pyvisits", "visits"]),
      malformed: [
        "InvalidRequestContentException",
        "InvalidRequestContentException",
        expect.stringContaining("Could not parse request body into json"),
      ],
    });
  });
});

// Last, because it stops the platform.
test("a platform that is asked to stop lets functions end what they do, and leaves no process", async () => {
  const slow = visits.replace("return {", "await new Promise((done) => setTimeout(done, 500));\n  return {");
  await createFunction("slow", "nodejs22.x", { "index.mjs": slow }, "index.handler");
  const answer = invoke("slow", { who: "slow" });
  await vi.waitFor(async () => expect(await timesOf("slow")).toBe(1), { timeout: 5_000, interval: 20 });
  const left = await processesOf(virga.pid);
  expect(left.length > 0 || process.platform !== "linux").toBe(true);
  expect(await virga.stop()).toBe(0);
  expect(await answer).toMatchObject({ status: 200, payload: { times: 1 } });
  await vi.waitFor(() => expect(left.filter(isAlive)).toEqual([]), { timeout: 5_000 });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
