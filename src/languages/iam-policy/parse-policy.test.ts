import { expect, test } from "vitest";
import { parsePolicy, type PolicyKind } from "./parse-policy.ts";
import { PolicyError } from "./policy.ts";

const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };

const document = (statement: unknown, more: object = {}) =>
  JSON.stringify({ Version: "2012-10-17", ...more, Statement: statement });

test("normalizes single values to lists and keeps what was written", () => {
  expect(parsePolicy(document({ ...allow, Sid: "Read" }, { Id: "doc" }), "identity")).toEqual({
    version: "2012-10-17",
    id: "doc",
    statements: [
      {
        sid: "Read",
        effect: "Allow",
        action: { negated: false, values: ["s3:GetObject"] },
        resource: { negated: false, values: ["*"] },
        conditions: [],
      },
    ],
  });
});

test("reads every form of a principal", () => {
  const read = (principal: unknown) => {
    const policy = parsePolicy(document({ ...allow, Principal: principal }), "resource");
    if (policy instanceof PolicyError) throw new Error(policy.message);
    return policy.statements[0]!.principal;
  };
  expect(read("*")).toEqual({ negated: false, entries: [{ type: "AWS", value: "*" }] });
  expect(read({ AWS: "*" })).toEqual({ negated: false, entries: [{ type: "AWS", value: "*" }] });
  expect(read({ AWS: ["111122223333", "arn:aws:iam::111122223333:root"], Service: "sns.amazonaws.com" })).toEqual({
    negated: false,
    entries: [
      { type: "AWS", value: "111122223333" },
      { type: "AWS", value: "arn:aws:iam::111122223333:root" },
      { type: "Service", value: "sns.amazonaws.com" },
    ],
  });
  expect(read({ Federated: "cognito-identity.amazonaws.com" })?.entries[0]?.type).toBe("Federated");
  expect(
    read({ CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" })?.entries,
  ).toHaveLength(1);
});

test("reads NotPrincipal, NotAction and NotResource", () => {
  const text = document({ Effect: "Deny", NotPrincipal: "*", NotAction: ["a:b"], NotResource: "arn:aws:s3:::x" });
  expect(parsePolicy(text, "resource")).toMatchObject({
    statements: [{ principal: { negated: true }, action: { negated: true }, resource: { negated: true } }],
  });
});

const refused: readonly (readonly [what: string, kind: PolicyKind, text: string, message: string, path: string])[] = [
  ["no JSON", "identity", "{", "Syntax errors in policy.", ""],
  ["an empty text", "identity", "", "Syntax errors in policy.", ""],
  ["a list", "identity", "[]", "Syntax errors in policy.", ""],
  ["null", "identity", "null", "Syntax errors in policy.", ""],
  ["an unknown element", "identity", document(allow, { Extra: 1 }), "Syntax errors in policy.", "Extra"],
  ["a prototype as element", "any", `{"__proto__":{},"Statement":[]}`, "Syntax errors in policy.", "__proto__"],
  ["an unknown version", "identity", document(allow, { Version: "2020-01-01" }), "Syntax errors in policy.", "Version"],
  ["an id that is no text", "identity", document(allow, { Id: 1 }), "Syntax errors in policy.", "Id"],
  ["no statement", "identity", `{"Version":"2012-10-17"}`, "Syntax errors in policy.", "Statement"],
  ["no statements", "identity", document([]), "Syntax errors in policy.", "Statement"],
  ["a statement that is no object", "identity", document(["x"]), "Syntax errors in policy.", "Statement[0]"],
  [
    "an unknown statement element",
    "identity",
    document([{ ...allow, X: 1 }]),
    "Syntax errors in policy.",
    "Statement[0].X",
  ],
  ["no effect", "identity", document({ Action: "a:b", Resource: "*" }), "Syntax errors in policy.", "Statement.Effect"],
  [
    "an effect in lower case",
    "identity",
    document({ ...allow, Effect: "allow" }),
    "Syntax errors in policy.",
    "Statement.Effect",
  ],
  [
    "no action",
    "identity",
    document({ Effect: "Allow", Resource: "*" }),
    "Policy statement must contain actions.",
    "Statement",
  ],
  [
    "an empty list of actions",
    "identity",
    document({ ...allow, Action: [] }),
    "Policy statement must contain actions.",
    "Statement",
  ],
  [
    "both Action and NotAction",
    "identity",
    document({ ...allow, NotAction: "a:b" }),
    "Syntax errors in policy.",
    "Statement.NotAction",
  ],
  [
    "an action that is no text",
    "identity",
    document({ ...allow, Action: ["a:b", 1] }),
    "Syntax errors in policy.",
    "Statement.Action[1]",
  ],
  [
    "an action without service",
    "identity",
    document({ ...allow, Action: "GetObject" }),
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    "Statement.Action",
  ],
  [
    "an action with two colons",
    "identity",
    document({ ...allow, Action: "a:b:c" }),
    "Actions/Condition can contain only one colon.",
    "Statement.Action",
  ],
  [
    "a strange service",
    "identity",
    document({ ...allow, Action: "a b:c" }),
    "Vendor a b is not valid",
    "Statement.Action",
  ],
  [
    "no resource",
    "identity",
    document({ Effect: "Allow", Action: "a:b" }),
    "Policy statement must contain resources.",
    "Statement",
  ],
  [
    "an empty list of resources",
    "session",
    document({ ...allow, Resource: [] }),
    "Policy statement must contain resources.",
    "Statement",
  ],
  [
    "a resource that is no ARN",
    "identity",
    document({ ...allow, Resource: "bucket" }),
    'Resource bucket must be in ARN format or "*".',
    "Statement",
  ],
  [
    "a resource in a strange partition",
    "identity",
    document({ ...allow, Resource: "arn:error:s3:::bucket" }),
    'Partition "error" is not valid for resource "arn:error:s3:*:*:bucket".',
    "Statement",
  ],
  [
    "a principal in an identity policy",
    "identity",
    document({ ...allow, Principal: "*" }),
    "Policy document should not specify a principal.",
    "Statement",
  ],
  [
    "a version that is too old",
    "identity",
    JSON.stringify({ Statement: allow }),
    "Policy document must be version 2012-10-17 or greater.",
    "Version",
  ],
  [
    "a Sid twice",
    "identity",
    document([
      { ...allow, Sid: "A" },
      { ...allow, Sid: "A" },
    ]),
    "Statement IDs (SID) in a single policy must be unique.",
    "Statement[1].Sid",
  ],
  [
    "a trust policy without principal",
    "trust",
    document({ ...trust, Principal: undefined }),
    "Missing required field Principal",
    "Statement",
  ],
  [
    "a trust policy with a resource",
    "trust",
    document({ ...trust, Resource: "*" }),
    "Has prohibited field Resource",
    "Statement",
  ],
  [
    "a trust policy for other actions",
    "trust",
    document({ ...trust, Action: "s3:GetObject" }),
    "AssumeRole policy may only specify STS AssumeRole actions.",
    "Statement.Action",
  ],
  [
    "a service that does not exist",
    "trust",
    document({ ...trust, Principal: { Service: "nonsense" } }),
    'Invalid principal in policy: "SERVICE":"nonsense"',
    "Statement.Principal",
  ],
  [
    "a user as principal without ARN",
    "trust",
    document({ ...trust, Principal: { AWS: "alice" } }),
    'Invalid principal in policy: "AWS":"alice"',
    "Statement.Principal",
  ],
  [
    "an empty principal",
    "trust",
    document({ ...trust, Principal: {} }),
    "Invalid principal in policy: {}",
    "Statement.Principal",
  ],
  [
    "an unknown operator",
    "identity",
    document({ ...allow, Condition: { Equals: { a: "b" } } }),
    "Invalid Condition type : Equals.",
    "Statement.Condition.Equals",
  ],
  [
    "Null with IfExists",
    "identity",
    document({ ...allow, Condition: { NullIfExists: { a: "true" } } }),
    "Invalid Condition type : NullIfExists.",
    "Statement.Condition.NullIfExists",
  ],
  [
    "a condition that is no object",
    "identity",
    document({ ...allow, Condition: [] }),
    "Syntax errors in policy.",
    "Statement.Condition",
  ],
  [
    "a condition value that is an object",
    "identity",
    document({ ...allow, Condition: { Bool: { a: {} } } }),
    "Syntax errors in policy.",
    "Statement.Condition.Bool.a",
  ],
  [
    "a text of more than 128 Ki characters",
    "any",
    document({ ...allow, Sid: "x".repeat(131_072) }),
    "Syntax errors in policy.",
    "",
  ],
  ["deep nesting", "any", `{"Statement":${"[".repeat(5000)}${"]".repeat(5000)}}`, "Syntax errors in policy.", ""],
];

test.each(refused)("refuses %s", (_what, kind, text, message, path) => {
  const error = parsePolicy(text, kind);
  expect(error).toBeInstanceOf(PolicyError);
  expect(error).toMatchObject({ message, path });
});
