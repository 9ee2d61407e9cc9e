import { expect, test } from "vitest";
import { AwsError } from "../src/api/aws-error.ts";
import { createPolicyEvaluator } from "../src/languages/iam-policy/policy-evaluator.ts";
import { createAuthorizer } from "../src/kernel/authorize.ts";
import type { AuthorizationCall } from "../src/kernel/dispatch.ts";
import { composeIdentity, type IdentityProvider, type PrincipalPolicies } from "../src/kernel/identity.ts";
import type {
  AssumedRolePrincipal,
  FederatedUserPrincipal,
  Principal,
  UserPrincipal,
} from "../src/kernel/principal.ts";

const account = "111122223333";
const table = `arn:aws:dynamodb:us-east-1:${account}:table/users`;
const alice: UserPrincipal = {
  kind: "user",
  account,
  arn: `arn:aws:iam::${account}:user/alice`,
  userName: "alice",
  userId: "AIDAALICE",
};
const worker: AssumedRolePrincipal = {
  kind: "assumed-role",
  account,
  arn: `arn:aws:sts::${account}:assumed-role/worker/s1`,
  roleArn: `arn:aws:iam::${account}:role/worker`,
  roleName: "worker",
  roleId: "AROAWORKER",
  sessionName: "s1",
  session: { policies: [], tags: { Team: "blue" }, issuedAt: Date.UTC(2026, 0, 1) },
};

const call = (more: Partial<AuthorizationCall> = {}): AuthorizationCall => ({
  principal: alice,
  action: "dynamodb:PutItem",
  accesses: [{ resource: table }],
  service: "dynamodb",
  protocol: "json",
  account,
  region: "us-east-1",
  sourceIp: "127.0.0.1",
  userAgent: "aws-cli/2",
  now: Date.UTC(2026, 0, 2),
  secure: false,
  resourcePolicyOf: undefined,
  ...more,
});

const statement = (more: object = {}) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*", ...more } });

const never: IdentityProvider = {
  findCredential: () => Promise.reject(new Error("asked for a credential")),
  findPolicies: () => Promise.reject(new Error("asked for policies")),
};

function identityOf(policies: Partial<PrincipalPolicies> | undefined): IdentityProvider {
  return {
    findCredential: () => Promise.resolve(undefined),
    findPolicies: () => Promise.resolve(policies && { identity: [], tags: {}, ...policies }),
  };
}

async function ask(
  policies: Partial<PrincipalPolicies> | undefined,
  more: Partial<AuthorizationCall> = {},
  resourcePolicy?: string,
): Promise<string> {
  const authorize = createAuthorizer(createPolicyEvaluator(), identityOf(policies));
  try {
    await authorize(call({ ...more, resourcePolicyOf: () => Promise.resolve(resourcePolicy) }));
    return "allowed";
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return `${error.code} ${error.status}: ${error.message}`;
  }
}

test("root of the owning account is allowed at once, without a lookup", () => {
  const authorize = createAuthorizer(createPolicyEvaluator(), never);
  const root: Principal = { kind: "root", account };
  const resourcePolicyOf = () => Promise.reject(new Error("asked for a policy"));
  expect(authorize(call({ principal: root, resourcePolicyOf }))).toBeUndefined();
  expect(
    authorize(
      call({
        principal: root,
        accesses: [{ resource: "*" }, { resource: "arn:aws:s3:::b" }, { resource: "arn:aws:iam::aws:policy/x" }],
      }),
    ),
  ).toBeUndefined();
});

test("root of another account needs the resource's policy", async () => {
  const principal: Principal = { kind: "root", account: "444455556666" };
  expect(await ask({}, { principal })).toMatch(
    /^AccessDeniedException 400: User: arn:aws:iam::444455556666:root is not/,
  );
  expect(await ask({}, { principal }, statement({ Principal: { AWS: "444455556666" } }))).toBe("allowed");
});

test("root may assume a role only where the role's trust policy says so", async () => {
  const assume = {
    action: "sts:AssumeRole",
    accesses: [{ resource: worker.roleArn }],
    protocol: "query",
    service: "sts",
  } as const;
  const principal: Principal = { kind: "root", account };
  expect(await ask({}, { ...assume, principal }, statement({ Principal: { Service: "lambda.amazonaws.com" } }))).toBe(
    `AccessDenied 403: User: arn:aws:iam::${account}:root is not authorized to perform: sts:AssumeRole on resource: ${worker.roleArn} because no role trust policy allows the sts:AssumeRole action`,
  );
  expect(await ask({}, { ...assume, principal }, statement({ Principal: { AWS: account } }))).toBe("allowed");
});

test("a user without policies gets AWS's words", async () => {
  expect(await ask({})).toBe(
    `AccessDeniedException 400: User: ${alice.arn} is not authorized to perform: dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
  );
});

test("the code and status follow the protocol", async () => {
  expect(await ask({}, { protocol: "rest-json" })).toMatch(/^AccessDeniedException 403:/);
  expect(await ask({}, { protocol: "query" })).toMatch(/^AccessDenied 403:/);
  expect(await ask({}, { protocol: "rest-xml" })).toMatch(/^AccessDenied 403:/);
  expect(await ask({}, { protocol: "ec2" })).toMatch(/^UnauthorizedOperation 403:/);
  expect(await ask({}, { protocol: "query", service: "sns" })).toMatch(/^AuthorizationError 403:/);
});

test("every access has to be allowed, each by its own action", async () => {
  const accesses = [{ resource: table }, { resource: "*", action: "kms:Decrypt" }];
  expect(await ask({ identity: [statement({ Action: "dynamodb:*" })] }, { accesses })).toMatch(/kms:Decrypt action$/);
  expect(await ask({ identity: [statement({ Action: ["dynamodb:*", "kms:Decrypt"] })] }, { accesses })).toBe("allowed");
});

test("boundary, session and resource policies take part", async () => {
  const identity = [statement()];
  expect(await ask({ identity, boundary: statement({ Action: "s3:*" }) })).toMatch(
    /because no permissions boundary allows/,
  );
  const narrowed = { ...worker, session: { ...worker.session, policies: [statement({ Action: "s3:*" })] } };
  expect(await ask({ identity }, { principal: narrowed })).toMatch(/because no session policy allows/);
  expect(await ask({ identity }, { principal: worker })).toBe("allowed");
  expect(await ask({ identity }, {}, statement({ Effect: "Deny", Principal: "*" }))).toMatch(
    /explicit deny in a resource-based/,
  );
});

test("a federated user given no policy may do nothing", async () => {
  const federated: FederatedUserPrincipal = {
    kind: "federated-user",
    account,
    arn: `arn:aws:sts::${account}:federated-user/bob`,
    name: "bob",
    session: { policies: [], tags: {}, issuedAt: 0 },
  };
  expect(await ask(undefined, { principal: federated })).toMatch(/because no session policy allows/);
  const given = { ...federated, session: { ...federated.session, policies: [statement()] } };
  expect(await ask(undefined, { principal: given })).toBe("allowed");
  expect(await ask({}, { principal: { ...given, issuer: alice } })).toMatch(/because no identity-based policy allows/);
});

test("credentials of a user that is gone are no longer known", async () => {
  const message = "The security token included in the request is invalid.";
  expect(await ask(undefined)).toBe(`UnrecognizedClientException 400: ${message}`);
  expect(await ask(undefined, { protocol: "query" })).toBe(`InvalidClientTokenId 403: ${message}`);
});

test("a service is allowed where the resource's policy names it, with its source", async () => {
  const principal: Principal = {
    kind: "service",
    service: "sns.amazonaws.com",
    sourceArn: `arn:aws:sns:us-east-1:${account}:topic`,
    sourceAccount: account,
  };
  const named = (condition: object) => statement({ Principal: { Service: "sns.amazonaws.com" }, Condition: condition });
  expect(await ask({}, { principal })).toMatch(/^AccessDeniedException 400: User: sns.amazonaws.com is not authorized/);
  expect(await ask({}, { principal }, named({ StringEquals: { "aws:SourceAccount": account } }))).toBe("allowed");
  expect(await ask({}, { principal }, named({ ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:topic" } }))).toBe(
    "allowed",
  );
  expect(await ask({}, { principal }, named({ StringEquals: { "aws:SourceAccount": "x" } }))).toMatch(/^AccessDenied/);
});

test("sts reads roles by right, at once, and nothing else", async () => {
  const authorize = createAuthorizer(createPolicyEvaluator(), never);
  const principal: Principal = { kind: "service", service: "sts.amazonaws.com" };
  expect(authorize(call({ principal, action: "iam:GetRole" }))).toBeUndefined();
  await expect(authorize(call({ principal, action: "iam:DeleteRole" }))).rejects.toThrow(/not authorized/);
});

test("an anonymous caller needs a policy for everybody", async () => {
  const principal: Principal = { kind: "anonymous" };
  expect(await ask({}, { principal })).toMatch(/^AccessDeniedException 400: User: anonymous is not authorized/);
  expect(await ask({}, { principal }, statement({ Principal: "*" }))).toBe("allowed");
});

const keys: readonly (readonly [key: string, principal: Principal, value: string])[] = [
  ["aws:PrincipalArn", alice, alice.arn],
  ["aws:PrincipalArn", worker, worker.roleArn],
  ["aws:PrincipalAccount", alice, account],
  ["aws:PrincipalType", worker, "AssumedRole"],
  ["aws:username", alice, "alice"],
  ["aws:userid", alice, "AIDAALICE"],
  ["aws:userid", worker, "AROAWORKER:s1"],
  ["aws:PrincipalTag/Color", alice, "green"],
  ["aws:PrincipalTag/TEAM", worker, "blue"],
  ["aws:UserAgent", alice, "aws-cli/2"],
  ["aws:CurrentTime", alice, "2026-01-02T00:00:00Z"],
  ["aws:EpochTime", alice, "1767312000"],
  ["aws:SourceIp", alice, "127.0.0.1"],
  ["aws:SecureTransport", alice, "false"],
  ["aws:RequestedRegion", alice, "us-east-1"],
  ["aws:TokenIssueTime", worker, "2026-01-01T00:00:00Z"],
  ["aws:MultiFactorAuthPresent", worker, "false"],
  ["aws:ViaAWSService", alice, "false"],
  ["aws:RequestTag/stage", alice, "dev"],
  ["dynamodb:LeadingKeys", alice, "7"],
];

test.each(keys)("a condition can ask for %s", async (key, principal, value) => {
  const accesses = [{ resource: table, conditions: { "aws:RequestTag/Stage": "dev", "dynamodb:LeadingKeys": ["7"] } }];
  const policies = (wanted: string) => ({
    identity: [statement({ Condition: { StringEquals: { [key]: wanted } } })],
    tags: { Color: "green", Team: "red" },
  });
  expect(await ask(policies(value), { principal, accesses })).toBe("allowed");
  expect(await ask(policies(`${value}!`), { principal, accesses })).toMatch(/^AccessDenied/);
});

test.each(["aws:TokenIssueTime", "aws:MultiFactorAuthPresent", "aws:SourceArn", "constructor"])(
  "a user's long-term key has no %s",
  async (key) => {
    expect(await ask({ identity: [statement({ Condition: { Null: { [key]: "true" } } })] })).toBe("allowed");
  },
);

test("identity providers are asked in turn", async () => {
  const identity = composeIdentity([identityOf(undefined), identityOf({ identity: ["second"] })]);
  expect(await identity.findPolicies(alice)).toEqual({ identity: ["second"], tags: {} });
  expect(await identity.findCredential("AKIA")).toBeUndefined();
});
