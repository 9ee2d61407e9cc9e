import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import type { Principal } from "../../../kernel/principal.ts";
import { stsIdentity } from "../identity-provider.ts";

const account = "000000000000";
const roleArn = `arn:aws:iam::${account}:role/team/worker`;
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const document = (statement: unknown) => JSON.stringify({ Version: "2012-10-17", Statement: statement });
const trusting = (principal: unknown, more: object = {}) =>
  document({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", ...more });

async function createRole(trust: string, more: { MaxSessionDuration?: number } = {}, name = "worker"): Promise<void> {
  await platform.aws().iam.CreateRole({ RoleName: name, Path: "/team/", AssumeRolePolicyDocument: trust, ...more });
}

async function createUser(name: string, in_ = account): Promise<Principal> {
  const { User: user } = await platform.aws(undefined, { account: in_ }).iam.CreateUser({ UserName: name });
  return { kind: "user", account: in_, arn: user!.Arn, userName: name, userId: user!.UserId };
}

/** Whom the credentials stand for. */
async function principalOf(accessKeyId: string): Promise<Principal> {
  const identity = stsIdentity((of) => platform.kernel.context("sts", of, "us-east-1"));
  return (await identity.findCredential(accessKeyId))!.principal;
}

const request = { RoleArn: roleArn, RoleSessionName: "s1" };

test("gives credentials of a role that trusts the caller, for an hour", async () => {
  await createRole(trusting({ AWS: account }));
  const answer = await platform.aws().sts.AssumeRole(request);
  expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${account}:assumed-role/worker/s1`);
  expect(answer.AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{17}:s1$/);
  expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(answer.Credentials?.SecretAccessKey).toHaveLength(40);
  expect(answer.Credentials?.Expiration).toEqual(new Date(platform.clock.now() + 3600_000));
  expect(answer).not.toHaveProperty("PackedPolicySize");
  const principal = await principalOf(answer.Credentials!.AccessKeyId);
  expect(await platform.aws(principal).sts.GetCallerIdentity({})).toEqual({
    UserId: answer.AssumedRoleUser?.AssumedRoleId,
    Account: account,
    Arn: answer.AssumedRoleUser?.Arn,
  });
});

test("the session may do what the role may, and no more", async () => {
  await createRole(trusting({ AWS: account }));
  const { Credentials: credentials } = await platform.aws().sts.AssumeRole(request);
  const principal = await principalOf(credentials!.AccessKeyId);
  await expect(platform.aws(principal).iam.ListUsers({})).rejects.toMatchObject({
    code: "AccessDenied",
    status: 403,
    message: `User: arn:aws:sts::${account}:assumed-role/worker/s1 is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::${account}:user/ because no identity-based policy allows the iam:ListUsers action`,
  });
  await platform.aws().iam.PutRolePolicy({
    RoleName: "worker",
    PolicyName: "list",
    PolicyDocument: document({ Effect: "Allow", Action: "iam:List*", Resource: "*" }),
  });
  expect((await platform.aws(principal).iam.ListUsers({})).Users).toEqual([]);
  await expect(platform.aws(principal).iam.CreateUser({ UserName: "x" })).rejects.toMatchObject({
    code: "AccessDenied",
  });
});

test("refuses who is not trusted, even root, with AWS's words", async () => {
  await createRole(trusting({ Service: "lambda.amazonaws.com" }));
  await expect(platform.aws().sts.AssumeRole(request)).rejects.toMatchObject({
    code: "AccessDenied",
    status: 403,
    message: `User: arn:aws:iam::${account}:root is not authorized to perform: sts:AssumeRole on resource: ${roleArn} because no role trust policy allows the sts:AssumeRole action`,
  });
});

test("a role that does not exist, and one at another path, trust nobody", async () => {
  await createRole(trusting({ AWS: account }));
  for (const RoleArn of [`arn:aws:iam::${account}:role/nobody`, `arn:aws:iam::${account}:role/worker`]) {
    await expect(platform.aws().sts.AssumeRole({ ...request, RoleArn })).rejects.toMatchObject({
      code: "AccessDenied",
    });
  }
});

test.each(["role/worker-without-arn", "arn:aws:iam::000000000000:user/alice", "arn:aws:sts::000000000000:role/worker"])(
  "%s is invalid",
  async (RoleArn) => {
    await expect(platform.aws().sts.AssumeRole({ ...request, RoleArn })).rejects.toMatchObject({
      code: "ValidationError",
      status: 400,
      message: `${RoleArn} is invalid`,
    });
  },
);

test("a user named by the trust policy needs no policy of its own; one whose account is named does", async () => {
  const alice = await createUser("alice");
  const bob = await createUser("bob");
  await createRole(trusting({ AWS: [`arn:aws:iam::${account}:user/alice`, account] }));
  expect((await platform.aws(alice).sts.AssumeRole(request)).Credentials).toBeDefined();
  await expect(platform.aws(bob).sts.AssumeRole(request)).rejects.toThrow(/because no identity-based policy allows/);
  await platform.aws().iam.PutUserPolicy({
    UserName: "bob",
    PolicyName: "assume",
    PolicyDocument: document({ Effect: "Allow", Action: "sts:AssumeRole", Resource: roleArn }),
  });
  expect((await platform.aws(bob).sts.AssumeRole(request)).Credentials).toBeDefined();
});

test("across accounts both the trust policy and the user's policy must allow", async () => {
  const other = "444455556666";
  const carol = await createUser("carol", other);
  const as = () => platform.aws(carol, { account: other }).sts.AssumeRole(request);
  await createRole(trusting({ AWS: `arn:aws:iam::${other}:user/carol` }));
  await expect(as()).rejects.toThrow(/because no identity-based policy allows/);
  await platform.aws(undefined, { account: other }).iam.PutUserPolicy({
    UserName: "carol",
    PolicyName: "assume",
    PolicyDocument: document({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }),
  });
  expect((await as()).AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${account}:assumed-role/worker/s1`);
  await platform.aws().iam.UpdateAssumeRolePolicy({ RoleName: "worker", PolicyDocument: trusting({ AWS: account }) });
  await expect(as()).rejects.toThrow(/because no role trust policy allows/);
});

test("Lambda may assume a role that trusts it", async () => {
  await createRole(trusting({ Service: "lambda.amazonaws.com" }));
  const lambda = platform.aws({ kind: "service", service: "lambda.amazonaws.com" });
  const events = platform.aws({ kind: "service", service: "events.amazonaws.com" });
  expect((await lambda.sts.AssumeRole(request)).Credentials).toBeDefined();
  await expect(events.sts.AssumeRole(request)).rejects.toMatchObject({ code: "AccessDenied" });
});

test("the external id has to be the one the role asks for", async () => {
  await createRole(trusting({ AWS: account }, { Condition: { StringEquals: { "sts:ExternalId": "secret" } } }));
  await expect(platform.aws().sts.AssumeRole(request)).rejects.toMatchObject({ code: "AccessDenied" });
  await expect(platform.aws().sts.AssumeRole({ ...request, ExternalId: "guess" })).rejects.toMatchObject({
    code: "AccessDenied",
  });
  expect((await platform.aws().sts.AssumeRole({ ...request, ExternalId: "secret" })).Credentials).toBeDefined();
});

test("session policies narrow the session", async () => {
  await createRole(trusting({ AWS: account }));
  await platform.aws().iam.AttachRolePolicy({ RoleName: "worker", PolicyArn: "arn:aws:iam::aws:policy/IAMFullAccess" });
  const answer = await platform.aws().sts.AssumeRole({
    ...request,
    Policy: document({ Effect: "Allow", Action: "iam:GetUser", Resource: "*" }),
    PolicyArns: [{ arn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess" }],
  });
  expect(answer.PackedPolicySize).toBeGreaterThan(0);
  const narrowed = platform.aws(await principalOf(answer.Credentials!.AccessKeyId));
  expect((await narrowed.iam.ListUsers({})).Users).toEqual([]);
  await expect(narrowed.iam.CreateUser({ UserName: "x" })).rejects.toThrow(/because no session policy allows/);
});

test("refuses session policies that are none", async () => {
  await createRole(trusting({ AWS: account }));
  const assume = (more: object) => platform.aws().sts.AssumeRole({ ...request, ...more });
  await expect(assume({ Policy: "{" })).rejects.toMatchObject({
    code: "MalformedPolicyDocument",
    message: "Syntax errors in policy.",
  });
  await expect(
    assume({ Policy: document({ Effect: "Allow", Action: "a:b", Resource: "*", Sid: "x".repeat(2048) }) }),
  ).rejects.toMatchObject({ code: "PackedPolicyTooLarge" });
  await expect(assume({ PolicyArns: [{ arn: `arn:aws:iam::${account}:policy/nothing` }] })).rejects.toMatchObject({
    code: "ValidationError",
  });
  await expect(
    assume({ PolicyArns: Array.from({ length: 11 }, () => ({ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" })) }),
  ).rejects.toMatchObject({ code: "ValidationError" });
});

test("session tags need sts:TagSession in the trust policy; transitive ones pass on and stay", async () => {
  const tags = {
    Tags: [
      { Key: "team", Value: "red" },
      { Key: "x", Value: "1" },
    ],
    TransitiveTagKeys: ["team"],
  };
  await createRole(trusting({ AWS: account }));
  await expect(platform.aws().sts.AssumeRole({ ...request, ...tags })).rejects.toThrow(
    /is not authorized to perform: sts:TagSession on resource/,
  );
  const trust = trusting({ AWS: account }, { Action: ["sts:AssumeRole", "sts:TagSession"] });
  await platform.aws().iam.UpdateAssumeRolePolicy({ RoleName: "worker", PolicyDocument: trust });
  await createRole(trusting({ AWS: roleArn }, { Action: ["sts:AssumeRole", "sts:TagSession"] }), {}, "second");
  const first = await platform.aws().sts.AssumeRole({ ...request, ...tags });
  const worker = await principalOf(first.Credentials!.AccessKeyId);
  expect(worker).toMatchObject({ session: { tags: { team: "red", x: "1" }, transitiveTagKeys: ["team"] } });
  const RoleArn = `arn:aws:iam::${account}:role/team/second`;
  const second = await platform.aws(worker).sts.AssumeRole({ RoleArn, RoleSessionName: "s2" });
  expect(await principalOf(second.Credentials!.AccessKeyId)).toMatchObject({ session: { tags: { team: "red" } } });
  await expect(
    platform.aws(worker).sts.AssumeRole({ RoleArn, RoleSessionName: "s2", Tags: [{ Key: "Team", Value: "blue" }] }),
  ).rejects.toMatchObject({ code: "ValidationError" });
});

test("refuses tags twice, reserved tags, and transitive keys that are no tags", async () => {
  await createRole(trusting({ AWS: account }, { Action: ["sts:AssumeRole", "sts:TagSession"] }));
  const assume = (more: object) => platform.aws().sts.AssumeRole({ ...request, ...more });
  await expect(
    assume({
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "A", Value: "2" },
      ],
    }),
  ).rejects.toThrow("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  await expect(assume({ Tags: [{ Key: "aws:a", Value: "1" }] })).rejects.toMatchObject({ code: "ValidationError" });
  await expect(assume({ TransitiveTagKeys: ["a"] })).rejects.toThrow(
    "The specified transitive tag key must be included in the requested tags.",
  );
});

test("the source identity needs its own permission, and stays for sessions made from the session", async () => {
  await createRole(trusting({ AWS: account }));
  const named = { ...request, SourceIdentity: "alice" };
  await expect(platform.aws().sts.AssumeRole(named)).rejects.toThrow(/sts:SetSourceIdentity/);
  const trust = trusting({ AWS: [account, roleArn] }, { Action: ["sts:AssumeRole", "sts:SetSourceIdentity"] });
  await platform.aws().iam.UpdateAssumeRolePolicy({ RoleName: "worker", PolicyDocument: trust });
  const first = await platform.aws().sts.AssumeRole(named);
  expect(first.SourceIdentity).toBe("alice");
  const worker = platform.aws(await principalOf(first.Credentials!.AccessKeyId));
  expect((await worker.sts.AssumeRole(request)).SourceIdentity).toBe("alice");
  await expect(worker.sts.AssumeRole({ ...request, SourceIdentity: "bob" })).rejects.toMatchObject({
    code: "AccessDenied",
  });
});

test("a session lasts as long as the role allows, and an hour when one role assumes another", async () => {
  await createRole(trusting({ AWS: [account, roleArn] }), { MaxSessionDuration: 7200 });
  const assume = (DurationSeconds: number) => platform.aws().sts.AssumeRole({ ...request, DurationSeconds });
  await expect(assume(7201)).rejects.toMatchObject({
    code: "ValidationError",
    message: "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
  });
  const { Credentials: credentials } = await assume(7200);
  const worker = platform.aws(await principalOf(credentials!.AccessKeyId));
  await expect(worker.sts.AssumeRole({ ...request, DurationSeconds: 3601 })).rejects.toMatchObject({
    code: "ValidationError",
    message: "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
  });
});

test("no MFA code is right, and contexts of other providers are not built", async () => {
  await createRole(trusting({ AWS: account }));
  const mfa = { SerialNumber: `arn:aws:iam::${account}:mfa/alice`, TokenCode: "123456" };
  await expect(platform.aws().sts.AssumeRole({ ...request, ...mfa })).rejects.toMatchObject({
    code: "AccessDenied",
    message: "MultiFactorAuthentication failed with invalid MFA one time pass code.",
  });
  await expect(
    platform.aws().sts.AssumeRole({
      ...request,
      ProvidedContexts: [{ ProviderArn: "arn:aws:iam::aws:contextProvider/IdentityCenter", ContextAssertion: "abcd" }],
    }),
  ).rejects.toMatchObject({ status: 501 });
});

test("a session ends with its role: one made anew under the same name is another", async () => {
  await createRole(trusting({ AWS: account }));
  const { Credentials: credentials } = await platform.aws().sts.AssumeRole(request);
  const worker = platform.aws(await principalOf(credentials!.AccessKeyId));
  await platform.aws().iam.DeleteRole({ RoleName: "worker" });
  await createRole(trusting({ AWS: account }));
  await expect(worker.iam.ListUsers({})).rejects.toMatchObject({ code: "InvalidClientTokenId", status: 403 });
});
