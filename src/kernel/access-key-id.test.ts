import { expect, test } from "vitest";
import { seededIds } from "../base/ids.ts";
import { accountOfAccessKey, newAccessKeyId } from "./access-key-id.ts";

test("finds the account in access key ids that AWS made", () => {
  expect(accountOfAccessKey("ASIAY34FZKBOKMUTVV7A")).toBe("609629065308");
  expect(accountOfAccessKey("ASIAQNZGKIQY56JQ7WML")).toBe("029608264753");
});

test.each(["000000000000", "000000000001", "111122223333", "999999999999"])(
  "finds account %s in its new keys",
  (account) => {
    const ids = seededIds(account);
    for (const prefix of ["AKIA", "ASIA"] as const) {
      const key = newAccessKeyId(prefix, account, ids);
      expect(key).toMatch(/^A[KS]IA[A-Z2-7]{16}$/);
      expect(key.startsWith(prefix)).toBe(true);
      expect(accountOfAccessKey(key)).toBe(account);
    }
  },
);

test("two keys of one account differ", () => {
  const ids = seededIds("two");
  expect(newAccessKeyId("AKIA", "111122223333", ids)).not.toBe(newAccessKeyId("AKIA", "111122223333", ids));
});

test.each([
  "test",
  "",
  "AKIAIOSFODNN7EXAMPLE",
  "111122223333",
  "AKIA0000000000000000",
  "AKIA7777777777777777",
  "AROAY34FZKBOKMUTVV7A",
])("finds no account in %j", (id) => {
  expect(accountOfAccessKey(id)).toBeUndefined();
});
