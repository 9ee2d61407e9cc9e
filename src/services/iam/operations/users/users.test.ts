import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = () => platform.aws().iam;
const policy = JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } });

test("CreateUser answers the user that GetUser then finds", async () => {
  const created = await iam().CreateUser({ UserName: "alice", Path: "/team/", Tags: [{ Key: "a", Value: "1" }] });
  expect(created.User).toEqual({
    Path: "/team/",
    UserName: "alice",
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${account}:user/team/alice`,
    CreateDate: new Date(platform.clock.now()),
    Tags: [{ Key: "a", Value: "1" }],
  });
  expect(await iam().GetUser({ UserName: "alice" })).toEqual({ User: created.User });
  await platform.restart();
  expect(await iam().GetUser({ UserName: "alice" })).toEqual({ User: created.User });
});

test("names are unique without regard to case", async () => {
  await iam().CreateUser({ UserName: "alice" });
  await expect(iam().CreateUser({ UserName: "Alice" })).rejects.toMatchObject({
    code: "EntityAlreadyExists",
    status: 409,
    message: "User with name Alice already exists.",
  });
});

test("one account's users are not another's", async () => {
  await iam().CreateUser({ UserName: "alice" });
  const other = platform.aws(undefined, { account: "111122223333" }).iam;
  await expect(other.GetUser({ UserName: "alice" })).rejects.toMatchObject({ code: "NoSuchEntity" });
});

test("all regions of an account share its users", async () => {
  await iam().CreateUser({ UserName: "alice" });
  expect((await platform.aws(undefined, { region: "eu-west-1" }).iam.ListUsers({})).Users).toHaveLength(1);
});

test("GetUser tells AWS's not-found, and without a name who calls", async () => {
  await expect(iam().GetUser({ UserName: "nobody" })).rejects.toMatchObject({
    code: "NoSuchEntity",
    status: 404,
    message: "The user with name nobody cannot be found.",
  });
  expect((await iam().GetUser({})).User).toMatchObject({ UserId: account, Arn: `arn:aws:iam::${account}:root` });
  const { User: user } = await iam().CreateUser({ UserName: "alice" });
  await iam().PutUserPolicy({
    UserName: "alice",
    PolicyName: "p",
    PolicyDocument: policy.replace("s3:*", "iam:GetUser"),
  });
  const alice = { kind: "user", account, arn: user!.Arn, userName: "alice", userId: user!.UserId } as const;
  expect((await platform.aws(alice).iam.GetUser({})).User.UserName).toBe("alice");
});

test("UpdateUser renames and moves; keys and policies go along", async () => {
  const { User: before } = await iam().CreateUser({ UserName: "alice" });
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
  const { AccessKey: key } = await iam().CreateAccessKey({ UserName: "alice" });
  await iam().UpdateUser({ UserName: "alice", NewUserName: "alicia", NewPath: "/x/" });
  await expect(iam().GetUser({ UserName: "alice" })).rejects.toMatchObject({ code: "NoSuchEntity" });
  const { User: after } = await iam().GetUser({ UserName: "alicia" });
  expect(after).toMatchObject({ UserId: before?.UserId, Arn: `arn:aws:iam::${account}:user/x/alicia` });
  const keys = await iam().ListAccessKeys({ UserName: "alicia" });
  expect(keys.AccessKeyMetadata).toMatchObject([{ AccessKeyId: key.AccessKeyId, UserName: "alicia" }]);
  const { PolicyUsers: found } = await iam().ListEntitiesForPolicy({
    PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
  });
  expect(found).toEqual([{ UserName: "alicia", UserId: before?.UserId }]);
});

test("UpdateUser takes no name that somebody has", async () => {
  await iam().CreateUser({ UserName: "alice" });
  await iam().CreateUser({ UserName: "bob" });
  await expect(iam().UpdateUser({ UserName: "bob", NewUserName: "ALICE" })).rejects.toMatchObject({
    code: "EntityAlreadyExists",
  });
  await iam().UpdateUser({ UserName: "bob", NewUserName: "Bob" });
  expect((await iam().GetUser({ UserName: "Bob" })).User.UserName).toBe("Bob");
});

test("DeleteUser wants keys, attached and inline policies gone first", async () => {
  await iam().CreateUser({ UserName: "alice", PermissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
  const { AccessKey: key } = await iam().CreateAccessKey({ UserName: "alice" });
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
  await iam().PutUserPolicy({ UserName: "alice", PolicyName: "p", PolicyDocument: policy });
  const remove = () => iam().DeleteUser({ UserName: "alice" });
  const conflict = (message: string) => ({ code: "DeleteConflict", status: 409, message });
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must delete access keys first."));
  await iam().DeleteAccessKey({ UserName: "alice", AccessKeyId: key.AccessKeyId });
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must detach all policies first."));
  await iam().DetachUserPolicy({ UserName: "alice", PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
  await expect(remove()).rejects.toMatchObject(conflict("Cannot delete entity, must delete policies first."));
  await iam().DeleteUserPolicy({ UserName: "alice", PolicyName: "p" });
  await remove();
  await expect(remove()).rejects.toMatchObject({ code: "NoSuchEntity" });
  const { PolicyUsers: found } = await iam().ListEntitiesForPolicy({
    PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
  });
  expect(found).toEqual([]);
});

test("ListUsers pages by marker, in the order of names, and filters by path", async () => {
  for (const name of ["dave", "Alice", "carol", "bob"]) {
    await iam().CreateUser({
      UserName: name,
      ...(name === "carol" && { Path: "/team/" }),
      Tags: [{ Key: "k", Value: "v" }],
    });
  }
  const first = await iam().ListUsers({ MaxItems: 3 });
  expect(first.Users.map(({ UserName }) => UserName)).toEqual(["Alice", "bob", "carol"]);
  expect(first.IsTruncated).toBe(true);
  expect(first.Users[0]).not.toHaveProperty("Tags");
  const second = await iam().ListUsers({ MaxItems: 3, Marker: first.Marker });
  expect(second.Users.map(({ UserName }) => UserName)).toEqual(["dave"]);
  expect(second).toMatchObject({ IsTruncated: false });
  expect(second).not.toHaveProperty("Marker");
  expect((await iam().ListUsers({ PathPrefix: "/te" })).Users).toHaveLength(1);
  await expect(iam().ListUsers({ Marker: "!" })).rejects.toMatchObject({ code: "ValidationError", status: 400 });
});
