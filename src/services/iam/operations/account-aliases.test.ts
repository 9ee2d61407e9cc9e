import { afterEach, beforeEach, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await testPlatform();
});
afterEach(() => platform.close());

const iam = (of = account) => platform.aws(undefined, { account: of }).iam;

test("an account has one alias, which no other has", async () => {
  expect(await iam().ListAccountAliases({})).toEqual({ AccountAliases: [], IsTruncated: false });
  await iam().CreateAccountAlias({ AccountAlias: "first" });
  await iam().CreateAccountAlias({ AccountAlias: "second" });
  expect((await iam().ListAccountAliases({})).AccountAliases).toEqual(["second"]);
  await expect(iam("111122223333").CreateAccountAlias({ AccountAlias: "second" })).rejects.toMatchObject({
    code: "EntityAlreadyExists",
    status: 409,
    message: "The account alias second already exists.",
  });
  await iam("111122223333").CreateAccountAlias({ AccountAlias: "first" });
  await iam().DeleteAccountAlias({ AccountAlias: "second" });
  await expect(iam().DeleteAccountAlias({ AccountAlias: "second" })).rejects.toMatchObject({
    code: "NoSuchEntity",
    message: "The account alias with name second cannot be found.",
  });
  await iam("111122223333").CreateAccountAlias({ AccountAlias: "second" });
});
