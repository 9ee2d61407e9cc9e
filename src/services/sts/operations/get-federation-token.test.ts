import { afterAll, beforeAll, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { stsIdentity } from "../identity-provider.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeAll(async () => {
  platform = await testPlatform();
});
afterAll(() => platform.close());

const document = (action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: action, Resource: "*" } });

async function principalOf(accessKeyId: string) {
  const identity = stsIdentity((of) => platform.kernel.context("sts", of, "us-east-1"));
  return (await identity.findCredential(accessKeyId))!.principal;
}

async function broker(name: string, action: string) {
  const { User: user } = await platform.aws().iam.CreateUser({ UserName: name });
  await platform.aws().iam.PutUserPolicy({ UserName: name, PolicyName: "p", PolicyDocument: document(action) });
  return { kind: "user", account, arn: user!.Arn, userName: name, userId: user!.UserId } as const;
}

test("the federated user may do what both its issuer and the given policy allow", async () => {
  const issuer = platform.aws(await broker("broker", "*"));
  const answer = await issuer.sts.GetFederationToken({ Name: "bob", Policy: document("logs:Describe*") });
  expect(answer.FederatedUser).toEqual({
    FederatedUserId: `${account}:bob`,
    Arn: `arn:aws:sts::${account}:federated-user/bob`,
  });
  expect(answer.PackedPolicySize).toBeGreaterThan(0);
  expect(answer.Credentials?.Expiration).toEqual(new Date(platform.clock.now() + 12 * 3600_000));
  const bob = platform.aws(await principalOf(answer.Credentials!.AccessKeyId));
  expect((await bob.logs.DescribeLogGroups({})).logGroups).toEqual([]);
  await expect(bob.logs.CreateLogGroup({ logGroupName: "x" })).rejects.toThrow(/because no session policy allows/);
});

test("without a policy it may do nothing", async () => {
  const answer = await platform.aws().sts.GetFederationToken({ Name: "carol" });
  const carol = platform.aws(await principalOf(answer.Credentials!.AccessKeyId));
  await expect(carol.logs.DescribeLogGroups({})).rejects.toThrow(
    /because no session policy allows the logs:DescribeLogGroups action/,
  );
  expect((await carol.sts.GetCallerIdentity({})).Arn).toBe(`arn:aws:sts::${account}:federated-user/carol`);
});

test("needs permission, and for tags another", async () => {
  const nobody = platform.aws(await broker("nobody", "s3:*"));
  await expect(nobody.sts.GetFederationToken({ Name: "bob" })).rejects.toMatchObject({
    code: "AccessDenied",
    message: `User: arn:aws:iam::${account}:user/nobody is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::${account}:federated-user/bob because no identity-based policy allows the sts:GetFederationToken action`,
  });
  const untagged = platform.aws(await broker("untagged", "sts:GetFederationToken"));
  await expect(untagged.sts.GetFederationToken({ Name: "bob", Tags: [{ Key: "a", Value: "b" }] })).rejects.toThrow(
    /sts:TagSession/,
  );
});

test("federated users cannot call IAM, nor STS, and policies are checked", async () => {
  const answer = await platform.aws().sts.GetFederationToken({ Name: "dave", Policy: document("*") });
  const dave = platform.aws(await principalOf(answer.Credentials!.AccessKeyId));
  const refusal = { code: "InvalidClientTokenId", status: 403 };
  await expect(dave.iam.ListUsers({})).rejects.toMatchObject(refusal);
  await expect(dave.sts.GetFederationToken({ Name: "eve" })).rejects.toMatchObject(refusal);
  await expect(dave.sts.GetSessionToken({})).rejects.toMatchObject({
    code: "AccessDenied",
    message: "Cannot call GetSessionToken with session credentials",
  });
  await expect(platform.aws().sts.GetFederationToken({ Name: "eve", Policy: "x" })).rejects.toMatchObject({
    code: "MalformedPolicyDocument",
  });
});
