import { afterAll, beforeAll, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";
import type { Principal } from "../../../kernel/principal.ts";

const account = "111122223333";
let platform: TestPlatform;

beforeAll(async () => {
  platform = await testPlatform();
});
afterAll(() => platform.close());

const session = { policies: [], tags: {}, issuedAt: 0 };
const user = { kind: "user", account, arn: `arn:aws:iam::${account}:user/a`, userName: "a", userId: "AIDAA" } as const;

const callers: readonly (readonly [principal: Principal, userId: string, arn: string])[] = [
  [{ kind: "root", account }, account, `arn:aws:iam::${account}:root`],
  [user, "AIDAA", user.arn],
  [
    {
      kind: "assumed-role",
      account,
      arn: `arn:aws:sts::${account}:assumed-role/r/s`,
      roleArn: `arn:aws:iam::${account}:role/r`,
      roleName: "r",
      roleId: "AROAR",
      sessionName: "s",
      session,
    },
    "AROAR:s",
    `arn:aws:sts::${account}:assumed-role/r/s`,
  ],
  [
    { kind: "federated-user", account, arn: `arn:aws:sts::${account}:federated-user/bob`, name: "bob", session },
    `${account}:bob`,
    `arn:aws:sts::${account}:federated-user/bob`,
  ],
];

test.each(callers)("tells $kind who it is, without any permission", async (principal, UserId, Arn) => {
  expect(await platform.aws(principal, { account }).sts.GetCallerIdentity({})).toEqual({
    UserId,
    Account: account,
    Arn,
  });
});

test("a service has no identity to tell", async () => {
  const caller = platform.aws({ kind: "service", service: "lambda.amazonaws.com" });
  await expect(caller.sts.GetCallerIdentity({})).rejects.toMatchObject({ code: "AccessDenied", status: 403 });
});
