import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsCli, hasPythonClients, python, run, sdkConfig, type Credentials } from "../harness/clients.ts";
import { VirgaProcess } from "../harness/virga-process.ts";

let virga: VirgaProcess;
let root: Credentials;
let reader: Credentials;
let roleArn: string;

const clients: { destroy(): void }[] = [];
function made<Client extends { destroy(): void }>(client: Client): Client {
  clients.push(client);
  return client;
}
const dynamodb = (as: Credentials) => made(new DynamoDBClient(sdkConfig(virga.endpoint, as)));
const iam = (as: Credentials) => made(new IAMClient(sdkConfig(virga.endpoint, as)));
const sts = (as: Credentials) => made(new STSClient(sdkConfig(virga.endpoint, as)));
const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: statement });
const table = (name: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;
const get = (TableName: string) => new GetItemCommand({ TableName, Key: { id: { S: "1" } } });
const put = (TableName: string) => new PutItemCommand({ TableName, Item: { id: { S: "1" } } });

async function rootCredentials(): Promise<Credentials> {
  const text = await readFile(join(virga.dataDirectory, "root-credentials"), "utf8");
  const value = (name: string) => new RegExp(`^${name} = (.*)$`, "m").exec(text)![1]!;
  return { accessKeyId: value("aws_access_key_id"), secretAccessKey: value("aws_secret_access_key") };
}

async function assume(as: Credentials, ExternalId?: string): Promise<Credentials> {
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "night-shift", ExternalId });
  const { Credentials: given } = await sts(as).send(command);
  return {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  };
}

beforeAll(async () => {
  virga = await VirgaProcess.start("--auth", "strict", "--time-travel");
  root = await rootCredentials();
  for (const TableName of ["books", "diaries"]) {
    await dynamodb(root).send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
  }
  await iam(root).send(new CreateUserCommand({ UserName: "reader" }));
  const { AccessKey: key } = await iam(root).send(new CreateAccessKeyCommand({ UserName: "reader" }));
  reader = { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! };
  await iam(root).send(
    new PutUserPolicyCommand({
      UserName: "reader",
      PolicyName: "read-books",
      PolicyDocument: policy([
        { Effect: "Allow", Action: "dynamodb:GetItem", Resource: table("books") },
        { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" },
      ]),
    }),
  );
  const { Role: role } = await iam(root).send(
    new CreateRoleCommand({
      RoleName: "writer",
      AssumeRolePolicyDocument: policy({
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::000000000000:user/reader" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "open-sesame" } },
      }),
    }),
  );
  roleArn = role!.Arn!;
  await iam(root).send(
    new PutRolePolicyCommand({
      RoleName: "writer",
      PolicyName: "write-books",
      PolicyDocument: policy({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: table("books") }),
    }),
  );
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await virga.remove();
});

test("the root key is in a file that only its owner reads, and the banner says where", async () => {
  const file = join(virga.dataDirectory, "root-credentials");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(virga.output).toContain(`AWS_SHARED_CREDENTIALS_FILE=${file}`);
  expect(virga.output).not.toContain(root.secretAccessKey);
  const { Arn } = await sts(root).send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe("arn:aws:iam::000000000000:root");
});

test("keys that were not made here, and wrong secrets, are refused by each service in AWS's words", async () => {
  const unknown = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" };
  await expect(sts(unknown).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: "InvalidClientTokenId",
    message: "The security token included in the request is invalid.",
    $metadata: { httpStatusCode: 403 },
  });
  await expect(dynamodb(unknown).send(get("books"))).rejects.toMatchObject({
    name: "UnrecognizedClientException",
    message: "The security token included in the request is invalid.",
    $metadata: { httpStatusCode: 400 },
  });
  const wrong = { ...reader, secretAccessKey: `${reader.secretAccessKey}x` };
  const words =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
  await expect(sts(wrong).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: "SignatureDoesNotMatch",
    message: expect.stringContaining(words),
    $metadata: { httpStatusCode: 403 },
  });
  await expect(dynamodb(wrong).send(get("books"))).rejects.toMatchObject({
    name: "InvalidSignatureException",
    message: expect.stringContaining(words),
  });
});

test("a user may do what its policy names, on what it names, and nothing else", async () => {
  await dynamodb(root).send(put("books"));
  expect((await dynamodb(reader).send(get("books"))).Item).toEqual({ id: { S: "1" } });
  await expect(dynamodb(reader).send(put("books"))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `User: arn:aws:iam::000000000000:user/reader is not authorized to perform: dynamodb:PutItem on resource: ${table("books")} because no identity-based policy allows the dynamodb:PutItem action`,
    $metadata: { httpStatusCode: 400 },
  });
  await expect(dynamodb(reader).send(get("diaries"))).rejects.toMatchObject({ name: "AccessDeniedException" });
  // Whoever may not look learns nothing: neither whether a table is there nor what is wrong with the key.
  await expect(dynamodb(reader).send(get("no-such-table"))).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(iam(reader).send(new CreateUserCommand({ UserName: "friend" }))).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("not authorized to perform: iam:CreateUser"),
  });
});

test("a role asks for its external id, gives what it allows and nothing of the caller's, and survives a kill -9", async () => {
  await expect(assume(reader)).rejects.toMatchObject({
    name: "AccessDenied",
    message: `User: arn:aws:iam::000000000000:user/reader is not authorized to perform: sts:AssumeRole on resource: ${roleArn} because no role trust policy allows the sts:AssumeRole action`,
  });
  await expect(assume(reader, "open-barley")).rejects.toMatchObject({ name: "AccessDenied" });
  const session = await assume(reader, "open-sesame");
  await virga.killAndStart();

  const { Arn } = await sts(session).send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe("arn:aws:sts::000000000000:assumed-role/writer/night-shift");
  await dynamodb(session).send(put("books"));
  await expect(dynamodb(session).send(get("books"))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(
      "User: arn:aws:sts::000000000000:assumed-role/writer/night-shift is not authorized to perform: dynamodb:GetItem",
    ),
  });
  const { sessionToken: _, ...without } = session;
  await expect(dynamodb(without).send(put("books"))).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  const forged = { ...session, sessionToken: `${session.sessionToken}A` };
  await expect(dynamodb(forged).send(put("books"))).rejects.toMatchObject({ name: "UnrecognizedClientException" });
});

describe.skipIf(!hasPythonClients)("with the clients in Python (skipped without boto3 and the AWS CLI)", () => {
  test("the AWS CLI takes the credentials file of the banner as it is", async () => {
    const file = join(virga.dataDirectory, "root-credentials");
    const more = {
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    };
    const { stdout } = await run(virga.endpoint, "aws", ["sts", "get-caller-identity"], root, more);
    expect(stdout).toContain("arn:aws:iam::000000000000:root");
    await expect(awsCli(virga.endpoint, ["dynamodb", "list-tables"], reader)).rejects.toThrow(
      "An error occurred (AccessDeniedException) when calling the ListTables operation: User: arn:aws:iam::000000000000:user/reader is not authorized to perform: dynamodb:ListTables on resource: arn:aws:dynamodb:us-east-1:000000000000:table/* because no identity-based policy allows the dynamodb:ListTables action",
    );
  });

  test("boto3 assumes the role and gets its modelled refusals", async () => {
    const told = await python<Record<string, unknown>>(
      virga.endpoint,
      `
sts = client("sts")
role = "${roleArn}"
given = sts.assume_role(RoleArn=role, RoleSessionName="python", ExternalId="open-sesame")["Credentials"]
session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
table = session.resource("dynamodb").Table("books")
wrong = boto3.client("dynamodb", aws_secret_access_key="wrong", aws_access_key_id="${reader.accessKeyId}")
answer({
    "refused": refusal(sts.assume_role, RoleArn=role, RoleSessionName="python"),
    "put": table.put_item(Item={"id": "2"})["ResponseMetadata"]["HTTPStatusCode"],
    "get": refusal(table.get_item, Key={"id": "2"}),
    "wrong": refusal(wrong.list_tables),
    "seconds": (given["Expiration"] - __import__("datetime").datetime.now(__import__("datetime").timezone.utc)).total_seconds(),
})`,
      reader,
    );
    expect(told).toMatchObject({
      refused: ["ClientError", "AccessDenied", expect.stringContaining("sts:AssumeRole on resource")],
      put: 200,
      get: ["ClientError", "AccessDeniedException", expect.stringContaining("dynamodb:GetItem")],
      wrong: ["ClientError", "InvalidSignatureException", expect.stringContaining("does not match")],
    });
    expect(told["seconds"]).toBeGreaterThan(3500);
    expect(told["seconds"]).toBeLessThanOrEqual(3600);
  });
});

// Last, because it moves the platform's clock.
test("a session ends with its time", async () => {
  const session = await assume(reader, "open-sesame");
  const moved = await fetch(`${virga.endpoint}/_virga/clock`, { method: "POST", body: '{"advance":"PT1H1S"}' });
  expect(moved.status).toBe(200);
  // A client whose clock is right by the platform's.
  const late = { systemClockOffset: 3_601_000 };
  const client = made(new DynamoDBClient({ ...sdkConfig(virga.endpoint, session), ...late }));
  await expect(client.send(put("books"))).rejects.toMatchObject({
    name: "ExpiredTokenException",
    message: "The security token included in the request is expired",
  });
  const inSts = made(new STSClient({ ...sdkConfig(virga.endpoint, session), ...late }));
  // The front door of query services calls it so; the modelled ExpiredTokenException is about tokens of web identities.
  await expect(inSts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: "ExpiredToken" });
});
