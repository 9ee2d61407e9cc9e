import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = () => platform.aws().iam;
const document = (action: string) =>
  `{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "${action}", "Resource": "*" } }`;

beforeEach(async () => {
  await iam().CreateUser({ UserName: "alice" });
  const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" },
  });
  await iam().CreateRole({ RoleName: "worker", AssumeRolePolicyDocument: trust });
});

test("a user's policies: put, get percent-encoded as given, replace, list, delete", async () => {
  const ref = { UserName: "alice", PolicyName: "p" };
  await iam().PutUserPolicy({ ...ref, PolicyDocument: document("s3:Get*") });
  await iam().PutUserPolicy({ ...ref, PolicyDocument: document("s3:(Put)'!") });
  const got = await iam().GetUserPolicy(ref);
  expect(got.PolicyDocument).toContain("%28Put%29%27%21");
  expect({ ...got, PolicyDocument: decodeURIComponent(got.PolicyDocument) }).toEqual({
    ...ref,
    PolicyDocument: document("s3:(Put)'!"),
  });
  await iam().PutUserPolicy({ ...ref, PolicyName: "__proto__", PolicyDocument: document("s3:*") });
  const first = await iam().ListUserPolicies({ UserName: "alice", MaxItems: 1 });
  expect(first).toMatchObject({ PolicyNames: ["__proto__"], IsTruncated: true });
  expect(await iam().ListUserPolicies({ UserName: "alice", Marker: first.Marker })).toEqual({
    PolicyNames: ["p"],
    IsTruncated: false,
  });
  await iam().DeleteUserPolicy(ref);
  const missing = { code: "NoSuchEntity", status: 404, message: "The user policy with name p cannot be found." };
  await expect(iam().GetUserPolicy(ref)).rejects.toMatchObject(missing);
  await expect(iam().DeleteUserPolicy(ref)).rejects.toMatchObject(missing);
});

test("a role's policies: put, get, list, delete", async () => {
  const ref = { RoleName: "worker", PolicyName: "p" };
  await iam().PutRolePolicy({ ...ref, PolicyDocument: document("s3:Get*") });
  expect(decodeURIComponent((await iam().GetRolePolicy(ref)).PolicyDocument)).toBe(document("s3:Get*"));
  expect((await iam().ListRolePolicies({ RoleName: "worker" })).PolicyNames).toEqual(["p"]);
  await iam().DeleteRolePolicy(ref);
  await expect(iam().GetRolePolicy(ref)).rejects.toMatchObject({
    message: "The role policy with name p cannot be found.",
  });
});

test("refuses what is no identity policy", async () => {
  const put = (PolicyDocument: string) => iam().PutRolePolicy({ RoleName: "worker", PolicyName: "p", PolicyDocument });
  const refusal = { code: "MalformedPolicyDocument", status: 400 };
  await expect(put("nonsense")).rejects.toMatchObject({ ...refusal, message: "Syntax errors in policy." });
  await expect(put(document("s3:Get*").replace('"Effect"', '"Principal": "*", "Effect"'))).rejects.toMatchObject({
    ...refusal,
    message: "Policy document should not specify a principal.",
  });
});

test("all inline policies of one user have 2,048 characters, of one role 10,240", async () => {
  const put = (UserName: string, PolicyName: string, size: number) =>
    iam().PutUserPolicy({ UserName, PolicyName, PolicyDocument: document(`s3:${"x".repeat(size)}`) });
  await put("alice", "a", 1000);
  await expect(put("alice", "b", 1000)).rejects.toMatchObject({
    code: "LimitExceeded",
    status: 409,
    message: "Maximum policy size of 2048 bytes exceeded for user alice",
  });
  await put("alice", "a", 1900);
  await expect(
    iam().PutRolePolicy({ RoleName: "worker", PolicyName: "p", PolicyDocument: document(`s3:${"x".repeat(10_240)}`) }),
  ).rejects.toMatchObject({ message: "Maximum policy size of 10240 bytes exceeded for role worker" });
});
