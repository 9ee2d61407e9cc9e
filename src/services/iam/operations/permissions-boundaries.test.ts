import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = () => platform.aws().iam;
const readOnly = "arn:aws:iam::aws:policy/IAMReadOnlyAccess";
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" },
});

test("a user's boundary limits what its policies allow, until it is taken away", async () => {
  const { User: user } = await iam().CreateUser({ UserName: "alice" });
  const alice = { kind: "user", account, arn: user!.Arn, userName: "alice", userId: user!.UserId } as const;
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
  await iam().PutUserPermissionsBoundary({ UserName: "alice", PermissionsBoundary: readOnly });
  expect((await iam().GetUser({ UserName: "alice" })).User.PermissionsBoundary?.PermissionsBoundaryArn).toBe(readOnly);
  await expect(platform.aws(alice).iam.CreateUser({ UserName: "bob" })).rejects.toMatchObject({
    code: "AccessDenied",
    message: `User: ${user?.Arn} is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::${account}:user/bob because no permissions boundary allows the iam:CreateUser action`,
  });
  await iam().DeleteUserPermissionsBoundary({ UserName: "alice" });
  expect((await iam().GetPolicy({ PolicyArn: readOnly })).Policy?.PermissionsBoundaryUsageCount).toBe(0);
  expect((await platform.aws(alice).iam.CreateUser({ UserName: "bob" })).User?.UserName).toBe("bob");
});

test("a role's boundary: put, replace, delete", async () => {
  await iam().CreateRole({ RoleName: "worker", AssumeRolePolicyDocument: trust, PermissionsBoundary: readOnly });
  const PermissionsBoundary = "arn:aws:iam::aws:policy/PowerUserAccess";
  await iam().PutRolePermissionsBoundary({ RoleName: "worker", PermissionsBoundary });
  expect((await iam().GetPolicy({ PolicyArn: readOnly })).Policy?.PermissionsBoundaryUsageCount).toBe(0);
  expect((await iam().GetPolicy({ PolicyArn: PermissionsBoundary })).Policy?.PermissionsBoundaryUsageCount).toBe(1);
  await iam().DeleteRolePermissionsBoundary({ RoleName: "worker" });
  expect((await iam().GetRole({ RoleName: "worker" })).Role).not.toHaveProperty("PermissionsBoundary");
  await expect(iam().DeleteRolePermissionsBoundary({ RoleName: "worker" })).rejects.toMatchObject({
    code: "NoSuchEntity",
  });
});

test("a boundary is a policy that exists", async () => {
  await iam().CreateUser({ UserName: "alice" });
  const PermissionsBoundary = `arn:aws:iam::${account}:policy/nothing`;
  const refusal = {
    code: "NoSuchEntity",
    message: `Policy ${PermissionsBoundary} does not exist or is not attachable.`,
  };
  await expect(iam().PutUserPermissionsBoundary({ UserName: "alice", PermissionsBoundary })).rejects.toMatchObject(
    refusal,
  );
  await expect(iam().CreateUser({ UserName: "bob", PermissionsBoundary })).rejects.toMatchObject(refusal);
  await expect(iam().GetUser({ UserName: "bob" })).rejects.toMatchObject({ code: "NoSuchEntity" });
});
