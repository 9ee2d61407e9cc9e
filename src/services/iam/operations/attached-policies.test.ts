import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = () => platform.aws().iam;
const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" },
});
const own = `arn:aws:iam::${account}:policy/p`;

beforeEach(async () => {
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "*", Resource: "*" },
  });
  await iam().CreatePolicy({ PolicyName: "p", PolicyDocument });
  await iam().CreateUser({ UserName: "alice" });
  await iam().CreateRole({ RoleName: "worker", AssumeRolePolicyDocument: trust });
});

test("a user's policies: attach, list, detach", async () => {
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: own });
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: readOnly });
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: readOnly });
  const { AttachedPolicies: attached } = await iam().ListAttachedUserPolicies({ UserName: "alice" });
  expect(attached).toEqual([
    { PolicyName: "p", PolicyArn: own },
    { PolicyName: "ReadOnlyAccess", PolicyArn: readOnly },
  ]);
  expect((await iam().GetPolicy({ PolicyArn: own })).Policy?.AttachmentCount).toBe(1);
  await iam().DetachUserPolicy({ UserName: "alice", PolicyArn: own });
  expect((await iam().ListAttachedUserPolicies({ UserName: "alice" })).AttachedPolicies).toHaveLength(1);
  await expect(iam().DetachUserPolicy({ UserName: "alice", PolicyArn: own })).rejects.toMatchObject({
    code: "NoSuchEntity",
    status: 404,
    message: `Policy ${own} was not found.`,
  });
});

test("a role's policies: attach, page, detach", async () => {
  await iam().AttachRolePolicy({ RoleName: "worker", PolicyArn: own });
  await iam().AttachRolePolicy({ RoleName: "worker", PolicyArn: readOnly });
  const first = await iam().ListAttachedRolePolicies({ RoleName: "worker", MaxItems: 1 });
  expect(first).toMatchObject({ IsTruncated: true, AttachedPolicies: [{ PolicyName: "p" }] });
  const rest = await iam().ListAttachedRolePolicies({ RoleName: "worker", Marker: first.Marker });
  expect(rest).toMatchObject({ IsTruncated: false, AttachedPolicies: [{ PolicyName: "ReadOnlyAccess" }] });
  await iam().DetachRolePolicy({ RoleName: "worker", PolicyArn: own });
  await iam().DetachRolePolicy({ RoleName: "worker", PolicyArn: readOnly });
  expect((await iam().ListAttachedRolePolicies({ RoleName: "worker" })).AttachedPolicies).toEqual([]);
});

test("attaching wants both there", async () => {
  await expect(iam().AttachRolePolicy({ RoleName: "worker", PolicyArn: `${own}x` })).rejects.toMatchObject({
    code: "NoSuchEntity",
    message: `Policy ${own}x does not exist or is not attachable.`,
  });
  await expect(iam().AttachRolePolicy({ RoleName: "nobody", PolicyArn: own })).rejects.toMatchObject({
    code: "NoSuchEntity",
    message: "The role with name nobody cannot be found.",
  });
  await expect(iam().ListAttachedUserPolicies({ UserName: "nobody" })).rejects.toMatchObject({ code: "NoSuchEntity" });
});

test("no more than 20 policies at one role", async () => {
  const { Policies: policies } = await iam().ListPolicies({ Scope: "AWS", MaxItems: 21 });
  const attach = (arn: string) => iam().AttachRolePolicy({ RoleName: "worker", PolicyArn: arn });
  for (const { Arn } of policies!.slice(0, 20)) await attach(Arn!);
  await expect(attach(policies![20]!.Arn!)).rejects.toMatchObject({
    code: "LimitExceeded",
    status: 409,
    message: "Cannot exceed quota for PoliciesPerRole: 20",
  });
});
