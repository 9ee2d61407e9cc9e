import { afterAll, beforeAll, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../test/harness/platform.ts";
import type { Principal } from "../../kernel/principal.ts";

const account = "000000000000";
let platform: TestPlatform;
let alice: Principal;

beforeAll(async () => {
  platform = await testPlatform();
  const { User: user } = await iam().CreateUser({ UserName: "alice", Path: "/team/" });
  alice = { kind: "user", account, arn: user!.Arn, userName: "alice", userId: user!.UserId };
  await iam().CreateUser({ UserName: "bob", Path: "/team/", Tags: [{ Key: "Stage", Value: "dev" }] });
  await iam().CreateUser({ UserName: "carol" });
  await iam().CreatePolicy({ PolicyName: "p", PolicyDocument: allow({}), Tags: [{ Key: "Stage", Value: "prod" }] });
});
afterAll(() => platform.close());

const iam = (as?: Principal) => platform.aws(as).iam;
const allow = (more: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "iam:*", Resource: "*", ...more } });
const grant = (more: object) =>
  iam().PutUserPolicy({ UserName: "alice", PolicyName: "p", PolicyDocument: allow(more) });

test("policies name users by their whole path", async () => {
  await grant({ Resource: `arn:aws:iam::${account}:user/team/*` });
  expect((await iam(alice).GetUser({ UserName: "bob" })).User.UserName).toBe("bob");
  await expect(iam(alice).GetUser({ UserName: "carol" })).rejects.toThrow(
    /on resource: arn:aws:iam::000000000000:user\/carol because/,
  );
  await grant({ Resource: `arn:aws:iam::${account}:user/bob` });
  await expect(iam(alice).GetUser({ UserName: "bob" })).rejects.toThrow(
    /on resource: arn:aws:iam::000000000000:user\/team\/bob because/,
  );
});

test("conditions ask for tags of the user or policy", async () => {
  await grant({ Condition: { StringEquals: { "aws:ResourceTag/stage": "dev" } } });
  expect((await iam(alice).GetUser({ UserName: "bob" })).User.UserName).toBe("bob");
  await expect(iam(alice).GetUser({ UserName: "carol" })).rejects.toMatchObject({ code: "AccessDenied" });
  const PolicyArn = `arn:aws:iam::${account}:policy/p`;
  await expect(iam(alice).GetPolicy({ PolicyArn })).rejects.toMatchObject({ code: "AccessDenied" });
  await grant({ Condition: { StringEquals: { "iam:ResourceTag/Stage": "prod" } } });
  expect((await iam(alice).GetPolicy({ PolicyArn })).Policy?.PolicyName).toBe("p");
});

test("conditions ask for tags, boundary and policy of the request", async () => {
  await grant({
    Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] }, StringEquals: { "aws:RequestTag/a": "1" } },
  });
  const create = (Value: string) => iam(alice).CreateUser({ UserName: "new", Tags: [{ Key: "a", Value }] });
  await expect(create("2")).rejects.toMatchObject({ code: "AccessDenied" });
  expect((await create("1")).User?.UserName).toBe("new");
  await grant({ Condition: { ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess" } } });
  const attach = (name: string) =>
    iam(alice).AttachUserPolicy({ UserName: "new", PolicyArn: `arn:aws:iam::aws:policy/${name}` });
  await expect(attach("AdministratorAccess")).rejects.toMatchObject({ code: "AccessDenied" });
  expect(await attach("ReadOnlyAccess")).toEqual({});
});

test("a user may change its own keys where a policy says ${aws:username}, with or without naming itself", async () => {
  await grant({ Resource: `arn:aws:iam::${account}:user/team/\${aws:username}` });
  expect((await iam(alice).ListAccessKeys({ UserName: "alice" })).AccessKeyMetadata).toEqual([]);
  expect((await iam(alice).ListAccessKeys({})).AccessKeyMetadata).toEqual([]);
  await expect(iam(alice).ListAccessKeys({ UserName: "bob" })).rejects.toMatchObject({ code: "AccessDenied" });
});
