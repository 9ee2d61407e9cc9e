import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = () => platform.aws().iam;
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const create = (more: object = {}) =>
  iam().CreateRole({ RoleName: "worker", AssumeRolePolicyDocument: trust, ...more });

test("CreateRole answers the role that GetRole then finds, its policy percent-encoded", async () => {
  const created = await create({
    Path: "/service-role/",
    Description: "Works.",
    MaxSessionDuration: 7200,
    PermissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    Tags: [{ Key: "a", Value: "1" }],
  });
  expect(created.Role).toEqual({
    Path: "/service-role/",
    RoleName: "worker",
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${account}:role/service-role/worker`,
    CreateDate: new Date(platform.clock.now()),
    AssumeRolePolicyDocument: expect.stringMatching(/^%7B%22Version%22%3A%222012-10-17%22/),
    Description: "Works.",
    MaxSessionDuration: 7200,
    PermissionsBoundary: {
      PermissionsBoundaryType: "PermissionsBoundaryPolicy",
      PermissionsBoundaryArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    },
    Tags: [{ Key: "a", Value: "1" }],
  });
  expect(decodeURIComponent(created.Role.AssumeRolePolicyDocument!)).toBe(trust);
  expect(await iam().GetRole({ RoleName: "worker" })).toEqual({ Role: { ...created.Role, RoleLastUsed: {} } });
});

test("a role is an hour's session long and has no description, unless told", async () => {
  const { Role: role } = await create();
  expect(role).toMatchObject({ Path: "/", MaxSessionDuration: 3600 });
  expect(role).not.toHaveProperty("Description");
  expect(role).not.toHaveProperty("Tags");
});

test("names are unique without regard to case", async () => {
  await create();
  await expect(create({ RoleName: "WORKER" })).rejects.toMatchObject({
    code: "EntityAlreadyExists",
    status: 409,
    message: "Role with name WORKER already exists.",
  });
});

test("GetRole tells AWS's not-found", async () => {
  await expect(iam().GetRole({ RoleName: "nobody" })).rejects.toMatchObject({
    code: "NoSuchEntity",
    status: 404,
    message: "The role with name nobody cannot be found.",
  });
});

test.each([
  ["{", "Syntax errors in policy."],
  [trust.replace("sts:AssumeRole", "s3:GetObject"), "AssumeRole policy may only specify STS AssumeRole actions."],
  [trust.replace('"Action"', '"Resource":"*","Action"'), "Has prohibited field Resource"],
  [trust.replace("lambda.amazonaws.com", "lambda"), 'Invalid principal in policy: "SERVICE":"lambda"'],
])("refuses %s as trust policy", async (document, message) => {
  const refusal = { code: "MalformedPolicyDocument", status: 400, message };
  await expect(create({ AssumeRolePolicyDocument: document })).rejects.toMatchObject(refusal);
  await create();
  await expect(iam().UpdateAssumeRolePolicy({ RoleName: "worker", PolicyDocument: document })).rejects.toMatchObject(
    refusal,
  );
});

test("refuses a trust policy that is too long, white space not counted", async () => {
  const long = (size: number) => trust.replace("{", `{"Id":"${"x".repeat(size)}",`);
  await expect(create({ AssumeRolePolicyDocument: long(4096) })).rejects.toMatchObject({
    code: "LimitExceeded",
    message: "Cannot exceed quota for ACLSizePerRole: 4096",
  });
  await create({ AssumeRolePolicyDocument: trust.replace("{", `{${" ".repeat(5000)}`) });
});

test("UpdateAssumeRolePolicy replaces the trust policy", async () => {
  await create();
  const changed = trust.replace("lambda", "states");
  await iam().UpdateAssumeRolePolicy({ RoleName: "worker", PolicyDocument: changed });
  const { Role: role } = await iam().GetRole({ RoleName: "worker" });
  expect(decodeURIComponent(role.AssumeRolePolicyDocument!)).toBe(changed);
});

test("UpdateRole and UpdateRoleDescription change what they name", async () => {
  await create({ Description: "one" });
  await iam().UpdateRole({ RoleName: "worker", MaxSessionDuration: 43_200 });
  expect((await iam().GetRole({ RoleName: "worker" })).Role).toMatchObject({
    Description: "one",
    MaxSessionDuration: 43_200,
  });
  await iam().UpdateRole({ RoleName: "worker", Description: "two" });
  expect((await iam().GetRole({ RoleName: "worker" })).Role).toMatchObject({
    Description: "two",
    MaxSessionDuration: 43_200,
  });
  const { Role: role } = await iam().UpdateRoleDescription({ RoleName: "worker", Description: "three" });
  expect(role?.Description).toBe("three");
});

test("DeleteRole wants policies gone first", async () => {
  await create();
  await iam().AttachRolePolicy({ RoleName: "worker", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
  await iam().PutRolePolicy({
    RoleName: "worker",
    PolicyName: "p",
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "*", Resource: "*" },
    }),
  });
  const remove = () => iam().DeleteRole({ RoleName: "worker" });
  const conflict = (message: string) => ({ code: "DeleteConflict", status: 409, message });
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must detach all policies first."));
  await iam().DetachRolePolicy({ RoleName: "worker", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must delete policies first."));
  await iam().DeleteRolePolicy({ RoleName: "worker", PolicyName: "p" });
  await remove();
  await expect(remove()).rejects.toMatchObject({ code: "NoSuchEntity" });
});

test("ListRoles pages and filters by path", async () => {
  for (const name of ["c", "a", "b"]) await create({ RoleName: name, Path: name === "b" ? "/x/" : "/" });
  const first = await iam().ListRoles({ MaxItems: 2 });
  expect(first.Roles.map(({ RoleName }) => RoleName)).toEqual(["a", "b"]);
  const rest = await iam().ListRoles({ MaxItems: 2, Marker: first.Marker });
  expect(rest.Roles.map(({ RoleName }) => RoleName)).toEqual(["c"]);
  expect((await iam().ListRoles({ PathPrefix: "/x/" })).Roles).toHaveLength(1);
});

test("what is not built says so", async () => {
  await expect(iam().CreateGroup({ GroupName: "g" })).rejects.toMatchObject({ status: 501 });
  await expect(iam().CreateInstanceProfile({ InstanceProfileName: "p" })).rejects.toMatchObject({ status: 501 });
});
