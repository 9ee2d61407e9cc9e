import { afterAll, beforeAll, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import { stsIdentity } from "../identity-provider.ts";

const account = "000000000000";
const hours = (count: number) => count * 3600_000;
let platform: TestPlatform;

beforeAll(async () => {
  platform = await testPlatform();
});
afterAll(() => platform.close());

async function alice(name: string) {
  const { User: user } = await platform.aws().iam.CreateUser({ UserName: name });
  return { kind: "user", account, arn: user!.Arn, userName: name, userId: user!.UserId } as const;
}

const find = (accessKeyId: string) =>
  stsIdentity((of) => platform.kernel.context("sts", of, "us-east-1")).findCredential(accessKeyId);

test("gives a user credentials that stand for it, for 12 hours", async () => {
  const user = await alice("alice");
  const { Credentials: credentials } = await platform.aws(user).sts.GetSessionToken({});
  expect(credentials?.Expiration).toEqual(new Date(platform.clock.now() + hours(12)));
  expect(await find(credentials!.AccessKeyId)).toEqual({
    accessKeyId: credentials?.AccessKeyId,
    secretAccessKey: credentials?.SecretAccessKey,
    sessionToken: credentials?.SessionToken,
    expiresAt: credentials?.Expiration.getTime(),
    active: true,
    principal: { ...user, session: { policies: [], tags: {}, issuedAt: platform.clock.now(), mfa: false } },
  });
});

test("root's session lasts an hour, whatever it asks for", async () => {
  const { Credentials: credentials } = await platform.aws().sts.GetSessionToken({ DurationSeconds: 7200 });
  expect(credentials?.Expiration).toEqual(new Date(platform.clock.now() + hours(1)));
  expect((await find(credentials!.AccessKeyId))?.principal).toEqual({ kind: "root", account });
});

test("a session cannot make another", async () => {
  const user = await alice("bob");
  const { Credentials: credentials } = await platform.aws(user).sts.GetSessionToken({ DurationSeconds: 900 });
  const session = (await find(credentials!.AccessKeyId))!.principal;
  await expect(platform.aws(session).sts.GetSessionToken({})).rejects.toMatchObject({
    code: "AccessDenied",
    status: 403,
    message: "Cannot call GetSessionToken with session credentials",
  });
});

test("a session without MFA cannot call IAM, and can call other services", async () => {
  const user = await alice("carol");
  await platform.aws().iam.AttachUserPolicy({
    UserName: "carol",
    PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
  });
  const { Credentials: credentials } = await platform.aws(user).sts.GetSessionToken({});
  const session = platform.aws((await find(credentials!.AccessKeyId))!.principal);
  await expect(session.iam.ListUsers({})).rejects.toMatchObject({ code: "InvalidClientTokenId", status: 403 });
  expect((await session.logs.DescribeLogGroups({})).logGroups).toEqual([]);
  await expect(session.sts.GetFederationToken({ Name: "bob" })).rejects.toMatchObject({
    code: "AccessDenied",
    message: "Cannot call GetFederationToken with session credentials",
  });
});

test("no MFA code is right", async () => {
  await expect(
    platform.aws().sts.GetSessionToken({ SerialNumber: "GAHT12345678", TokenCode: "123456" }),
  ).rejects.toMatchObject({ code: "AccessDenied" });
});

test("credentials survive a restart, and are forgotten a day after they expired", async () => {
  const { Credentials: credentials } = await platform.aws().sts.GetSessionToken({ DurationSeconds: 900 });
  await platform.restart();
  expect((await find(credentials!.AccessKeyId))?.expiresAt).toBe(credentials?.Expiration.getTime());
  await platform.clock.advance(900_000 + hours(23));
  await platform.idle();
  expect(await find(credentials!.AccessKeyId)).toBeDefined();
  await platform.clock.advance(hours(1));
  await platform.idle();
  expect(await find(credentials!.AccessKeyId)).toMatchObject({ active: false, principal: { kind: "anonymous" } });
});

test.each(["AKIAQAAAAAAAAAAAAAAA", "ASIAIOSFODNN7EXAMPLE", "ASIAY34FZKBOKMUTVV7A", "test"])(
  "nobody knows %s",
  async (id) => {
    expect(await find(id)).toBeUndefined();
  },
);
