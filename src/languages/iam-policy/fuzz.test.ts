import { expect, test } from "vitest";
import { seededIds, type Ids } from "../../base/ids.ts";
import type { Caller } from "./caller.ts";
import { compilePolicy } from "./compile-policy.ts";
import { evaluate } from "./evaluate.ts";
import { parsePolicy, type PolicyKind } from "./parse-policy.ts";
import { conditionOperators, PolicyError } from "./policy.ts";

const seed = "iam-policy-1";
const rounds = 4000;
const strings = [
  "*",
  "?",
  "",
  "a:b",
  "s3:*",
  "iam:Get*",
  "${aws:username}",
  "${",
  "${}",
  "${*}",
  "${a, 'b'}",
  "arn:aws:s3:::b/*",
  "arn:::::",
  ":::::::",
  "__proto__",
  "constructor",
  "toString",
  "2012-10-17",
  "Allow",
  "Deny",
  "111122223333",
  "arn:aws:iam::111122223333:root",
  "true",
  "1e400",
  "2026-01-01",
  "10.0.0.0/8",
  "::1/129",
  "\u0000",
  "\uD800",
  "😀*",
  "*".repeat(300),
];
const names = [
  "Version",
  "Id",
  "Statement",
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
  "AWS",
  "Service",
  "Federated",
  "CanonicalUser",
  "__proto__",
  ...conditionOperators,
  "ForAllValues:StringLike",
  "ForAnyValue:ArnLikeIfExists",
];
const kinds: readonly PolicyKind[] = ["identity", "resource", "trust", "session", "any"];

const pick = <Item>(ids: Ids, items: readonly Item[]): Item => items[Math.floor(ids.fraction() * items.length)]!;

function anything(ids: Ids, depth: number): unknown {
  const choice = ids.fraction();
  if (depth === 0 || choice < 0.45) return pick(ids, strings);
  if (choice < 0.5) return pick(ids, [null, true, 0, -1, 1e308]);
  const size = Math.floor(ids.fraction() * 4);
  if (choice < 0.7) return Array.from({ length: size }, () => anything(ids, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, () => [pick(ids, names), anything(ids, depth - 1)]));
}

/** A policy that is almost one: each part is sometimes something else. */
function almost(ids: Ids): string {
  const or = (usual: unknown) => (ids.fraction() < 0.15 ? anything(ids, 3) : usual);
  const list = () => Array.from({ length: 1 + Math.floor(ids.fraction() * 3) }, () => pick(ids, strings));
  const condition = { [pick(ids, conditionOperators)]: { [pick(ids, strings)]: or(list()) } };
  const statement = {
    Effect: or(pick(ids, ["Allow", "Deny"])),
    [pick(ids, ["Action", "NotAction"])]: or(pick(ids, ["*", "a:b", ["a:*", "s3:Get?"]])),
    ...(ids.fraction() < 0.7 && {
      [pick(ids, ["Resource", "NotResource"])]: or(pick(ids, ["*", ["arn:aws:s3:::b", "*"]])),
    }),
    ...(ids.fraction() < 0.5 && {
      [pick(ids, ["Principal", "NotPrincipal"])]: or(pick(ids, ["*", { AWS: "111122223333" }])),
    }),
    ...(ids.fraction() < 0.6 && { Condition: or(condition) }),
  };
  const text = JSON.stringify({ Version: or("2012-10-17"), Statement: or([statement, or(statement)]) });
  if (ids.fraction() > 0.1) return text;
  const at = Math.floor(ids.fraction() * text.length);
  return text.slice(0, at) + pick(ids, ["", "}", "\\", "\u0000", '"', "[".repeat(50)]) + text.slice(at + 1);
}

const callers: readonly Caller[] = [
  { kind: "root", account: "111122223333" },
  { kind: "user", account: "111122223333", arn: "arn:aws:iam::111122223333:user/a" },
  { kind: "service", service: "sns.amazonaws.com" },
  { kind: "anonymous" },
];

test(`whatever the text, it is a policy that decides or an error that names its place (seed ${seed})`, () => {
  const ids = seededIds(seed);
  let policies = 0;
  for (let round = 0; round < rounds; round++) {
    const parsed = parsePolicy(almost(ids), pick(ids, kinds));
    if (parsed instanceof PolicyError) {
      expect(parsed.message).not.toBe("");
      continue;
    }
    policies++;
    const policy = compilePolicy(parsed);
    const request = {
      caller: pick(ids, callers),
      action: pick(ids, strings),
      resource: pick(ids, strings),
      resourceAccount: "111122223333",
      context: () => pick(ids, [undefined, pick(ids, strings), [pick(ids, strings), pick(ids, strings)]]),
    };
    expect(typeof evaluate(request, { identity: [policy], resource: policy }).allowed).toBe("boolean");
  }
  expect(policies).toBeGreaterThan(rounds / 10);
});
