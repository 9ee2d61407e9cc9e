import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = () => platform.aws().iam;
const document = (action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });
const arn = `arn:aws:iam::${account}:policy/p`;
const create = (more: object = {}) =>
  iam().CreatePolicy({ PolicyName: "p", PolicyDocument: document("s3:*"), ...more });

test("CreatePolicy answers the policy that GetPolicy then finds", async () => {
  const { Policy: created } = await create({ Path: "/x/", Description: "d", Tags: [{ Key: "a", Value: "1" }] });
  const now = new Date(platform.clock.now());
  const policy = {
    PolicyName: "p",
    PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${account}:policy/x/p`,
    Path: "/x/",
    DefaultVersionId: "v1",
    AttachmentCount: 0,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: now,
    UpdateDate: now,
    Tags: [{ Key: "a", Value: "1" }],
  };
  expect(created).toEqual(policy);
  expect(await iam().GetPolicy({ PolicyArn: created!.Arn! })).toEqual({ Policy: { ...policy, Description: "d" } });
});

test("names are unique, whatever the path", async () => {
  await create();
  await expect(create({ Path: "/y/" })).rejects.toMatchObject({
    code: "EntityAlreadyExists",
    status: 409,
    message: "A policy called p already exists. Duplicate names are not allowed.",
  });
});

test("refuses documents that IAM would refuse", async () => {
  await expect(create({ PolicyDocument: "{}" })).rejects.toMatchObject({
    code: "MalformedPolicyDocument",
    status: 400,
    message: "Syntax errors in policy.",
  });
  await expect(create({ PolicyDocument: document("s3:*").replace("2012", "2008") })).rejects.toMatchObject({
    message: "Policy document must be version 2012-10-17 or greater.",
  });
  await expect(create({ PolicyDocument: document(`s3:${"x".repeat(6144)}`) })).rejects.toMatchObject({
    code: "LimitExceeded",
    message: "Cannot exceed quota for PolicySize: 6144",
  });
});

test("GetPolicy tells AWS's not-found, and finds AWS's own policies", async () => {
  await expect(iam().GetPolicy({ PolicyArn: arn })).rejects.toMatchObject({
    code: "NoSuchEntity",
    status: 404,
    message: `Policy ${arn} was not found.`,
  });
  await expect(iam().GetPolicy({ PolicyArn: "arn:aws:iam::aws:policy/Nonsense" })).rejects.toMatchObject({
    code: "NoSuchEntity",
  });
  await expect(iam().GetPolicy({ PolicyArn: "arn:aws:s3:::not-a-policy" })).rejects.toMatchObject({
    code: "InvalidInput",
  });
  const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
  const { Policy: policy } = await iam().GetPolicy({ PolicyArn });
  expect(policy).toMatchObject({ Arn: PolicyArn, Path: "/service-role/", PolicyName: "AWSLambdaBasicExecutionRole" });
  const { PolicyVersion: version } = await iam().GetPolicyVersion({ PolicyArn, VersionId: "v1" });
  expect(decodeURIComponent(version!.Document!)).toContain("logs:PutLogEvents");
  await expect(iam().DeletePolicy({ PolicyArn })).rejects.toMatchObject({ code: "AccessDenied", status: 403 });
});

test("versions: five at most, numbers never used again, one the default", async () => {
  await create();
  const add = (SetAsDefault: boolean) =>
    iam().CreatePolicyVersion({ PolicyArn: arn, PolicyDocument: document("sqs:*"), SetAsDefault });
  expect((await add(false)).PolicyVersion).toEqual({
    VersionId: "v2",
    IsDefaultVersion: false,
    CreateDate: new Date(platform.clock.now()),
  });
  await add(true);
  await add(false);
  await add(false);
  await expect(add(false)).rejects.toMatchObject({
    code: "LimitExceeded",
    status: 409,
    message:
      "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
  });
  await expect(iam().DeletePolicyVersion({ PolicyArn: arn, VersionId: "v3" })).rejects.toMatchObject({
    code: "DeleteConflict",
    message: "Cannot delete the default version of a policy.",
  });
  await iam().DeletePolicyVersion({ PolicyArn: arn, VersionId: "v5" });
  expect((await add(false)).PolicyVersion?.VersionId).toBe("v6");
  await iam().SetDefaultPolicyVersion({ PolicyArn: arn, VersionId: "v1" });
  const { Versions: versions } = await iam().ListPolicyVersions({ PolicyArn: arn });
  expect(versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).toEqual([
    ["v6", false],
    ["v4", false],
    ["v3", false],
    ["v2", false],
    ["v1", true],
  ]);
  const page = await iam().ListPolicyVersions({ PolicyArn: arn, MaxItems: 3 });
  const rest = await iam().ListPolicyVersions({ PolicyArn: arn, Marker: page.Marker });
  expect(rest.Versions?.map(({ VersionId }) => VersionId)).toEqual(["v2", "v1"]);
  await expect(iam().GetPolicyVersion({ PolicyArn: arn, VersionId: "v9" })).rejects.toMatchObject({
    code: "NoSuchEntity",
    message: `Policy ${arn} version v9 does not exist or is not attachable.`,
  });
});

test("DeletePolicy wants no users and no other versions", async () => {
  await create();
  await iam().CreateUser({ UserName: "alice" });
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: arn });
  const remove = () => iam().DeletePolicy({ PolicyArn: arn });
  await expect(remove()).rejects.toMatchObject({
    code: "DeleteConflict",
    status: 409,
    message: "Cannot delete a policy attached to entities.",
  });
  await iam().DetachUserPolicy({ UserName: "alice", PolicyArn: arn });
  await iam().CreatePolicyVersion({ PolicyArn: arn, PolicyDocument: document("a:b") });
  await expect(remove()).rejects.toThrow(/more than one version/);
  await iam().DeletePolicyVersion({ PolicyArn: arn, VersionId: "v2" });
  await remove();
  await expect(remove()).rejects.toMatchObject({ code: "NoSuchEntity" });
});

test("ListPolicies filters by scope, path and use, and pages", async () => {
  await create();
  await create({ PolicyName: "q", Path: "/x/" });
  await iam().CreateUser({ UserName: "alice", PermissionsBoundary: `arn:aws:iam::${account}:policy/x/q` });
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: arn });
  const names = async (request: object) =>
    (await iam().ListPolicies(request)).Policies?.map(({ PolicyName }) => PolicyName);
  expect(await names({ Scope: "Local" })).toEqual(["p", "q"]);
  expect(await names({ Scope: "Local", PathPrefix: "/x/" })).toEqual(["q"]);
  expect(await names({ OnlyAttached: true })).toEqual(["p"]);
  expect(await names({ PolicyUsageFilter: "PermissionsBoundary" })).toEqual(["q"]);
  expect(await names({ Scope: "AWS" })).toContain("AdministratorAccess");
  const first = await iam().ListPolicies({ Scope: "Local", MaxItems: 1 });
  expect(first.IsTruncated).toBe(true);
  expect(await names({ Scope: "Local", Marker: first.Marker })).toEqual(["q"]);
});

test("ListEntitiesForPolicy tells who uses a policy, and how", async () => {
  await create();
  const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" },
  });
  const { User: alice } = await iam().CreateUser({ UserName: "alice", PermissionsBoundary: arn });
  const { Role: worker } = await iam().CreateRole({ RoleName: "worker", AssumeRolePolicyDocument: trust });
  await iam().AttachRolePolicy({ RoleName: "worker", PolicyArn: arn });
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: arn });
  const list = (more: object = {}) => iam().ListEntitiesForPolicy({ PolicyArn: arn, ...more });
  const user = { UserName: "alice", UserId: alice?.UserId };
  const role = { RoleName: "worker", RoleId: worker.RoleId };
  expect(await list()).toEqual({ PolicyGroups: [], PolicyUsers: [user], PolicyRoles: [role], IsTruncated: false });
  expect(await list({ EntityFilter: "Role" })).toMatchObject({ PolicyUsers: [], PolicyRoles: [role] });
  expect(await list({ PolicyUsageFilter: "PermissionsBoundary" })).toMatchObject({
    PolicyUsers: [user],
    PolicyRoles: [],
  });
  expect(await list({ PathPrefix: "/x/" })).toMatchObject({ PolicyUsers: [], PolicyRoles: [] });
  const page = await list({ MaxItems: 1 });
  expect(page).toMatchObject({ IsTruncated: true, PolicyUsers: [], PolicyRoles: [role] });
  expect(await list({ Marker: page.Marker })).toMatchObject({
    IsTruncated: false,
    PolicyUsers: [user],
    PolicyRoles: [],
  });
});
