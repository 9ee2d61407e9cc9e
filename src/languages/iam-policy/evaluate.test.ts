import { expect, test } from "vitest";
import type { Caller } from "./caller.ts";
import { compilePolicy, type Policy } from "./compile-policy.ts";
import { evaluate, explainDenial } from "./evaluate.ts";
import { parsePolicy } from "./parse-policy.ts";
import type { ContextValue } from "./pattern.ts";
import { PolicyError } from "./policy.ts";
import { createPolicyEvaluator } from "./policy-evaluator.ts";

const here = "111122223333";
const there = "444455556666";
const user: Caller = {
  kind: "user",
  account: here,
  arn: `arn:aws:iam::${here}:user/alice`,
  userId: "AIDAALICEALICEALICE22",
};
const role: Caller = {
  kind: "assumed-role",
  account: here,
  arn: `arn:aws:sts::${here}:assumed-role/worker/s1`,
  roleArn: `arn:aws:iam::${here}:role/team/worker`,
  roleId: "AROAWORKERWORKERWORKER",
};
const federated: Caller = {
  kind: "federated-user",
  account: here,
  arn: `arn:aws:sts::${here}:federated-user/bob`,
  issuer: { arn: user.arn },
};
const root: Caller = { kind: "root", account: here };
const service: Caller = { kind: "service", service: "sns.amazonaws.com" };
const anonymous: Caller = { kind: "anonymous" };

interface Sets {
  readonly identity?: readonly object[];
  readonly resource?: object;
  readonly boundary?: object;
  readonly session?: readonly object[];
  readonly scp?: readonly object[];
}

interface Question {
  readonly caller?: Caller;
  readonly action?: string;
  readonly resource?: string;
  readonly owner?: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
}

function policy(statement: object): Policy {
  const document = parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: statement }));
  if (document instanceof PolicyError) throw new Error(`${document.message} ${document.path}`);
  return compilePolicy(document);
}

function decide(sets: Sets, question: Question): string {
  const action = question.action ?? "sqs:SendMessage";
  const decision = evaluate(
    {
      caller: question.caller ?? user,
      action,
      resource: question.resource ?? `arn:aws:sqs:us-east-1:${question.owner ?? here}:jobs`,
      resourceAccount: question.owner ?? here,
      context: (key) => question.context?.[key],
    },
    {
      ...(sets.identity && { identity: sets.identity.map(policy) }),
      ...(sets.resource && { resource: policy(sets.resource) }),
      ...(sets.boundary && { boundary: policy(sets.boundary) }),
      ...(sets.session && { session: sets.session.map(policy) }),
      ...(sets.scp && { scp: sets.scp.map(policy) }),
    },
  );
  return decision.allowed ? "allowed" : explainDenial(decision, action);
}

const all = { Effect: "Allow", Action: "*", Resource: "*" };
const none = { Effect: "Allow", Action: "other:*", Resource: "*" };
const deny = { Effect: "Deny", Action: "sqs:*", Resource: "*" };
const to = (principal: unknown) => ({ ...all, Principal: principal });
const trusting = (principal: unknown) => ({ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal });

const noIdentity = "because no identity-based policy allows the sqs:SendMessage action";
const noResource = "because no resource-based policy allows the sqs:SendMessage action";
const noBoundary = "because no permissions boundary allows the sqs:SendMessage action";
const noSession = "because no session policy allows the sqs:SendMessage action";
const noTrust = "because no role trust policy allows the sts:AssumeRole action";
const assume: Question = { action: "sts:AssumeRole", resource: `arn:aws:iam::${here}:role/target` };

const cases: readonly (readonly [what: string, sets: Sets, question: Question, expected: string])[] = [
  ["no policy", { identity: [] }, {}, noIdentity],
  ["an identity policy that allows", { identity: [all] }, {}, "allowed"],
  ["the second of two policies allows", { identity: [none, all] }, {}, "allowed"],
  ["the second of two statements allows", { identity: [[none, all]] }, {}, "allowed"],
  ["a deny beside an allow", { identity: [all, deny] }, {}, "with an explicit deny in an identity-based policy"],
  ["a deny before an allow", { identity: [[deny, all]] }, {}, "with an explicit deny in an identity-based policy"],
  ["action in another case", { identity: [{ ...all, Action: "SQS:sendmessage" }] }, {}, "allowed"],
  ["action with wildcard", { identity: [{ ...all, Action: "sqs:Send*" }] }, {}, "allowed"],
  ["action with question mark", { identity: [{ ...all, Action: "sqs:SendMessag?" }] }, {}, "allowed"],
  ["another action", { identity: [{ ...all, Action: "sqs:ReceiveMessage" }] }, {}, noIdentity],
  [
    "NotAction that spares the action",
    { identity: [{ Effect: "Allow", NotAction: "sqs:*", Resource: "*" }] },
    {},
    noIdentity,
  ],
  [
    "NotAction of another service",
    { identity: [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }] },
    {},
    "allowed",
  ],
  ["another resource", { identity: [{ ...all, Resource: "arn:aws:sqs:*:*:other" }] }, {}, noIdentity],
  ["resource in another case", { identity: [{ ...all, Resource: "arn:aws:sqs:*:*:Jobs" }] }, {}, noIdentity],
  [
    "NotResource of it",
    { identity: [{ Effect: "Allow", Action: "*", NotResource: "arn:aws:sqs:*:*:jobs" }] },
    {},
    noIdentity,
  ],
  [
    "NotResource of another",
    { identity: [{ Effect: "Allow", Action: "*", NotResource: "arn:aws:sqs:*:*:x" }] },
    {},
    "allowed",
  ],
  [
    "a resource named by variable",
    { identity: [{ ...all, Resource: "arn:aws:sqs:*:*:${aws:username}" }] },
    { resource: `arn:aws:sqs:us-east-1:${here}:alice`, context: { "aws:username": "alice" } },
    "allowed",
  ],
  [
    "a condition that holds",
    { identity: [{ ...all, Condition: { StringEquals: { a: "1" } } }] },
    { context: { a: "1" } },
    "allowed",
  ],
  [
    "a condition that does not",
    { identity: [{ ...all, Condition: { StringEquals: { a: "1" } } }] },
    { context: { a: "2" } },
    noIdentity,
  ],
  [
    "a deny whose condition does not hold",
    { identity: [all, { ...deny, Condition: { Bool: { b: "true" } } }] },
    {},
    "allowed",
  ],

  ["boundary allows too", { identity: [all], boundary: all }, {}, "allowed"],
  ["boundary does not allow", { identity: [all], boundary: none }, {}, noBoundary],
  ["boundary alone", { identity: [], boundary: all }, {}, noIdentity],
  ["boundary denies", { identity: [all], boundary: deny }, {}, "with an explicit deny in a permissions boundary"],
  ["session policy allows too", { identity: [all], session: [all] }, { caller: role }, "allowed"],
  ["session policy does not allow", { identity: [all], session: [none] }, { caller: role }, noSession],
  ["one of two session policies allows", { identity: [all], session: [none, all] }, { caller: role }, "allowed"],
  [
    "a session without any policy of its own, where it needs one",
    { identity: [all], session: [] },
    { caller: federated },
    noSession,
  ],
  [
    "session policy denies",
    { identity: [all], session: [deny] },
    { caller: role },
    "with an explicit deny in a session policy",
  ],
  ["session policy allows more than the role", { identity: [none], session: [all] }, { caller: role }, noIdentity],
  [
    "identity, boundary and session together",
    { identity: [all], boundary: all, session: [all] },
    { caller: role },
    "allowed",
  ],
  [
    "service control policy does not allow",
    { identity: [all], scp: [none] },
    {},
    "because no service control policy allows the sqs:SendMessage action",
  ],
  [
    "service control policy denies",
    { identity: [all], scp: [all, deny] },
    {},
    "with an explicit deny in a service control policy",
  ],

  ["resource policy names the user", { identity: [], resource: to({ AWS: user.arn }) }, {}, "allowed"],
  ["resource policy names the user by id", { identity: [], resource: to({ AWS: user.userId }) }, {}, "allowed"],
  ["resource policy names another user", { identity: [], resource: to({ AWS: `${user.arn}x` }) }, {}, noIdentity],
  ["resource policy names everybody", { identity: [], resource: to("*") }, {}, "allowed"],
  ["resource policy names the account: it delegates", { identity: [], resource: to({ AWS: here }) }, {}, noIdentity],
  [
    "account by root ARN delegates as well",
    { identity: [], resource: to({ AWS: `arn:aws:iam::${here}:root` }) },
    {},
    noIdentity,
  ],
  ["delegation and identity policy", { identity: [all], resource: to({ AWS: here }) }, {}, "allowed"],
  ["resource policy that says nothing of the user", { identity: [all], resource: to({ AWS: there }) }, {}, "allowed"],
  [
    "resource policy denies the account",
    { identity: [all], resource: { ...deny, Principal: { AWS: here } } },
    {},
    "with an explicit deny in a resource-based policy",
  ],
  [
    "resource policy denies everybody else",
    { identity: [all], resource: { ...deny, NotPrincipal: { AWS: user.arn } } },
    {},
    "allowed",
  ],
  [
    "resource policy denies all but another",
    { identity: [all], resource: { ...deny, NotPrincipal: { AWS: `${user.arn}x` } } },
    {},
    "with an explicit deny in a resource-based policy",
  ],
  [
    "resource grant to a user is not bound by its boundary",
    { identity: [], boundary: none, resource: to({ AWS: user.arn }) },
    {},
    "allowed",
  ],
  ["resource statement without principal grants nobody", { identity: [], resource: all }, {}, noIdentity],
  [
    "resource statement without principal denies",
    { identity: [all], resource: deny },
    {},
    "with an explicit deny in a resource-based policy",
  ],

  [
    "resource policy names the role",
    { identity: [], resource: to({ AWS: role.roleArn }) },
    { caller: role },
    "allowed",
  ],
  [
    "resource policy names the role by id",
    { identity: [], resource: to({ AWS: role.roleId }) },
    { caller: role },
    "allowed",
  ],
  [
    "grant to the role is bound by its boundary",
    { identity: [], boundary: none, resource: to({ AWS: role.roleArn }) },
    { caller: role },
    noBoundary,
  ],
  [
    "grant to the role is bound by the session policy",
    { identity: [], session: [none], resource: to({ AWS: role.roleArn }) },
    { caller: role },
    noSession,
  ],
  [
    "grant to the role needs no identity policy",
    { identity: [], boundary: all, session: [all], resource: to({ AWS: role.roleArn }) },
    { caller: role },
    "allowed",
  ],
  [
    "grant to the session is bound by nothing",
    { identity: [], boundary: none, session: [none], resource: to({ AWS: role.arn }) },
    { caller: role },
    "allowed",
  ],
  ["grant to another session", { identity: [], resource: to({ AWS: `${role.arn}2` }) }, { caller: role }, noIdentity],
  [
    "federated user by its own ARN",
    { identity: [], session: [], resource: to({ AWS: federated.arn }) },
    { caller: federated },
    "allowed",
  ],
  [
    "federated user by its issuer's ARN",
    { identity: [], session: [none], resource: to({ AWS: user.arn }) },
    { caller: federated },
    noSession,
  ],

  ["root of the account", {}, { caller: root }, "allowed"],
  [
    "root is bound by a deny of the resource",
    { resource: { ...deny, Principal: "*" } },
    { caller: root },
    "with an explicit deny in a resource-based policy",
  ],
  ["root of another account", {}, { caller: root, owner: there }, noResource],
  ["root of another account that is named", { resource: to({ AWS: here }) }, { caller: root, owner: there }, "allowed"],

  ["cross-account without resource policy", { identity: [all] }, { owner: there }, noResource],
  [
    "cross-account with resource policy only",
    { identity: [], resource: to({ AWS: user.arn }) },
    { owner: there },
    noIdentity,
  ],
  ["cross-account with both", { identity: [all], resource: to({ AWS: user.arn }) }, { owner: there }, "allowed"],
  ["cross-account to the account", { identity: [all], resource: to({ AWS: here }) }, { owner: there }, "allowed"],
  ["cross-account to everybody", { identity: [all], resource: to("*") }, { owner: there }, "allowed"],
  [
    "cross-account to its own account only",
    { identity: [all], resource: to({ AWS: there }) },
    { owner: there },
    noResource,
  ],
  [
    "cross-account with boundary",
    { identity: [all], boundary: none, resource: to({ AWS: here }) },
    { owner: there },
    noBoundary,
  ],
  [
    "cross-account session grant needs identity too",
    { identity: [], resource: to({ AWS: role.arn }) },
    { caller: role, owner: there },
    noIdentity,
  ],

  ["a service that is named", { resource: to({ Service: "sns.amazonaws.com" }) }, { caller: service }, "allowed"],
  ["a service that is not", { resource: to({ Service: "events.amazonaws.com" }) }, { caller: service }, noResource],
  ["a service without resource policy", {}, { caller: service }, noResource],
  ["a service named as everybody", { resource: to("*") }, { caller: service }, "allowed"],
  [
    "a service with its source",
    {
      resource: {
        ...to({ Service: "sns.amazonaws.com" }),
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:t" } },
      },
    },
    { caller: service, context: { "aws:sourcearn": "arn:aws:sns:us-east-1:1:t" } },
    "allowed",
  ],
  [
    "a service with another source",
    {
      resource: {
        ...to({ Service: "sns.amazonaws.com" }),
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:t" } },
      },
    },
    { caller: service, context: { "aws:sourcearn": "arn:aws:sns:us-east-1:1:u" } },
    noResource,
  ],
  ["anonymous where everybody may", { resource: to("*") }, { caller: anonymous }, "allowed"],
  ["anonymous where an account may", { resource: to({ AWS: here }) }, { caller: anonymous }, noResource],
  [
    "anonymous with NotPrincipal",
    { resource: { ...all, NotPrincipal: { AWS: here } } },
    { caller: anonymous },
    "allowed",
  ],
  [
    "web identity",
    { resource: to({ Federated: "cognito-identity.amazonaws.com" }) },
    { caller: { kind: "web-identity", provider: "cognito-identity.amazonaws.com" } },
    "allowed",
  ],

  ["trust policy names the user", { identity: [], resource: trusting({ AWS: user.arn }) }, assume, "allowed"],
  [
    "trust policy names the account and the user may",
    { identity: [all], resource: trusting({ AWS: here }) },
    assume,
    "allowed",
  ],
  [
    "trust policy names the account and the user may not",
    { identity: [], resource: trusting({ AWS: here }) },
    assume,
    "because no identity-based policy allows the sts:AssumeRole action",
  ],
  [
    "trust policy names somebody else, in the same account",
    { identity: [all], resource: trusting({ AWS: `${user.arn}x` }) },
    assume,
    noTrust,
  ],
  [
    "trust policy names a service and root asks",
    { resource: trusting({ Service: "lambda.amazonaws.com" }) },
    { ...assume, caller: root },
    noTrust,
  ],
  [
    "trust policy names the account and root asks",
    { resource: trusting({ AWS: here }) },
    { ...assume, caller: root },
    "allowed",
  ],
  [
    "trust policy names the service that asks",
    { resource: trusting({ Service: "sns.amazonaws.com" }) },
    { ...assume, caller: service },
    "allowed",
  ],
  [
    "trust policy with an external id",
    {
      identity: [all],
      resource: { ...trusting({ AWS: here }), Condition: { StringEquals: { "sts:ExternalId": "x" } } },
    },
    assume,
    noTrust,
  ],
  [
    "trust policy denies",
    { identity: [all], resource: [trusting({ AWS: here }), { ...trusting("*"), Effect: "Deny" }] },
    assume,
    "with an explicit deny in the role trust policy",
  ],
];

test.each(cases)("%s", (_what, sets, question, expected) => {
  expect(decide(sets, question)).toBe(expected);
});

test("the decision names the statement that decided", () => {
  const request = { caller: user, action: "a:b", resource: "*", resourceAccount: here, context: () => undefined };
  const decision = evaluate(request, { identity: [policy([all, { ...all, Effect: "Deny", Sid: "Never" }])] });
  expect(decision).toMatchObject({
    allowed: false,
    explicit: true,
    policyType: "identity",
    statement: { sid: "Never" },
  });
});

test("the evaluator refuses when a stored policy cannot be read, since it might have denied", () => {
  const request = { caller: user, action: "a:b", resource: "*", resourceAccount: here, context: () => undefined };
  const evaluator = createPolicyEvaluator(1);
  const text = JSON.stringify({ Version: "2012-10-17", Statement: all });
  expect(evaluator.evaluate(request, { identity: [text] })).toEqual({ allowed: true, reason: "" });
  expect(evaluator.evaluate(request, { identity: [text, "{"] })).toEqual({
    allowed: false,
    reason: "because a policy that applies cannot be read: Syntax errors in policy.",
  });
});
