import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  EntityAlreadyExistsException,
  GetRoleCommand,
  IAMClient,
  ListUsersCommand,
  NoSuchEntityException,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  MalformedPolicyDocumentException,
  STSClient,
} from "@aws-sdk/client-sts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../harness/platform.ts";

// Users, keys, roles and sessions as the AWS SDK sees them: over HTTP, signed, refused with the SDK's own error classes.

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const anybody: Keys = { accessKeyId: "test", secretAccessKey: "test" };
const clients: { destroy(): void }[] = [];
let platform: TestPlatform;
let endpoint: string;

beforeEach(async () => {
  platform = await testPlatform();
  endpoint = await platform.listen();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await platform.close();
});

function iam(credentials: Keys = anybody): IAMClient {
  const client = new IAMClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

function sts(credentials: Keys = anybody): STSClient {
  const client = new STSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  clients.push(client);
  return client;
}

const allow = (action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: action, Resource: "*" } });

async function createUser(name: string): Promise<Keys> {
  await iam().send(new CreateUserCommand({ UserName: name }));
  const { AccessKey: key } = await iam().send(new CreateAccessKeyCommand({ UserName: name }));
  return { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! };
}

async function createRole(): Promise<string> {
  const statement = { Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statement });
  const { Role: role } = await iam().send(new CreateRoleCommand({ RoleName: "reader", AssumeRolePolicyDocument }));
  await iam().send(
    new AttachRolePolicyCommand({ RoleName: "reader", PolicyArn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess" }),
  );
  return role!.Arn!;
}

async function assume(RoleArn: string, as: Keys): Promise<Keys> {
  const { Credentials: given } = await sts(as).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "journey" }));
  return {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  };
}

test("a user does what its policies allow, assumes a role, and does what the role allows", async () => {
  const alice = await createUser("alice");
  const roleArn = await createRole();
  const { Arn } = await sts(alice).send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe("arn:aws:iam::000000000000:user/alice");
  await expect(iam(alice).send(new ListUsersCommand({}))).rejects.toMatchObject({
    name: "AccessDenied",
    message: `User: ${Arn} is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::000000000000:user/ because no identity-based policy allows the iam:ListUsers action`,
    $metadata: { httpStatusCode: 403 },
  });
  const PolicyDocument = allow("sts:AssumeRole");
  await iam().send(new PutUserPolicyCommand({ UserName: "alice", PolicyName: "assume", PolicyDocument }));
  const session = await assume(roleArn, alice);
  expect((await sts(session).send(new GetCallerIdentityCommand({}))).Arn).toBe(
    "arn:aws:sts::000000000000:assumed-role/reader/journey",
  );
  expect((await iam(session).send(new ListUsersCommand({}))).Users?.map(({ UserName }) => UserName)).toEqual(["alice"]);
  await expect(iam(session).send(new CreateUserCommand({ UserName: "bob" }))).rejects.toMatchObject({
    name: "AccessDenied",
  });
});

test("sessions expire by the platform's clock, and survive a restart until then", async () => {
  const session = await assume(await createRole(), anybody);
  await platform.restart();
  endpoint = await platform.listen();
  expect((await iam(session).send(new ListUsersCommand({}))).Users).toEqual([]);
  await platform.clock.advance(3600_000);
  await expect(iam(session).send(new ListUsersCommand({}))).rejects.toMatchObject({
    name: "ExpiredToken",
    message: "The security token included in the request is expired",
  });
});

test("a deleted key is refused, though unknown keys stand for root", async () => {
  const alice = await createUser("alice");
  await iam().send(new DeleteAccessKeyCommand({ UserName: "alice", AccessKeyId: alice.accessKeyId }));
  await expect(sts(alice).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: "InvalidClientTokenId",
  });
});

test("the SDK knows the errors by their classes", async () => {
  await createUser("alice");
  await expect(createUser("alice")).rejects.toBeInstanceOf(EntityAlreadyExistsException);
  await expect(iam().send(new GetRoleCommand({ RoleName: "nobody" }))).rejects.toBeInstanceOf(NoSuchEntityException);
  const RoleArn = await createRole();
  await expect(
    sts().send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "s1", Policy: "{" })),
  ).rejects.toBeInstanceOf(MalformedPolicyDocumentException);
});
