import { afterAll, beforeAll, expect, test } from "vitest";
import { testPlatform, type TestPlatform } from "../../../../../test/harness/platform.ts";

const account = "000000000000";
let platform: TestPlatform;

beforeAll(async () => {
  platform = await testPlatform();
  await iam().CreateUser({ UserName: "alice", Path: "/team/" });
  await iam().PutUserPolicy({ UserName: "alice", PolicyName: "p", PolicyDocument: allow("s3:*") });
  await iam().AttachUserPolicy({ UserName: "alice", PolicyArn: "arn:aws:iam::aws:policy/AmazonSQSFullAccess" });
});
afterAll(() => platform.close());

const iam = () => platform.aws().iam;
const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: statement });
const allow = (action: string, more: object = {}) =>
  document({ Effect: "Allow", Action: action, Resource: "*", ...more });
const alice = `arn:aws:iam::${account}:user/team/alice`;
const bucket = "arn:aws:s3:::b";

test("SimulateCustomPolicy answers for each action, and names the policy that decided", async () => {
  const answer = await iam().SimulateCustomPolicy({
    PolicyInputList: [allow("s3:*"), document({ Effect: "Deny", Action: "s3:Put*", Resource: "*" })],
    ActionNames: ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"],
  });
  expect(answer).toMatchObject({
    IsTruncated: false,
    EvaluationResults: [
      {
        EvalActionName: "s3:GetObject",
        EvalResourceName: "*",
        EvalDecision: "allowed",
        MatchedStatements: [{ SourcePolicyId: "PolicyInputList.1", SourcePolicyType: "none" }],
      },
      { EvalDecision: "explicitDeny", MatchedStatements: [{ SourcePolicyId: "PolicyInputList.2" }] },
      { EvalDecision: "implicitDeny", MatchedStatements: [], MissingContextValues: [] },
    ],
  });
});

test("with resources the answer is the strictest, and each has its own", async () => {
  const { EvaluationResults: results } = await iam().SimulateCustomPolicy({
    PolicyInputList: [allow("s3:*", { Resource: `${bucket}/*` })],
    ActionNames: ["s3:GetObject"],
    ResourceArns: [`${bucket}/a`, "arn:aws:s3:::c/a"],
  });
  expect(results).toMatchObject([
    {
      EvalDecision: "implicitDeny",
      ResourceSpecificResults: [
        { EvalResourceName: `${bucket}/a`, EvalResourceDecision: "allowed" },
        { EvalResourceName: "arn:aws:s3:::c/a", EvalResourceDecision: "implicitDeny" },
      ],
    },
  ]);
});

test("context entries answer conditions; those that are missing are named", async () => {
  const ask = (
    entries: { ContextKeyName: string; ContextKeyValues: string[]; ContextKeyType: "string" | "stringList" }[],
  ) =>
    iam().SimulateCustomPolicy({
      PolicyInputList: [allow("s3:*", { Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } })],
      ActionNames: ["s3:GetObject"],
      ContextEntries: entries,
    });
  expect((await ask([])).EvaluationResults).toMatchObject([
    { EvalDecision: "implicitDeny", MissingContextValues: ["aws:sourcevpc"] },
  ]);
  const entry = { ContextKeyName: "aws:SourceVpc", ContextKeyValues: ["vpc-1"], ContextKeyType: "string" } as const;
  expect((await ask([{ ...entry, ContextKeyValues: ["vpc-1"] }])).EvaluationResults).toMatchObject([
    { EvalDecision: "allowed", MissingContextValues: [] },
  ]);
  await expect(ask([{ ...entry, ContextKeyValues: ["a", "b"] }])).rejects.toMatchObject({ code: "InvalidInput" });
});

test("SimulatePrincipalPolicy asks what a user has, and more when given", async () => {
  const answer = await iam().SimulatePrincipalPolicy({
    PolicySourceArn: alice,
    ActionNames: ["s3:GetObject", "sqs:SendMessage", "sns:Publish"],
    PolicyInputList: [document({ Effect: "Deny", Action: "s3:*", Resource: "*" })],
  });
  expect(answer.EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toEqual([
    "explicitDeny",
    "allowed",
    "implicitDeny",
  ]);
  expect(answer.EvaluationResults?.[1]?.MatchedStatements).toEqual([
    { SourcePolicyId: "AmazonSQSFullAccess", SourcePolicyType: "aws-managed" },
  ]);
});

test("a boundary is told apart, and resource policies take part", async () => {
  const { EvaluationResults: bounded } = await iam().SimulatePrincipalPolicy({
    PolicySourceArn: alice,
    ActionNames: ["s3:GetObject"],
    PermissionsBoundaryPolicyInputList: [allow("sqs:*")],
  });
  expect(bounded).toMatchObject([
    { EvalDecision: "implicitDeny", PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
  ]);
  const across = { PolicySourceArn: alice, ActionNames: ["s3:GetObject"], ResourceArns: [`${bucket}/a`] };
  const owned = { ...across, ResourceOwner: "arn:aws:iam::111122223333:root" };
  expect((await iam().SimulatePrincipalPolicy(owned)).EvaluationResults?.[0]?.EvalDecision).toBe("implicitDeny");
  const ResourcePolicy = allow("s3:*", { Principal: { AWS: account } });
  const granted = await iam().SimulatePrincipalPolicy({ ...owned, ResourcePolicy });
  expect(granted.EvaluationResults?.[0]?.EvalDecision).toBe("allowed");
});

test("actions come in pages", async () => {
  const request = { PolicyInputList: [allow("*")], ActionNames: ["a:b", "a:b", "a:c"] };
  const first = await iam().SimulateCustomPolicy({ ...request, MaxItems: 2 });
  expect(first).toMatchObject({ IsTruncated: true });
  const rest = await iam().SimulateCustomPolicy({ ...request, MaxItems: 2, Marker: first.Marker });
  expect(rest.EvaluationResults?.map(({ EvalActionName }) => EvalActionName)).toEqual(["a:c"]);
});

test("refuses policies that are none, strangers, and EC2's scenarios", async () => {
  const custom = (more: object) =>
    iam().SimulateCustomPolicy({ PolicyInputList: [allow("*")], ActionNames: ["a:b"], ...more });
  await expect(custom({ PolicyInputList: ["{"] })).rejects.toMatchObject({ code: "InvalidInput", status: 400 });
  await expect(custom({ CallerArn: "arn:aws:s3:::b" })).rejects.toMatchObject({ code: "InvalidInput" });
  await expect(custom({ ResourceHandlingOption: "EC2-VPC-InstanceStore" })).rejects.toMatchObject({
    code: "InvalidInput",
  });
  const principal = (PolicySourceArn: string) =>
    iam().SimulatePrincipalPolicy({ PolicySourceArn, ActionNames: ["a:b"] });
  await expect(principal(`arn:aws:iam::${account}:user/alice`)).rejects.toMatchObject({ code: "NoSuchEntity" });
  await expect(principal(`arn:aws:iam::${account}:user/nobody`)).rejects.toMatchObject({ code: "NoSuchEntity" });
  await expect(principal("arn:aws:iam::000000000000:policy/p")).rejects.toMatchObject({ code: "InvalidInput" });
});
