import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = () => platform.aws().iam;
const PolicyArn = `arn:aws:iam::${account}:policy/p`;
const tag = (Key: string, Value = "1") => ({ Key, Value });

beforeEach(async () => {
  const statement = { Effect: "Allow", Action: "sts:AssumeRole" };
  const document = (more: object) => JSON.stringify({ Version: "2012-10-17", Statement: { ...statement, ...more } });
  await iam().CreateUser({ UserName: "alice", Tags: [tag("z")] });
  await iam().CreateRole({ RoleName: "worker", AssumeRolePolicyDocument: document({ Principal: "*" }) });
  await iam().CreatePolicy({ PolicyName: "p", PolicyDocument: document({ Resource: "*" }) });
});

test("a user's tags: set over others without regard to case, listed in order, taken away", async () => {
  await iam().TagUser({ UserName: "alice", Tags: [tag("Z", "2"), tag("a")] });
  const first = await iam().ListUserTags({ UserName: "alice", MaxItems: 1 });
  expect(first).toMatchObject({ Tags: [tag("Z", "2")], IsTruncated: true });
  expect(await iam().ListUserTags({ UserName: "alice", Marker: first.Marker })).toEqual({
    Tags: [tag("a")],
    IsTruncated: false,
  });
  await iam().UntagUser({ UserName: "alice", TagKeys: ["A", "not there"] });
  expect((await iam().GetUser({ UserName: "alice" })).User.Tags).toEqual([tag("Z", "2")]);
});

test("a role's tags and a policy's", async () => {
  await iam().TagRole({ RoleName: "worker", Tags: [tag("a")] });
  expect((await iam().ListRoleTags({ RoleName: "worker" })).Tags).toEqual([tag("a")]);
  await iam().UntagRole({ RoleName: "worker", TagKeys: ["a"] });
  expect((await iam().ListRoleTags({ RoleName: "worker" })).Tags).toEqual([]);
  await iam().TagPolicy({ PolicyArn, Tags: [tag("a")] });
  expect((await iam().ListPolicyTags({ PolicyArn })).Tags).toEqual([tag("a")]);
  await iam().UntagPolicy({ PolicyArn, TagKeys: ["a"] });
  expect((await iam().ListPolicyTags({ PolicyArn })).Tags).toEqual([]);
});

test("refuses keys twice, reserved keys, and more than 50", async () => {
  const put = (...Tags: { Key: string; Value: string }[]) => iam().TagUser({ UserName: "alice", Tags });
  await expect(put(tag("a"), tag("A"))).rejects.toMatchObject({
    code: "InvalidInput",
    message: "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
  });
  await expect(put(tag("aws:a"))).rejects.toMatchObject({ code: "InvalidInput" });
  await put(...Array.from({ length: 49 }, (_, index) => tag(`k${index}`)));
  await expect(put(tag("one-more"))).rejects.toMatchObject({ code: "LimitExceeded", status: 409 });
  await put(tag("k1", "changed"));
});

test("tags are of somebody", async () => {
  await expect(iam().TagUser({ UserName: "nobody", Tags: [tag("a")] })).rejects.toMatchObject({ code: "NoSuchEntity" });
  await expect(iam().ListRoleTags({ RoleName: "nobody" })).rejects.toMatchObject({ code: "NoSuchEntity" });
  await expect(
    iam().TagPolicy({ PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess", Tags: [tag("a")] }),
  ).rejects.toMatchObject({ code: "AccessDenied" });
});
