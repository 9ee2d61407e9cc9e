import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";
import { accountOfAccessKey } from "../../../../kernel/access-key-id.ts";
import { iamIdentity } from "../../identity-provider.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = () => platform.aws().iam;

beforeEach(async () => {
  await iam().CreateUser({ UserName: "alice" });
});

/** Whom the front door takes a key for. */
const find = (accessKeyId: string) =>
  iamIdentity((of) => platform.kernel.context("iam", of, "us-east-1")).findCredential(accessKeyId);

test("CreateAccessKey makes a key that stands for the user", async () => {
  const { AccessKey: key } = await iam().CreateAccessKey({ UserName: "alice" });
  expect(key).toMatchObject({ UserName: "alice", Status: "Active", CreateDate: new Date(platform.clock.now()) });
  expect(key.AccessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(accountOfAccessKey(key.AccessKeyId)).toBe(account);
  expect(key.SecretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  const { User: user } = await iam().GetUser({ UserName: "alice" });
  expect(await find(key.AccessKeyId)).toEqual({
    accessKeyId: key.AccessKeyId,
    secretAccessKey: key.SecretAccessKey,
    active: true,
    principal: { kind: "user", account, arn: user.Arn, userName: "alice", userId: user.UserId },
  });
});

test("a user has two keys at most", async () => {
  await iam().CreateAccessKey({ UserName: "alice" });
  await iam().CreateAccessKey({ UserName: "alice" });
  await expect(iam().CreateAccessKey({ UserName: "alice" })).rejects.toMatchObject({
    code: "LimitExceeded",
    status: 409,
    message: "Cannot exceed quota for AccessKeysPerUser: 2",
  });
  await expect(iam().CreateAccessKey({ UserName: "nobody" })).rejects.toMatchObject({ code: "NoSuchEntity" });
  await expect(iam().CreateAccessKey({})).rejects.toMatchObject({ code: "ValidationError" });
});

test("ListAccessKeys tells no secret, and pages", async () => {
  await iam().CreateAccessKey({ UserName: "alice" });
  await iam().CreateAccessKey({ UserName: "alice" });
  const first = await iam().ListAccessKeys({ UserName: "alice", MaxItems: 1 });
  expect(Object.keys(first.AccessKeyMetadata[0]!).toSorted()).toEqual([
    "AccessKeyId",
    "CreateDate",
    "Status",
    "UserName",
  ]);
  const second = await iam().ListAccessKeys({ UserName: "alice", MaxItems: 1, Marker: first.Marker });
  expect(second.IsTruncated).toBe(false);
  expect(second.AccessKeyMetadata[0]?.AccessKeyId).not.toBe(first.AccessKeyMetadata[0]?.AccessKeyId);
  expect((await iam().ListAccessKeys({})).AccessKeyMetadata).toEqual([]);
});

test("UpdateAccessKey makes a key inactive and active again", async () => {
  const { AccessKey: key } = await iam().CreateAccessKey({ UserName: "alice" });
  await iam().UpdateAccessKey({ UserName: "alice", AccessKeyId: key.AccessKeyId, Status: "Inactive" });
  expect(await find(key.AccessKeyId)).toMatchObject({ active: false });
  await iam().UpdateAccessKey({ UserName: "alice", AccessKeyId: key.AccessKeyId, Status: "Active" });
  expect(await find(key.AccessKeyId)).toMatchObject({ active: true });
});

test("DeleteAccessKey ends a key for good", async () => {
  const { AccessKey: key } = await iam().CreateAccessKey({ UserName: "alice" });
  await iam().CreateUser({ UserName: "bob" });
  const missing = { code: "NoSuchEntity", message: `The Access Key with id ${key.AccessKeyId} cannot be found.` };
  await expect(iam().DeleteAccessKey({ UserName: "bob", AccessKeyId: key.AccessKeyId })).rejects.toMatchObject(missing);
  await iam().DeleteAccessKey({ UserName: "alice", AccessKeyId: key.AccessKeyId });
  // Known as refused, rather than unknown: in lenient mode unknown keys stand for root.
  expect(await find(key.AccessKeyId)).toMatchObject({ active: false, principal: { kind: "anonymous" } });
  await expect(iam().DeleteAccessKey({ UserName: "alice", AccessKeyId: key.AccessKeyId })).rejects.toMatchObject(
    missing,
  );
  expect((await iam().CreateAccessKey({ UserName: "alice" })).AccessKey.AccessKeyId).not.toBe(key.AccessKeyId);
});

test("GetAccessKeyLastUsed tells whose key it is", async () => {
  const { AccessKey: key } = await iam().CreateAccessKey({ UserName: "alice" });
  expect(await iam().GetAccessKeyLastUsed({ AccessKeyId: key.AccessKeyId })).toEqual({
    UserName: "alice",
    AccessKeyLastUsed: { ServiceName: "N/A", Region: "N/A" },
  });
  await expect(iam().GetAccessKeyLastUsed({ AccessKeyId: "AKIAIOSFODNN7EXAMPLE" })).rejects.toMatchObject({
    code: "AccessDenied",
  });
});
