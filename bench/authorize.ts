import { createAuthorizer } from "../src/kernel/authorize.ts";
import type { AuthorizationCall } from "../src/kernel/dispatch.ts";
import type { Principal } from "../src/kernel/principal.ts";
import { composeIdentity } from "../src/kernel/identity.ts";
import { createPolicyEvaluator } from "../src/languages/iam-policy/policy-evaluator.ts";
import { iamIdentity } from "../src/services/iam/identity-provider.ts";
import { testPlatform } from "../test/harness/platform.ts";

// What the authorize stage costs for each call: `node bench/authorize.ts`. Identities come from a platform in memory.

const platform = await testPlatform();
const { iam } = platform.aws();
const account = "000000000000";
const table = `arn:aws:dynamodb:us-east-1:${account}:table/users`;
const statement = (more: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "dynamodb:*", Resource: table, ...more },
  });

async function createUser(name: string, managed: readonly string[], inline: string): Promise<Principal> {
  const { User: user } = await iam.CreateUser({ UserName: name });
  for (const arn of managed)
    await iam.AttachUserPolicy({ UserName: name, PolicyArn: `arn:aws:iam::aws:policy/${arn}` });
  await iam.PutUserPolicy({ UserName: name, PolicyName: "p", PolicyDocument: inline });
  return { kind: "user", account, arn: user!.Arn, userName: name, userId: user!.UserId };
}

const simple = await createUser("simple", [], statement({}));
const managed = ["ReadOnlyAccess", "AWSLambda_FullAccess", "service-role/AWSLambdaBasicExecutionRole"];
const conditions = {
  StringLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/${aws:username}" },
  IpAddress: { "aws:SourceIp": "127.0.0.0/8" },
};
const rich = await createUser("rich", managed, statement({ Condition: conditions }));

const call = (principal: Principal): AuthorizationCall => ({
  principal,
  service: "dynamodb",
  protocol: "json",
  action: "dynamodb:PutItem",
  accesses: [{ resource: table }],
  account,
  region: "us-east-1",
  sourceIp: "127.0.0.1",
  userAgent: "bench",
  secure: false,
  now: platform.clock.now(),
  resourcePolicyOf: undefined,
});

const cases: readonly (readonly [what: string, principal: Principal])[] = [
  ["root of the account", { kind: "root", account }],
  ["user, one statement", simple],
  ["user, three managed policies and conditions", rich],
];
const identities = composeIdentity([iamIdentity((of) => platform.kernel.context("iam", of, ""))]);
const authorize = createAuthorizer(createPolicyEvaluator(), identities);
for (const [what, principal] of cases) {
  const question = call(principal);
  const rounds = principal.kind === "root" ? 2_000_000 : 100_000;
  let best = Infinity;
  for (let attempt = 0; attempt < 3; attempt++) {
    const start = performance.now();
    for (let round = 0; round < rounds; round++) {
      const answer = authorize(question);
      if (answer) await answer;
    }
    best = Math.min(best, ((performance.now() - start) / rounds) * 1000);
  }
  console.log(`${what.padEnd(45)} ${best.toFixed(3).padStart(8)} µs`);
}
await platform.close();
