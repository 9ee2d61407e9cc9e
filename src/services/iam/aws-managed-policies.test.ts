import { expect, test } from "vitest";
import { parsePolicy } from "../../languages/iam-policy/parse-policy.ts";
import { PolicyError } from "../../languages/iam-policy/policy.ts";
import { awsManagedPolicies } from "./aws-managed-policies.ts";
import { defaultDocument } from "./managed-policies.ts";

test.each([...awsManagedPolicies.keys()])("%s is a policy that IAM would take", (arn) => {
  const row = awsManagedPolicies.get(arn)!;
  expect(parsePolicy(defaultDocument(row), "identity")).not.toBeInstanceOf(PolicyError);
  expect(`arn:aws:iam::aws:policy${row.path}${row.name}`).toBe(arn);
  expect(row.id).toMatch(/^ANPA[0-9A-F]{17}$/);
});

test("the policies that serverless templates name are there", () => {
  for (const name of [
    "AdministratorAccess",
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AWSLambdaVPCAccessExecutionRole",
    "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    "AWSXRayDaemonWriteAccess",
  ]) {
    expect(awsManagedPolicies.has(`arn:aws:iam::aws:policy/${name}`)).toBe(true);
  }
});
